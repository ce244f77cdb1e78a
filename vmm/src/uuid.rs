//! The number by which a machine is known everywhere.

use std::fmt;
use std::str::FromStr;

/// A universally unique identifier, as `--uuid` gives it. Without one it is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uuid(u128);

/// The text is no UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a UUID is {}", Uuid::FORM)]
pub struct NotAUuid;

/// Where the groups of digits end.
const DASHES: [usize; 4] = [8, 13, 18, 23];

impl Uuid {
    /// What a UUID looks like, for help and for error messages.
    pub const FORM: &'static str =
        "32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with '-' between them";
}

impl FromStr for Uuid {
    type Err = NotAUuid;

    fn from_str(text: &str) -> Result<Self, NotAUuid> {
        let fits = |(at, byte): (usize, u8)| match DASHES.contains(&at) {
            true => byte == b'-',
            false => byte.is_ascii_hexdigit(),
        };
        if text.len() != 36 || !text.bytes().enumerate().all(fits) {
            return Err(NotAUuid);
        }
        u128::from_str_radix(&text.replace('-', ""), 16).map(Self).map_err(|_| NotAUuid)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", self.0);
        let mut groups = digits.as_str();
        for length in [8, 4, 4, 4] {
            let (group, rest) = groups.split_at_checked(length).unwrap_or((groups, ""));
            write!(formatter, "{group}-")?;
            groups = rest;
        }
        formatter.write_str(groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_printed_as_it_was_written_in_lower_case() {
        let uuid: Uuid = "00112233-4455-6677-8899-AABBCCDDEEFF".parse().unwrap();
        assert_eq!(uuid.to_string(), "00112233-4455-6677-8899-aabbccddeeff");
        assert_eq!(Uuid::default().to_string(), "00000000-0000-0000-0000-000000000000");
    }

    #[test]
    fn nothing_else_is_one() {
        for text in [
            "",
            "00112233445566778899aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeef",
            "00112233-4455-6677-8899-aabbccddeefg",
            "+0112233-4455-6677-8899-aabbccddeeff",
            "0011223-34455-6677-8899-aabbccddeeff",
        ] {
            assert_eq!(text.parse::<Uuid>(), Err(NotAUuid), "{text}");
        }
    }
}
