//! Walks a chain of a packed ring (virtio 1.3, 2.8.5 to 2.8.7).

use super::super::chain::Segment;
use super::super::descriptor::{DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, Descriptor};
use super::super::error::RingError;
use super::super::gather::{Gather, IndirectTable};
use super::super::ring::Taken;
use super::layout::PackedRing;

/// Puts the buffers of the chain that begins at `slot` into `segments`, which comes empty. The chain goes on in the
/// slots that follow; its last descriptor has the buffer id.
pub(in crate::queue) fn collect(
    ring: &PackedRing,
    indirect_descriptors: bool,
    slot: u16,
    segments: &mut Vec<Segment>,
) -> Result<Taken, RingError> {
    let size = ring.size();
    let mut gather = Gather::new(ring.memory(), (slot, size), indirect_descriptors, segments);
    let mut slots = 0;
    let mut index = slot;
    loop {
        gather.count(false)?;
        let descriptor = ring.descriptor(index)?;
        slots += 1;
        let indirect = descriptor.has(DESCRIPTOR_INDIRECT);
        if indirect {
            let table = gather.table(index, &descriptor)?;
            collect_table(ring, table, &mut gather)?;
        } else {
            gather.add(index, &descriptor)?;
        }
        if indirect || !descriptor.has(DESCRIPTOR_NEXT) {
            let readable = gather.finish()?;
            return Ok(Taken { head: descriptor.next, position: slot, slots, readable });
        }
        index = if index + 1 == size { 0 } else { index + 1 };
    }
}

/// All descriptors of a table belong to the chain, one after the other; WRITE is the only flag that counts there.
fn collect_table(ring: &PackedRing, table: IndirectTable, gather: &mut Gather<'_>) -> Result<(), RingError> {
    for index in 0..table.entries {
        gather.count(true)?;
        let address = table.address + DESCRIPTOR_SIZE * u64::from(index);
        let descriptor = Descriptor::load_packed(ring.memory(), address)?;
        gather.add(u16::try_from(index).unwrap_or(u16::MAX), &descriptor)?;
    }
    Ok(())
}
