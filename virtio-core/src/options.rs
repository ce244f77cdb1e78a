//! How `--device KIND,key=value,…` reaches a device crate.

use crate::DeviceKind;
use crate::details::DeviceDetails;
use crate::device::{Device, DeviceError};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use thiserror::Error;

/// A device crate's entry in the machine's list of devices.
pub struct DeviceType {
    /// What monitors know of it.
    pub kind: &'static DeviceKind,
    /// What they know of it beyond its feature bits, whoever works on its queues.
    pub details: &'static DeviceDetails,
    /// The word on the command line, for example `blk`.
    pub name: &'static str,
    /// Other words for the same.
    pub aliases: &'static [&'static str],
    /// One line for `--device help`.
    pub summary: &'static str,
    /// The options that [`build`](Self::build) takes, for `--device KIND,help`.
    pub options: &'static [OptionHelp],
    /// Makes a device. The caller checks afterwards, with [`DeviceOptions::finish`], that every option was taken.
    pub build: fn(&mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError>,
}

/// One option in the help of a device type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionHelp {
    /// The key.
    pub name: &'static str,
    /// What to write after `=`, for example `FILE` or `on|off`.
    pub value: &'static str,
    /// What it does, and the default.
    pub meaning: &'static str,
}

/// The `key=value` pairs of one `--device`. Whoever understands a key takes it out.
#[derive(Clone, Debug, Default)]
pub struct DeviceOptions {
    values: BTreeMap<String, String>,
    /// The keys that somebody has asked for, for the error that names them.
    accepted: Vec<&'static str>,
}

/// A mistake in the options of `--device`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OptionsError {
    /// Something between two commas that is not `key=value`.
    #[error("'{0}' is not of the form key=value")]
    NotAPair(String),
    /// A key stands twice.
    #[error("option '{0}' is given twice")]
    Twice(String),
    /// Nobody knows the key.
    #[error("unknown option '{key}'; accepted are {accepted}")]
    Unknown {
        /// The key.
        key: String,
        /// The keys that would be accepted.
        accepted: String,
    },
    /// An option that the device cannot do without.
    #[error("option '{0}' is missing")]
    Missing(&'static str),
    /// A value that cannot be used.
    #[error("option '{key}' is '{value}'; accepted is {accepted}")]
    Value {
        /// The key.
        key: Cow<'static, str>,
        /// Its value.
        value: String,
        /// What would be accepted.
        accepted: String,
    },
}

impl DeviceOptions {
    /// Reads `key=value,key=value`. A doubled comma stands for a comma in a value.
    ///
    /// # Errors
    /// A part without `=` or key, or a key that stands twice.
    pub fn parse(text: &str) -> Result<Self, OptionsError> {
        let mut options = Self::default();
        for part in split_at_single_commas(text) {
            let Some((key, value)) = part.split_once('=').filter(|(key, _)| !key.is_empty()) else {
                return Err(OptionsError::NotAPair(part));
            };
            if options.values.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(OptionsError::Twice(key.to_owned()));
            }
        }
        Ok(options)
    }

    /// Options that come in another form than as one text.
    pub fn from_values(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { values: values.into_iter().collect(), accepted: Vec::new() }
    }

    /// Takes a text.
    pub fn take(&mut self, key: &'static str) -> Option<String> {
        self.accepted.push(key);
        self.values.remove(key)
    }

    /// Takes every key that begins with `prefix`, with what follows that, in the order of their names. `pattern` is how help
    /// writes such a key.
    pub fn take_family(&mut self, prefix: &str, pattern: &'static str) -> Vec<(String, String)> {
        self.accepted.push(pattern);
        let mut family = Vec::new();
        self.values.retain(|key, value| match key.strip_prefix(prefix) {
            Some(rest) => {
                family.push((rest.to_owned(), std::mem::take(value)));
                false
            }
            None => true,
        });
        family
    }

    /// Takes a text that has to be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn require(&mut self, key: &'static str) -> Result<String, OptionsError> {
        self.take(key).ok_or(OptionsError::Missing(key))
    }

    /// Takes a switch: `on` or `off`.
    ///
    /// # Errors
    /// Any other value.
    pub fn take_bool(&mut self, key: &'static str) -> Result<Option<bool>, OptionsError> {
        self.take_parsed(key, "on or off", |value| match value {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        })
    }

    /// Takes a number in decimal digits.
    ///
    /// # Errors
    /// Anything else, or a number out of `range`.
    pub fn take_number(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, OptionsError> {
        let accepted = format!("a number from {} to {}", range.start(), range.end());
        self.take_parsed(key, &accepted, |value| value.parse().ok().filter(|number| range.contains(number)))
    }

    /// Takes a size in bytes: a number, with K, M, G or T for powers of 1024 if wanted.
    ///
    /// # Errors
    /// Anything else, or more than 64 bits hold.
    pub fn take_size(&mut self, key: &'static str) -> Result<Option<u64>, OptionsError> {
        self.take_parsed(key, "a size such as 4096, 64K, 16M, 1G or 2T", parse_size)
    }

    /// To be called when everybody has taken what they know.
    ///
    /// # Errors
    /// The first key that nobody has taken.
    pub fn finish(self) -> Result<(), OptionsError> {
        let Some(key) = self.values.into_keys().next() else { return Ok(()) };
        let mut accepted = self.accepted;
        accepted.sort_unstable();
        accepted.dedup();
        Err(OptionsError::Unknown { key, accepted: accepted.join(", ") })
    }

    /// Takes a value of a form of the device's own; `parse` gives `None` for what is not of it, and `accepted` says what is.
    ///
    /// # Errors
    /// Any value that `parse` refuses.
    pub fn take_parsed<T>(
        &mut self,
        key: &'static str,
        accepted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, OptionsError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        match parse(&value) {
            Some(parsed) => Ok(Some(parsed)),
            None => Err(OptionsError::Value { key: key.into(), value, accepted: accepted.to_owned() }),
        }
    }
}

