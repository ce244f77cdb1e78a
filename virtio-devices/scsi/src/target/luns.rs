//! REPORT LUNS (SPC-4, 6.33), and the form of logical unit numbers (SAM-5, 4.7).

use super::sense::Sense;

/// Highest logical unit number: 14 bits in a single level.
pub(crate) const MAX_LUN: u16 = 0x3fff;

/// Eight bytes that name a unit.
pub(crate) type LunBytes = [u8; 8];

/// The REPORT LUNS well known logical unit, on its target.
pub(crate) const REPORT_LUNS_UNIT: LunBytes = [0xc1, 0x01, 0, 0, 0, 0, 0, 0];

/// Which units are wanted.
const ALL_BUT_WELL_KNOWN: u8 = 0;
const WELL_KNOWN: u8 = 1;
const ALL: u8 = 2;

/// Bytes of the header, and the least that may be asked for.
const HEADER_SIZE: u32 = 8;
const LEAST_ALLOCATION: u32 = 16;

/// A single level of a logical unit number: peripheral device addressing up to 255, flat space addressing above.
pub(crate) fn single_level(lun: u16) -> [u8; 2] {
    let [high, low] = lun.to_be_bytes();
    if high == 0 { [0, low] } else { [0x40 | high & 0x3f, low] }
}

/// The number that a single level stands for, in either form.
pub(crate) fn from_single_level([high, low]: [u8; 2]) -> Option<u16> {
    match high {
        0 => Some(low.into()),
        0x40..=0x7f => Some(u16::from_be_bytes([high & 0x3f, low])),
        _ => None,
    }
}

/// Answers REPORT LUNS with the units in `luns`.
///
/// # Errors
/// A selection that there is not, or no room for a single unit.
pub(crate) fn report(
    select: u8,
    allocation: u32,
    luns: impl Iterator<Item = LunBytes>,
) -> Result<Vec<u8>, Sense> {
    if allocation < LEAST_ALLOCATION {
        return Err(Sense::invalid_field(6));
    }
    let mut list: Vec<LunBytes> = Vec::new();
    match select {
        ALL_BUT_WELL_KNOWN => list.extend(luns),
        WELL_KNOWN => list.push(REPORT_LUNS_UNIT),
        ALL => list.extend(luns.chain([REPORT_LUNS_UNIT])),
        _ => return Err(Sense::invalid_field(2)),
    }
    let length = u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_mul(HEADER_SIZE);
    Ok([&length.to_be_bytes()[..], &[0; 4], list.as_flattened()].concat())
}
