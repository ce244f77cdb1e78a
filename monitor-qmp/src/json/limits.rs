//! What one message may cost. Clients know these numbers: QEMU has the same.

/// The most bytes of all tokens of a message together.
pub(super) const TOKEN_BYTES: usize = 64 << 20;
/// The most tokens of a message.
pub(super) const TOKENS: usize = 2 << 20;
/// The most brackets and braces that are open at once.
pub(super) const NESTING: usize = 1024;
/// How many bytes of a client's text an error repeats.
const SHOWN: usize = 1024;
/// A token buffer larger than this is given back after use.
pub(super) const KEPT_BYTES: usize = 64 << 10;

/// What an error shows of `text`: not beyond a NUL, and not without bound.
pub(super) fn shown(text: &[u8]) -> String {
    let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    match text.get(..SHOWN) {
        Some(start) if start.len() < text.len() => format!("{}...", String::from_utf8_lossy(start)),
        _ => String::from_utf8_lossy(text).into_owned(),
    }
}
