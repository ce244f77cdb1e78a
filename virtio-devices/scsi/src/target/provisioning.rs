//! UNMAP (SBC-3, 5.28).

use super::bytes::number;
use super::sense::Sense;
use super::unit::{ByteRange, Operation, Plan, Unit};

/// Most ranges of one command.
pub(crate) const MAX_UNMAP_DESCRIPTORS: u32 = 256;
/// Most blocks of one command, and of a WRITE SAME: the host may have to write that many zeroes.
pub(crate) const MAX_UNMAP_BLOCKS: u32 = 1 << 17;

/// Bytes of the parameter list's header, and of each descriptor.
const HEADER_SIZE: usize = 8;
const DESCRIPTOR_SIZE: usize = 16;

/// What a parameter list asks for.
///
/// # Errors
/// It is cut off, names too many blocks, or blocks that are not on the disk.
pub(crate) fn unmap(unit: &Unit, parameters: &[u8]) -> Result<Plan, Sense> {
    if parameters.is_empty() {
        return Ok(Plan::Answer(Vec::new()));
    }
    let (Some(_header), Some(descriptors)) = (parameters.get(..HEADER_SIZE), parameters.get(HEADER_SIZE..))
    else {
        return Err(Sense::PARAMETER_LIST_LENGTH);
    };
    // What is announced beyond the list, or is no whole descriptor, is to be ignored.
    let announced = usize::try_from(number(parameters, 2, 2)).unwrap_or(usize::MAX);
    let descriptors = descriptors.get(..announced).unwrap_or(descriptors);
    let (descriptors, _rest) = descriptors.as_chunks::<DESCRIPTOR_SIZE>();
    if u32::try_from(descriptors.len()).map_or(true, |count| count > MAX_UNMAP_DESCRIPTORS) {
        return Err(Sense::invalid_parameter(2));
    }
    let mut ranges = Vec::with_capacity(descriptors.len());
    let mut left = u64::from(MAX_UNMAP_BLOCKS);
    for (at, descriptor) in (HEADER_SIZE..).step_by(DESCRIPTOR_SIZE).zip(descriptors) {
        let (first, count) = (number(descriptor, 0, 8), number(descriptor, 8, 4));
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        left = left.checked_sub(count).ok_or(Sense::invalid_parameter(at + 8))?;
        ranges.push(unit.range(first, count)?);
    }
    ranges.retain(|range: &ByteRange| range.length > 0);
    Ok(Plan::Storage(Operation::Unmap { ranges, stable: unit.writes_through() }))
}
