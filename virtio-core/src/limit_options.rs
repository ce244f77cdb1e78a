//! Limits on the command line: a family of options, by whatever names a device's users know them.

use crate::device::DeviceError;
use crate::options::{DeviceOptions, OptionHelp, OptionsError, parse_size};
use qapi_schema::rate_limits::RateLimits;
use rate_limits::{Draft, LARGEST, LimitName, Part};

/// How the options of a device's limits are called.
#[derive(Debug)]
pub struct LimitOptions {
    /// What help says of them; the name is a pattern.
    pub help: OptionHelp,
    /// What all names begin with.
    prefix: &'static str,
    names: [(&'static str, LimitName); 6],
    /// What is behind a name if it is not the rate. The longest comes first.
    parts: [(&'static str, Part); 2],
    operation_size: &'static str,
}

/// Disks, as users of QEMU know them.
pub static THROTTLING: LimitOptions = LimitOptions {
    help: OptionHelp {
        name: "throttling.NAME",
        value: "NUMBER",
        meaning: "a limit; NAME is bps-total, bps-read, bps-write (bytes a second), iops-total, iops-read or iops-write (requests \
                  a second), with -max behind for what may be had for a while, and with -max-length for how many seconds; \
                  or iops-size, bytes above which a request counts as several; default: no limits",
    },
    prefix: "throttling.",
    names: [
        ("bps-total", LimitName::Bytes),
        ("bps-read", LimitName::BytesToGuest),
        ("bps-write", LimitName::BytesFromGuest),
        ("iops-total", LimitName::Operations),
        ("iops-read", LimitName::OperationsToGuest),
        ("iops-write", LimitName::OperationsFromGuest),
    ],
    parts: [("-max-length", Part::BurstSeconds), ("-max", Part::Burst)],
    operation_size: "iops-size",
};

/// Other devices.
pub static LIMIT: LimitOptions = LimitOptions {
    help: OptionHelp {
        name: "limit.NAME",
        value: "NUMBER",
        meaning: "a limit; NAME is bytes or operations (a second, both directions together), bytes-to-guest, \
                  bytes-from-guest, operations-to-guest or operations-from-guest, with -burst behind for what may be had \
                  for a while, and with -burst-seconds for how long; or operation-size, bytes above which an operation \
                  counts as several; default: no limits",
    },
    prefix: "limit.",
    names: [
        ("bytes", LimitName::Bytes),
        ("bytes-to-guest", LimitName::BytesToGuest),
        ("bytes-from-guest", LimitName::BytesFromGuest),
        ("operations", LimitName::Operations),
        ("operations-to-guest", LimitName::OperationsToGuest),
        ("operations-from-guest", LimitName::OperationsFromGuest),
    ],
    parts: [("-burst-seconds", Part::BurstSeconds), ("-burst", Part::Burst)],
    operation_size: "operation-size",
};

impl LimitOptions {
    /// Takes all of them out.
    ///
    /// # Errors
    /// A name or a value that is none, or numbers that do not fit together.
    pub fn take(&'static self, options: &mut DeviceOptions) -> Result<RateLimits, DeviceError> {
        let mut draft = Draft::default();
        for (name, text) in options.take_family(self.prefix, self.help.name) {
            let number = parse_size(&text).filter(|number| *number <= LARGEST);
            let number = number.ok_or_else(|| self.no_number(&name, text))?;
            if name == self.operation_size {
                draft.set_operation_size(number);
                continue;
            }
            let with_part = |(end, part): &(&'static str, Part)| Some((name.strip_suffix(end)?, *part));
            let (base, part) = self.parts.iter().find_map(with_part).unwrap_or((&name, Part::Rate));
            let known = self.names.iter().find(|(known, _)| *known == base);
            let (_, limit) = known.ok_or_else(|| self.no_name(&name))?;
            draft.set(*limit, part, number);
        }
        draft.finish().map_err(|error| DeviceError::Device(Box::new(error)))
    }

    fn no_name(&self, name: &str) -> OptionsError {
        let (prefix, size) = (self.prefix, self.operation_size);
        let [longest, burst] = self.parts.map(|(end, _)| end);
        let names: String = self.names.iter().map(|(name, _)| format!("{prefix}{name}, ")).collect();
        let accepted = format!("{names}each also with {burst} or {longest} behind, and {prefix}{size}");
        OptionsError::Unknown { key: format!("{prefix}{name}"), accepted }
    }

    fn no_number(&self, name: &str, value: String) -> OptionsError {
        let accepted = format!("a number up to {LARGEST}, if wanted with K, M, G or T behind");
        OptionsError::Value { key: format!("{}{name}", self.prefix).into(), value, accepted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(names: &'static LimitOptions, text: &str) -> Result<RateLimits, DeviceError> {
        let mut options = DeviceOptions::parse(text).unwrap();
        let limits = names.take(&mut options)?;
        options.finish()?;
        Ok(limits)
    }

    #[test]
    fn both_sets_of_names_say_the_same() {
        let of_disks = "throttling.bps-total=1M,throttling.bps-total-max=2M,throttling.bps-total-max-length=3,\
                        throttling.iops-read=7,throttling.iops-write=8,throttling.iops-size=4096";
        let of_others = "limit.bytes=1M,limit.bytes-burst=2M,limit.bytes-burst-seconds=3,\
                         limit.operations-to-guest=7,limit.operations-from-guest=8,limit.operation-size=4096";
        let limits = take(&THROTTLING, of_disks).unwrap();
        assert_eq!(limits, take(&LIMIT, of_others).unwrap());
        let bytes = limits.bytes.unwrap();
        assert_eq!((bytes.rate, bytes.burst, bytes.burst_seconds), (1 << 20, Some(2 << 20), Some(3)));
        assert_eq!(limits.operations_from_guest.unwrap().rate, 8);
    }

    #[test]
    fn mistakes_say_what_would_do() {
        let mistake = |text| take(&THROTTLING, text).unwrap_err().to_string();
        insta::assert_snapshot!(mistake("throttling.bps=1"), @"unknown option 'throttling.bps'; accepted are throttling.bps-total, throttling.bps-read, throttling.bps-write, throttling.iops-total, throttling.iops-read, throttling.iops-write, each also with -max or -max-length behind, and throttling.iops-size");
        insta::assert_snapshot!(mistake("throttling.bps-total=fast"), @"option 'throttling.bps-total' is 'fast'; accepted is a number up to 1000000000000000, if wanted with K, M, G or T behind");
        insta::assert_snapshot!(mistake("throttling.bps-total-max=5"), @"a burst is given without the rate that it belongs to");
        insta::assert_snapshot!(mistake("limit.bytes=5"), @"unknown option 'limit.bytes'; accepted are throttling.NAME");
    }
}
