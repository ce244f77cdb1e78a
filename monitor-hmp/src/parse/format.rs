//! The format of a dump, `/COUNT FORMAT SIZE` without the blanks, as in `xp /4xw 0`.

use std::sync::{Mutex, PoisonError};

/// How one item is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Hexadecimal,
    Decimal,
    Unsigned,
    Octal,
    Character,
}

/// How many bytes one item has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Byte,
    Half,
    Word,
    Giant,
}

impl Size {
    /// The number of bytes.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Size::Byte => 1,
            Size::Half => 2,
            Size::Word => 4,
            Size::Giant => 8,
        }
    }
}

/// What a dump looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) count: u32,
    pub(crate) notation: Notation,
    pub(crate) size: Size,
}

/// What was typed behind the slash; what was not is filled in from the last dump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    count: Option<u32>,
    notation: Option<Notation>,
    size: Option<Size>,
}

/// Reads a format at the start of `text`, if there is one, and returns what follows it. A character that means
/// nothing is the error.
pub(crate) fn read(text: &str) -> Result<(Request, &str), char> {
    let mut request = Request::default();
    let Some(text) = text.strip_prefix('/') else { return Ok((request, text)) };
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (count, letters) = text.split_at(digits);
    if !count.is_empty() {
        request.count = Some(count.parse().unwrap_or(u32::MAX));
    }
    let end = letters.find(|character: char| character.is_ascii_whitespace()).unwrap_or(letters.len());
    let (letters, rest) = letters.split_at(end);
    for letter in letters.chars() {
        match letter {
            'x' => request.notation = Some(Notation::Hexadecimal),
            'd' => request.notation = Some(Notation::Decimal),
            'u' => request.notation = Some(Notation::Unsigned),
            'o' => request.notation = Some(Notation::Octal),
            'c' => request.notation = Some(Notation::Character),
            'b' => request.size = Some(Size::Byte),
            'h' => request.size = Some(Size::Half),
            'w' => request.size = Some(Size::Word),
            'g' | 'L' => request.size = Some(Size::Giant),
            other => return Err(other),
        }
    }
    Ok((request, rest))
}

/// The notation and size of the last dump, shared by all sessions of a monitor.
#[derive(Debug)]
pub(crate) struct LastFormat(Mutex<(Notation, Size)>);

impl LastFormat {
    /// Fills in what `request` leaves open, and remembers the result.
    pub(crate) fn complete(&self, request: Request) -> Format {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let notation = request.notation.unwrap_or(last.0);
        let size = request.size.unwrap_or(last.1);
        *last = (notation, size);
        Format { count: request.count.unwrap_or(1), notation, size }
    }
}

impl Default for LastFormat {
    fn default() -> Self {
        Self(Mutex::new((Notation::Hexadecimal, Size::Word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_in_any_order() {
        let expected =
            Request { count: Some(4), notation: Some(Notation::Hexadecimal), size: Some(Size::Word) };
        assert_eq!(read("/4xw 0xfff0"), Ok((expected, " 0xfff0")));
        assert_eq!(read("/4wx"), Ok((expected, "")));
        assert_eq!(read("0xfff0"), Ok((Request::default(), "0xfff0")));
        assert_eq!(read("/L"), Ok((Request { size: Some(Size::Giant), ..Request::default() }, "")));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert_eq!(read("/zz 0"), Err('z'));
        // Instructions are not disassembled.
        assert_eq!(read("/3i 0"), Err('i'));
        assert_eq!(read("/x4 0"), Err('4'));
    }

    #[test]
    fn a_count_beyond_all_bounds_is_the_largest() {
        let (request, _) = read("/99999999999999999999x 0").unwrap();
        assert_eq!(request.count, Some(u32::MAX));
    }

    #[test]
    fn the_last_format_is_the_next_default() {
        let last = LastFormat::default();
        let complete = |text| last.complete(read(text).unwrap().0);
        assert_eq!(complete(""), Format { count: 1, notation: Notation::Hexadecimal, size: Size::Word });
        assert_eq!(complete("/8cb"), Format { count: 8, notation: Notation::Character, size: Size::Byte });
        assert_eq!(complete("/x"), Format { count: 1, notation: Notation::Hexadecimal, size: Size::Byte });
        assert_eq!(complete("/2"), Format { count: 2, notation: Notation::Hexadecimal, size: Size::Byte });
    }
}
