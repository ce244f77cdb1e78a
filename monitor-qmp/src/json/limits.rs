//! What one message may cost. Clients know the first three numbers: QEMU has the same.

use std::mem;

use serde_json::Value;

/// The most bytes of all tokens of a message together.
pub(super) const TOKEN_BYTES: usize = 64 << 20;
/// The most tokens of a message.
pub(super) const TOKENS: usize = 2 << 20;
/// The most brackets and braces that are open at once.
pub(super) const NESTING: usize = 1024;
/// The most memory that the values of a message take besides the texts of their tokens. Without it a message of small
/// objects would take a hundred times its own size.
pub(super) const MEMORY_BYTES: usize = 64 << 20;
/// What an allocation takes beyond what was asked for, and at least.
pub(super) const ALLOCATION_BYTES: usize = 32;
/// The room of a list that has an element.
const FIRST_ELEMENTS: usize = 4;
/// A node of the tree that an object's members are kept in: room for eleven. At least five are taken.
const NODE_BYTES: usize = 11 * (mem::size_of::<String>() + mem::size_of::<Value>()) + ALLOCATION_BYTES;
const NODE_MEMBERS: usize = 5;
/// How many bytes of a client's text an error repeats.
const SHOWN: usize = 1024;
/// A token buffer larger than this is given back after use.
pub(super) const KEPT_BYTES: usize = 64 << 10;

/// What another element of a list takes that has `length`.
pub(super) fn element_bytes(length: usize) -> usize {
    match length {
        0 => FIRST_ELEMENTS * mem::size_of::<Value>() + ALLOCATION_BYTES,
        1..FIRST_ELEMENTS => 0,
        _ => mem::size_of::<Value>(),
    }
}

/// What another member of an object takes that has `count`, its name included.
pub(super) fn member_bytes(count: usize) -> usize {
    ALLOCATION_BYTES + if count.is_multiple_of(NODE_MEMBERS) { NODE_BYTES } else { 0 }
}

/// What an error shows of `text`: not beyond a NUL, and not without bound.
pub(crate) fn shown(text: &[u8]) -> String {
    let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    match text.get(..SHOWN) {
        Some(start) if start.len() < text.len() => format!("{}...", String::from_utf8_lossy(start)),
        _ => String::from_utf8_lossy(text).into_owned(),
    }
}
