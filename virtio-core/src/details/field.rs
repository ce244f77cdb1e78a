//! Decoded values, in the form in which monitors pass them on.

use qapi_schema::inspect::{
    VirtioBytes, VirtioChoice, VirtioField, VirtioFieldBranch, VirtioFlags, VirtioNumber, VirtioRange,
    VirtioText, VirtioUnit,
};
use std::fmt::Write;

fn field(name: &str, branch: impl Into<VirtioFieldBranch>) -> VirtioField {
    VirtioField { name: name.to_owned(), branch: branch.into() }
}

/// A number.
pub fn number(name: &str, value: u64, unit: Option<VirtioUnit>) -> VirtioField {
    field(name, VirtioNumber { value, unit })
}

/// One of several values that have names.
pub fn choice(name: &str, value: u64, names: &[(u64, &str)]) -> VirtioField {
    let known = names.iter().find(|(known, _)| *known == value);
    field(name, VirtioChoice { value, choice: known.map(|(_, name)| (*name).to_owned()) })
}

/// Bits that have names, each given by its mask.
pub fn flags(name: &str, value: u64, names: &[(u64, &str)]) -> VirtioField {
    let set = names.iter().filter(|(mask, _)| value & mask != 0).map(|(_, name)| (*name).to_owned());
    field(name, VirtioFlags { value, set: set.collect() })
}

/// `count` consecutive things from number `first` on.
pub fn range(name: &str, first: u64, count: u64, unit: VirtioUnit) -> VirtioField {
    field(name, VirtioRange { first, count, unit })
}

/// Bytes without further meaning.
pub fn bytes(name: &str, bytes: &[u8]) -> VirtioField {
    field(name, VirtioBytes { hex: hex(bytes) })
}

/// Text that the guest says is text.
pub fn text(name: &str, bytes: &[u8]) -> VirtioField {
    field(name, VirtioText { text: String::from_utf8_lossy(bytes).into_owned() })
}

/// Two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
