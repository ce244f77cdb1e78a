//! MAC addresses: chosen by the user, or by chance.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

/// The address of a network device, in the order of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MacAddress(pub [u8; 6]);

/// First byte of a made-up address: locally administered, unicast.
const LOCAL_UNICAST: u8 = 0x02;
/// The bit of the first byte that marks an address of many stations.
const MULTICAST: u8 = 0x01;

impl MacAddress {
    /// Reads six bytes in hexadecimal with colons between them, for example `52:54:00:12:34:56`. `None` for
    /// anything else and for an address that no single station can have.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part =
                parts.next().filter(|part| part.len() == 2 && part.bytes().all(|c| c.is_ascii_hexdigit()))?;
            *byte = u8::from_str_radix(part, 16).ok()?;
        }
        let valid = parts.next().is_none() && Self(bytes).is_one_station();
        valid.then_some(Self(bytes))
    }

    /// Whether several stations can have it.
    pub(crate) fn is_multicast(self) -> bool {
        let [first, ..] = self.0;
        first & MULTICAST != 0
    }

    /// Whether a single station can have it.
    pub(crate) fn is_one_station(self) -> bool {
        !self.is_multicast() && self.0 != [0; 6]
    }

    /// Makes an address up, so that two machines on one network do not get the same.
    ///
    /// # Errors
    ///
    /// The host has no randomness to give.
    pub fn random() -> io::Result<Self> {
        let mut bytes = [0; 6];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let [_, b, c, d, e, f] = bytes;
        Ok(Self([LOCAL_UNICAST, b, c, d, e, f]))
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, f] = self.0;
        write!(formatter, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_one_station_are_read() {
        assert_eq!(
            MacAddress::parse("52:54:00:12:34:eF"),
            Some(MacAddress([0x52, 0x54, 0, 0x12, 0x34, 0xef]))
        );
        let refused = [
            "",
            "52:54:00:12:34",
            "52:54:00:12:34:56:78",
            "52-54-00-12-34-56",
            "5254:00:12:34:56",
            "+2:54:00:12:34:56",
        ];
        for text in refused.into_iter().chain([
            "01:00:5e:00:00:01",
            "ff:ff:ff:ff:ff:ff",
            "00:00:00:00:00:00",
            "é:54:00:12:34:56",
        ]) {
            assert_eq!(MacAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn made_up_addresses_are_local_and_differ() {
        let (first, second) = (MacAddress::random().unwrap(), MacAddress::random().unwrap());
        assert_eq!(first.0[0] & 3, 2);
        assert_ne!(first, second);
    }
}
