//! Sizes as people write them: a number of bytes, or of K, M, G or T (powers of 1024).

const SUFFIXES: [(char, u32); 4] = [('K', 10), ('M', 20), ('G', 30), ('T', 40)];

/// The text is no size: the predicate of a sentence about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASize {
    /// Not a number with at most one suffix.
    #[error("is no size")]
    Form,
    /// 2^64 bytes or more.
    #[error("is too large for any machine")]
    TooLarge,
}

/// Reads a size in bytes; suffixes may be small letters.
///
/// # Errors
/// See [`NotASize`].
pub fn parse(text: &str) -> Result<u64, NotASize> {
    let suffix = text.chars().last().map(|letter| letter.to_ascii_uppercase());
    let shift = SUFFIXES.iter().find(|(letter, _)| Some(*letter) == suffix).map(|(_, shift)| *shift);
    let digits = if shift.is_some() { text.get(..text.len() - 1) } else { Some(text) };
    let digits =
        digits.filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number: u64 = digits.ok_or(NotASize::Form)?.parse().map_err(|_| NotASize::TooLarge)?;
    number.checked_mul(1 << shift.unwrap_or(0)).ok_or(NotASize::TooLarge)
}

/// Prints a size in the largest unit that leaves a whole number.
pub fn print(bytes: u64) -> String {
    let fits = |shift: u32| bytes != 0 && bytes.trailing_zeros() >= shift;
    match SUFFIXES.iter().rev().find(|(_, shift)| fits(*shift)) {
        Some((letter, shift)) => format!("{}{letter}", bytes >> shift),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_with_and_without_suffix() {
        assert_eq!(parse("512"), Ok(512));
        assert_eq!(parse("4K"), Ok(4096));
        assert_eq!(parse("256m"), Ok(256 << 20));
        assert_eq!(parse("3G"), Ok(3 << 30));
        assert_eq!(parse("1T"), Ok(1 << 40));
        assert_eq!(parse("18446744073709551615"), Ok(u64::MAX));
    }

    #[test]
    fn refuses_what_is_no_size() {
        for text in ["", "M", "-1", "+1", "1.5G", "0x10", "1 M", "256MB", "12Q", "1é", "é"] {
            assert_eq!(parse(text), Err(NotASize::Form), "{text}");
        }
        for text in ["18446744073709551616", "16777216T", "99999999999999999999K"] {
            assert_eq!(parse(text), Err(NotASize::TooLarge), "{text}");
        }
    }

    #[test]
    fn prints_the_largest_whole_unit() {
        assert_eq!(
            [0, 1, 4096, 256 << 20, 3 << 30, 1 << 40].map(print),
            ["0", "1", "4K", "256M", "3G", "1T"]
        );
    }
}
