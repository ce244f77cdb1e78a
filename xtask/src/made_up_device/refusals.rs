//! What the compiler says to a feature map that cannot be right: the teapot's is broken in three ways, and each must
//! keep its crate from being built, with a message that says what is wrong with which value or bit.

use std::fs;
use std::path::Path;

use crate::workspace;

const MAP: &str = "virtio-devices/teapot/src/features.rs";
const ROW: &str = "Lid => 1, \"VIRTIO_TEAPOT_F_LID\", \"Steam stays inside\";";

/// What stands in the place of [`ROW`], and the message.
const REFUSALS: [(&str, &str); 3] = [
    ("", "feature_map!: no row for the schema's value lid"),
    (
        "Lid => 0, \"VIRTIO_TEAPOT_F_LID\", \"Steam stays inside\";",
        "feature_map!: VIRTIO_TEAPOT_F_SHORT_AND_STOUT and VIRTIO_TEAPOT_F_LID are the same bit",
    ),
    (
        "Lid => 24, \"VIRTIO_TEAPOT_F_LID\", \"Steam stays inside\";",
        "feature_map!: the bit of VIRTIO_TEAPOT_F_LID is the transport's: device bits are 0 to 23 and 50 to 127",
    ),
];

/// Breaks the map in every way, and mends it again.
///
/// # Errors
/// A broken map was built, or the message is another one.
pub(super) fn check(copy: &Path, environment: &[(&str, &str)]) -> Result<(), String> {
    let map = copy.join(MAP);
    for (instead, message) in REFUSALS {
        super::edit(&map, ROW, instead)?;
        let built = workspace::output(
            copy,
            environment,
            &["cargo", "check", "--quiet", "--package", "virtio-teapot"],
        );
        match built {
            Ok(_) => return Err(format!("{MAP} was built, though there should be an error: {message}")),
            Err(text) if text.contains(message) => println!("{}", text.trim_end()),
            Err(text) => return Err(format!("{MAP}: expected the error `{message}`, but: {text}")),
        }
        let whole = workspace::root().join(super::TEMPLATE).join("teapot/src/features.rs");
        fs::copy(&whole, &map).map_err(|error| format!("{}: {error}", map.display()))?;
    }
    Ok(())
}
