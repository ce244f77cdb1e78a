//! Whom a request is for (virtio 1.3, 5.6.6.1): eight bytes that name a unit in all of the device's targets.

use crate::target::luns::{LunBytes, REPORT_LUNS_UNIT, from_single_level, single_level};

/// Whom a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A logical unit of a target.
    Unit(UnitAddress),
    /// The REPORT LUNS well known logical unit of a target, or of the device.
    ReportLuns { target: Option<u8> },
}

/// A logical unit of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitAddress {
    pub(crate) target: u8,
    pub(crate) lun: u16,
}

impl Address {
    /// `None` if the bytes are of no form that a driver may use.
    pub(crate) fn parse(bytes: LunBytes) -> Option<Self> {
        if bytes == REPORT_LUNS_UNIT {
            return Some(Self::ReportLuns { target: None });
        }
        match bytes {
            [1, target, 0xc1, 0x01, 0, 0, 0, 0] => Some(Self::ReportLuns { target: Some(target) }),
            [1, target, high, low, 0, 0, 0, 0] => {
                from_single_level([high, low]).map(|lun| Self::Unit(UnitAddress { target, lun }))
            }
            _ => None,
        }
    }
}

impl UnitAddress {
    /// As the device writes it: into events, and into its list of all units.
    pub(crate) fn bytes(self) -> LunBytes {
        // Drivers take the bytes of an event for the number that REPORT LUNS would give them.
        let [high, low] = single_level(self.lun);
        [1, self.target, high, low, 0, 0, 0, 0]
    }

    /// As its target writes it, among its own units only.
    pub(crate) fn bytes_on_target(self) -> LunBytes {
        let [high, low] = single_level(self.lun);
        [high, low, 0, 0, 0, 0, 0, 0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::target::luns::MAX_LUN;

    #[test]
    fn both_forms_of_a_single_level_name_a_unit() {
        let unit = |target, lun| Some(Address::Unit(UnitAddress { target, lun }));
        assert_eq!(Address::parse([1, 7, 0, 5, 0, 0, 0, 0]), unit(7, 5));
        assert_eq!(Address::parse([1, 7, 0x40, 5, 0, 0, 0, 0]), unit(7, 5));
        assert_eq!(Address::parse([1, 255, 0x7f, 0xff, 0, 0, 0, 0]), unit(255, MAX_LUN));
    }

    #[test]
    fn well_known_units_are_known() {
        let device = Address::ReportLuns { target: None };
        let target = Address::ReportLuns { target: Some(3) };
        assert_eq!(Address::parse([0xc1, 1, 0, 0, 0, 0, 0, 0]), Some(device));
        assert_eq!(Address::parse([1, 3, 0xc1, 1, 0, 0, 0, 0]), Some(target));
    }

    #[test]
    fn other_forms_name_nobody() {
        for bytes in [
            [0; 8],
            [2, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 0x80, 0, 0, 0, 0, 0],
            [1, 0, 0xc1, 2, 0, 0, 0, 0],
            [1, 0, 0x3f, 0, 0, 0, 0, 0],
            [1, 0, 0, 0, 0, 0, 0, 1],
            [0xc1, 1, 0, 0, 0, 0, 0, 1],
        ] {
            assert_eq!(Address::parse(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_written_is_understood() {
        for lun in [0, 1, 255, 256, MAX_LUN] {
            let unit = UnitAddress { target: 9, lun };
            assert_eq!(Address::parse(unit.bytes()), Some(Address::Unit(unit)));
            let [high, low, ..] = unit.bytes_on_target();
            assert_eq!(from_single_level([high, low]), Some(lun));
        }
    }
}
