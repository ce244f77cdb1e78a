//! `--device vhost-user,kind=KIND,socket=PATH`.

use std::path::PathBuf;

use virtio_core::options::{DeviceOptions, OptionHelp, OptionsError};
use virtio_core::transport::{MAXIMUM_QUEUE_SIZE, MAXIMUM_QUEUES};
use virtio_core::{Device, DeviceDetails, DeviceError, DeviceKind};

use crate::device::{Settings, VhostUser};

/// The word on the command line.
pub const NAME: &str = "vhost-user";

/// One line for help.
pub const SUMMARY: &str = "any kind of device whose queues another process works on, a vhost-user back end";

/// The options.
pub const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "kind",
        value: "KIND",
        meaning: "of what kind the device is: a name as monitors have it, with or without 'virtio-', or a number",
    },
    OptionHelp {
        name: "socket",
        value: "PATH",
        meaning: "the unix socket at which the back end listens; if it goes away it is sought there again",
    },
    OptionHelp {
        name: "queues",
        value: "N",
        meaning: "how many queues; by default as many as the back end says",
    },
    OptionHelp {
        name: "queue-size",
        value: "N",
        meaning: "most entries of a queue, a power of two; 256 by default",
    },
    OptionHelp {
        name: "config",
        value: "HEX",
        meaning: "the configuration space, two digits a byte, for back ends that have none",
    },
];

const QUEUE_SIZE: u16 = 256;
/// What kinds' names begin with; people leave it out.
const PREFIXES: [&str; 4] = ["virtio-user-", "vhost-user-", "virtio-", "vhost-"];

/// A kind, and what monitors know of it beyond its feature bits.
pub type KnownKind = (&'static DeviceKind, &'static DeviceDetails);

/// Makes a device of one of `kinds`.
///
/// # Errors
/// An option that is missing or cannot be, or a back end that cannot be reached or used.
pub fn build(
    options: &mut DeviceOptions,
    kinds: impl Iterator<Item = KnownKind>,
) -> Result<Box<dyn Device>, DeviceError> {
    let kind = find_kind(&options.require("kind")?, kinds)?;
    let socket = PathBuf::from(options.require("socket")?);
    let most = u64::try_from(MAXIMUM_QUEUES).unwrap_or(u64::MAX);
    let queues = options.take_number("queues", 1..=most)?;
    let accepted = format!("a power of two up to {MAXIMUM_QUEUE_SIZE}");
    let queue_size = options.take_parsed("queue-size", &accepted, parse_queue_size)?.unwrap_or(QUEUE_SIZE);
    let configuration =
        options.take_parsed("config", "an even number of hexadecimal digits, at most 512", parse_hex)?;
    Ok(Box::new(VhostUser::new(kind, Settings { socket, queues, queue_size, configuration })?))
}

fn find_kind(text: &str, kinds: impl Iterator<Item = KnownKind>) -> Result<KnownKind, OptionsError> {
    let mut known = Vec::new();
    for (kind, details) in kinds {
        let short = short_name(kind.name);
        if text == kind.name || text == short || text.parse() == Ok(kind.id) {
            return Ok((kind, details));
        }
        known.push(short);
    }
    let accepted = format!("a number, or one of {}", known.join(", "));
    Err(OptionsError::Value { key: "kind".into(), value: text.to_owned(), accepted })
}

fn short_name(name: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

fn parse_queue_size(text: &str) -> Option<u16> {
    text.parse().ok().filter(|size: &u16| size.is_power_of_two() && *size <= MAXIMUM_QUEUE_SIZE)
}

fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()
    };
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    bytes.filter(|bytes| rest.is_empty() && bytes.len() <= 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> impl Iterator<Item = KnownKind> {
        virtio_kinds::device_kinds().map(|kind| (kind, &DeviceDetails::NONE))
    }

    fn mistake(text: &str) -> String {
        let mut options = DeviceOptions::parse(text).unwrap();
        build(&mut options, kinds()).err().unwrap().to_string()
    }

    #[test]
    fn kinds_are_found_by_both_names_and_by_number() {
        for text in ["fs", "virtio-user-fs", "26"] {
            assert_eq!(find_kind(text, kinds()).unwrap().0.id, 26);
        }
        assert_eq!(find_kind("i2c", kinds()).unwrap().0.id, 34);
    }

    #[test]
    fn mistakes_name_what_would_do() {
        insta::assert_snapshot!(mistake("socket=/s"), @"option 'kind' is missing");
        insta::assert_snapshot!(mistake("kind=fs"), @"option 'socket' is missing");
        insta::assert_snapshot!(mistake("kind=fs,socket=/s,queue-size=48"), @"option 'queue-size' is '48'; accepted is a power of two up to 1024");
        insta::assert_snapshot!(mistake("kind=fs,socket=/s,queues=0"), @"option 'queues' is '0'; accepted is a number from 1 to 1024");
        insta::assert_snapshot!(mistake("kind=fs,socket=/s,config=6d7"), @"option 'config' is '6d7'; accepted is an even number of hexadecimal digits, at most 512");
        insta::assert_snapshot!(mistake("kind=fs,socket=/nowhere/at/all"), @"'/nowhere/at/all': no back end can be reached: No such file or directory (os error 2)");
        assert!(
            mistake("kind=toaster,socket=/s")
                .starts_with("option 'kind' is 'toaster'; accepted is a number, or one of rpmsg, ")
        );
    }

    #[test]
    fn bytes_are_read_from_their_digits() {
        assert_eq!(parse_hex("6d794653").unwrap(), b"myFS");
        assert_eq!(parse_hex("g0"), None);
        assert_eq!(parse_hex(&"00".repeat(257)), None);
    }
}
