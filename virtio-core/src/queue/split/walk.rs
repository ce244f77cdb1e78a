//! Walks a chain of a split ring (virtio 1.3, 2.7.5).

use super::super::chain::Segment;
use super::super::descriptor::{DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, Descriptor};
use super::super::error::RingError;
use super::super::gather::{Gather, IndirectTable};
use super::layout::SplitRing;

/// Puts the buffers of the chain at `head` into `segments` (which comes empty) and returns how many of them are
/// readable.
pub(in crate::queue) fn collect(
    ring: &SplitRing,
    indirect_descriptors: bool,
    head: u16,
    segments: &mut Vec<Segment>,
) -> Result<usize, RingError> {
    let mut gather = Gather::new(ring.memory(), (head, ring.size()), indirect_descriptors, segments);
    // The indirect table in which the chain goes on, once it does.
    let mut table: Option<IndirectTable> = None;
    let mut index = head;
    loop {
        let size = table.map_or(u32::from(ring.size()), |table| table.entries);
        if u32::from(index) >= size {
            return Err(RingError::DescriptorIndex { index, size });
        }
        gather.count(table.is_some())?;
        let descriptor = match table {
            None => ring.descriptor(index)?,
            Some(table) => {
                Descriptor::load(ring.memory(), table.address + DESCRIPTOR_SIZE * u64::from(index))?
            }
        };
        if descriptor.has(DESCRIPTOR_INDIRECT) {
            if table.is_some() {
                return Err(RingError::NestedIndirect { index });
            }
            table = Some(gather.table(index, &descriptor)?);
            index = 0;
            continue;
        }
        gather.add(index, &descriptor)?;
        if !descriptor.has(DESCRIPTOR_NEXT) {
            return gather.finish();
        }
        index = descriptor.next;
    }
}
