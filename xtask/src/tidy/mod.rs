//! `cargo xtask tidy`: rules of the tree that no compiler checks.

mod syntax;

use std::fs;
use std::path::Path;

use crate::workspace;

/// A source file longer than this has more than one job.
const SOURCE_LINES: usize = 700;
/// Tests list many cases of one thing.
const TEST_LINES: usize = 900;

/// The one list of device crates that the program is composed of.
const COMPOSITION: &str = "vmm/src/devices.rs";

/// Checks every file of the project.
///
/// # Errors
/// All breaches, a line each.
pub(crate) fn run() -> Result<(), String> {
    let mut breaches = Vec::new();
    let devices = device_crates()?;
    for path in workspace::files()? {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(workspace::root().join(&path))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        breaches.extend(too_long(&path, &text));
        breaches.extend(names_a_device(&path, &text, &devices));
        breaches.extend(in_syntax(&path, &text)?);
    }
    if breaches.is_empty() { Ok(()) } else { Err(breaches.join("\n")) }
}

/// The library names of the crates under virtio-devices: `virtio_block` and so on.
fn device_crates() -> Result<Vec<String>, String> {
    let folder = workspace::root().join("virtio-devices");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| format!("virtio_{}", entry.file_name().to_string_lossy())).collect())
}

fn has_folder(path: &Path, name: &str) -> bool {
    path.components().any(|part| part.as_os_str() == name)
}

fn too_long(path: &Path, text: &str) -> Option<String> {
    let limit = if has_folder(path, "tests") { TEST_LINES } else { SOURCE_LINES };
    let lines = text.lines().count();
    (lines > limit && !is_generated(path))
        .then(|| format!("{}: {lines} lines, at most {limit}: split it by job", path.display()))
}

fn is_generated(path: &Path) -> bool {
    has_folder(path, "generated") || has_folder(path, "golden")
}

fn in_syntax(path: &Path, text: &str) -> Result<Vec<String>, String> {
    if is_generated(path) || has_folder(path, "tests") {
        return Ok(Vec::new());
    }
    let found = syntax::breaches(text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(found.into_iter().map(|breach| format!("{}:{breach}", path.display())).collect())
}

/// Only the composition list, tests, benchmarks and a device's own crate may name a device crate.
fn names_a_device(path: &Path, text: &str, devices: &[String]) -> Option<String> {
    let exempt = path == Path::new(COMPOSITION)
        || path.starts_with("virtio-devices")
        || path.starts_with("xtask")
        || path.starts_with("bench")
        || has_folder(path, "tests");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let named = devices.iter().find(|device| code.contains(&format!("{device}::")));
    match named {
        Some(device) if !exempt => Some(format!(
            "{}: names the device crate {device}; only {COMPOSITION} and the crate itself may",
            path.display()
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        run().unwrap();
    }

    #[test]
    fn a_long_file_is_named_with_its_limit() {
        let text = "line\n".repeat(SOURCE_LINES + 1);
        let breach = too_long(Path::new("stats/src/registry.rs"), &text);
        assert_eq!(breach.unwrap(), "stats/src/registry.rs: 701 lines, at most 700: split it by job");
        assert_eq!(too_long(Path::new("stats/tests/registry.rs"), &text), None);
    }

    #[test]
    fn a_device_is_named_in_its_crate_and_the_composition_only() {
        let devices = ["virtio_net".to_owned()];
        let text = "use virtio_net::DEVICE_TYPE;";
        assert!(names_a_device(Path::new("monitor-hmp/src/session.rs"), text, &devices).is_some());
        assert_eq!(names_a_device(Path::new(COMPOSITION), text, &devices), None);
        assert_eq!(names_a_device(Path::new("virtio-devices/net/tests/tap.rs"), text, &devices), None);
    }
}
