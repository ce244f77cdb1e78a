//! Strings: escapes and UTF-8.

use super::error::JsonError;

/// The string that `token`, quotes included, stands for.
pub(super) fn decode(token: &[u8]) -> Result<String, JsonError> {
    let mut text = String::with_capacity(token.len());
    let mut rest = token.get(1..).unwrap_or_default();
    while rest.len() > 1 {
        let plain = rest.iter().position(|&byte| byte == b'\\').unwrap_or(rest.len() - 1);
        let (run, behind) = rest.split_at(plain);
        push_utf8(&mut text, run)?;
        rest = behind;
        if rest.len() > 1 {
            let (character, length) = escape(rest)?;
            text.push(character);
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    Ok(text)
}

/// The character that the escape at the start of `text` stands for, and the length of the escape.
fn escape(text: &[u8]) -> Result<(char, usize), JsonError> {
    let character = match text.get(1) {
        Some(&byte @ (b'"' | b'\'' | b'\\' | b'/')) => byte.into(),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text),
        _ => return Err(JsonError::InvalidEscape),
    };
    Ok((character, 2))
}

/// `\uXXXX`, or two of them that are a surrogate pair.
fn unicode_escape(text: &[u8]) -> Result<(char, usize), JsonError> {
    let first = hexadecimal(text);
    let second = text.get(6..).filter(|behind| behind.starts_with(b"\\u")).and_then(hexadecimal);
    let (code, length) = match (first, second) {
        (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
            (Some(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
        }
        _ => (first, 6),
    };
    let character = code.and_then(char::from_u32).filter(|&character| !is_noncharacter(character));
    let read = text.get(..length).unwrap_or(text);
    let invalid = || JsonError::InvalidCharacter(String::from_utf8_lossy(read).into_owned());
    character.map(|character| (character, length)).ok_or_else(invalid)
}

/// The number behind the `\u` at the start of `text`.
fn hexadecimal(text: &[u8]) -> Option<u32> {
    let digits = text.get(2..6)?;
    digits.iter().try_fold(0, |number, &digit| Some(number << 4 | char::from(digit).to_digit(16)?))
}

/// Appends bytes of modified UTF-8: U+0000 may come as C0 80, and what Unicode reserves is no text.
fn push_utf8(text: &mut String, mut bytes: &[u8]) -> Result<(), JsonError> {
    while let Some(chunk) = bytes.utf8_chunks().next() {
        let valid = chunk.valid();
        if !valid.is_ascii() && valid.chars().any(is_noncharacter) {
            return Err(JsonError::InvalidUtf8);
        }
        text.push_str(valid);
        bytes = match bytes.get(valid.len()..).unwrap_or_default() {
            [] => return Ok(()),
            [0xc0, 0x80, behind @ ..] => behind,
            _ => return Err(JsonError::InvalidUtf8),
        };
        text.push('\0');
    }
    Ok(())
}

/// Whether Unicode has set this code point apart for no character ever.
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}