/// Reads a size in bytes: digits, then nothing or one of K, M, G and T for powers of 1024.
pub fn parse_size(text: &str) -> Option<u64> {
    let (digits, factor) = match text.char_indices().next_back()? {
        (end, 'k' | 'K') => (text.get(..end)?, 1 << 10),
        (end, 'm' | 'M') => (text.get(..end)?, 1 << 20),
        (end, 'g' | 'G') => (text.get(..end)?, 1 << 30),
        (end, 't' | 'T') => (text.get(..end)?, 1 << 40),
        _ => (text, 1),
    };
    let only_digits = digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse::<u64>().ok().filter(|_| only_digits)?.checked_mul(factor)
}

/// The parts of `text` between single commas, with doubled commas made single.
fn split_at_single_commas(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_part = character == ',' && characters.next_if_eq(&',').is_none();
        match parts.last_mut() {
            Some(part) if !ends_part => part.push(character),
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> DeviceOptions {
        DeviceOptions::parse(text).unwrap()
    }

    #[test]
    fn values_of_every_form_are_taken() {
        let mut options = options("path=a,,b=c,readonly=on,size=16M,count=3");
        assert_eq!(options.take("path").as_deref(), Some("a,b=c"));
        assert_eq!(options.take_bool("readonly"), Ok(Some(true)));
        assert_eq!(options.take_size("size"), Ok(Some(16 << 20)));
        assert_eq!(options.take_number("count", 1..=4), Ok(Some(3)));
        assert_eq!(options.take_number("absent", 1..=4), Ok(None));
        assert_eq!(options.finish(), Ok(()));
    }

    #[test]
    fn a_family_of_keys_is_taken_in_the_order_of_their_names() {
        let mut options = options("port.b=1,port.=2,ports=3,port.a=x,,y");
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            options.take_family("port.", "port.NAME"),
            [pair("", "2"), pair("a", "x,y"), pair("b", "1")]
        );
        insta::assert_snapshot!(options.finish().unwrap_err(), @"unknown option 'ports'; accepted are port.NAME");
    }

    #[test]
    fn mistakes_name_the_option_the_value_and_what_would_do() {
        let text = |error: OptionsError| error.to_string();
        insta::assert_snapshot!(text(DeviceOptions::parse("on").unwrap_err()), @"'on' is not of the form key=value");
        insta::assert_snapshot!(text(DeviceOptions::parse("=1").unwrap_err()), @"'=1' is not of the form key=value");
        insta::assert_snapshot!(text(DeviceOptions::parse("a=1,a=2").unwrap_err()), @"option 'a' is given twice");
        insta::assert_snapshot!(text(options("a=yes").take_bool("a").unwrap_err()), @"option 'a' is 'yes'; accepted is on or off");
        insta::assert_snapshot!(text(options("a=5").take_number("a", 1..=4).unwrap_err()), @"option 'a' is '5'; accepted is a number from 1 to 4");
        insta::assert_snapshot!(text(options("a=99999999999T").take_size("a").unwrap_err()), @"option 'a' is '99999999999T'; accepted is a size such as 4096, 64K, 16M, 1G or 2T");
        insta::assert_snapshot!(text(options("").require("path").unwrap_err()), @"option 'path' is missing");
        let mut unknown = options("pth=x");
        unknown.take("path");
        unknown.take("id");
        insta::assert_snapshot!(text(unknown.finish().unwrap_err()), @"unknown option 'pth'; accepted are id, path");
    }
}
