//! The screens: what each command shows, character by character. Lines end with LF here; the session makes CR LF of
//! it.

use std::fmt::Display;

pub(crate) mod block;
mod buckets;
mod field;
pub(crate) mod inspect_chains;
pub(crate) mod inspect_device;
pub(crate) mod machine;
pub(crate) mod memory;
mod quantity;
pub(crate) mod registers;
pub(crate) mod statistics;
pub(crate) mod stats;
mod table;
pub(crate) mod virtio;
pub(crate) mod virtio_debug;

/// The paths and kinds of devices, as a table on a terminal of so many columns.
fn device_list<'d>(devices: impl Iterator<Item = (&'d str, &'d str)>, columns: Option<usize>) -> String {
    let list = match columns {
        None => devices.map(|(path, kind)| format!("{path} [{kind}]\n")).collect(),
        Some(columns) => {
            let rows: Vec<_> = devices.map(|(path, kind)| [path.to_owned(), kind.to_owned()]).collect();
            if rows.is_empty() { String::new() } else { table::table(["PATH", "DEVICE"], &rows, columns) }
        }
    };
    if list.is_empty() { String::from("No VirtIO devices\n") } else { list }
}

/// Feature bits that have no name: those up to 63 and those from 64 on, as one number. Nothing if there are none.
fn unknown_features(low: Option<u64>, high: Option<u64>) -> Option<String> {
    match (low, high) {
        (None, None) => None,
        (Some(low), None) => Some(format!("unknown-features({low:#018x})")),
        (low, Some(high)) => Some(format!("unknown-features({high:#018x}{:016x})", low.unwrap_or(0))),
    }
}

/// A descriptor of a ring, its flags in parentheses. The length has a sign, as it always had.
fn descriptor(address: u64, length: u32, flags: &[impl Display]) -> String {
    let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
    let flags = if flags.is_empty() { String::new() } else { format!(" ({})", flags.join(", ")) };
    format!("addr {address:#x} len {}{flags}", length.cast_signed())
}
