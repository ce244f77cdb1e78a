//! The one place where descriptors become trusted: walks a chain and checks all of it (virtio 1.3, 2.7.5).

use super::chain::{Segment, total_length};
use super::error::RingError;
use super::ring::{
    DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, DESCRIPTOR_WRITE, Descriptor, SplitRing,
    check_range,
};
use vm_memory::GuestAddress;

/// The most descriptors of a chain through an indirect table. The specification has the queue size as the limit, but
/// drivers are known to use longer tables on small queues.
const INDIRECT_CHAIN_LIMIT: u32 = 1024;

/// A table of descriptors: the ring's own, or an indirect one.
#[derive(Clone, Copy)]
enum Table {
    Ring,
    Indirect { address: u64, entries: u32 },
}

/// Puts the buffers of the chain at `head` into `segments` (which comes empty) and returns how many of them are
/// readable. Descriptors of length zero hold nothing and are left out.
pub(super) fn collect(
    ring: &SplitRing,
    indirect_descriptors: bool,
    head: u16,
    segments: &mut Vec<Segment>,
) -> Result<usize, RingError> {
    let mut walk = Walk { ring, head, table: Table::Ring, steps: 0, readable: 0, writable_seen: false };
    let mut index = head;
    loop {
        let descriptor = walk.load(index)?;
        if descriptor.has(DESCRIPTOR_INDIRECT) {
            walk.enter_table(index, &descriptor, indirect_descriptors)?;
            index = 0;
            continue;
        }
        walk.add(index, &descriptor, segments)?;
        if !descriptor.has(DESCRIPTOR_NEXT) {
            break;
        }
        index = descriptor.next;
    }
    if total_length(segments) > 1 << 32 {
        return Err(RingError::LengthOverflow { head });
    }
    Ok(walk.readable)
}

struct Walk<'a> {
    ring: &'a SplitRing,
    head: u16,
    table: Table,
    /// Descriptors read so far.
    steps: u32,
    readable: usize,
    writable_seen: bool,
}

impl Walk<'_> {
    /// Loads a descriptor of the current table.
    fn load(&mut self, index: u16) -> Result<Descriptor, RingError> {
        let ring_size = u32::from(self.ring.size());
        let (size, limit) = match self.table {
            Table::Ring => (ring_size, ring_size),
            Table::Indirect { entries, .. } => (entries, ring_size.max(INDIRECT_CHAIN_LIMIT)),
        };
        if u32::from(index) >= size {
            return Err(RingError::DescriptorIndex { index, size });
        }
        if self.steps == limit {
            return Err(RingError::LoopOrTooLong { head: self.head, limit });
        }
        self.steps += 1;
        match self.table {
            Table::Ring => self.ring.descriptor(index),
            Table::Indirect { address, .. } => {
                Descriptor::load(self.ring.memory(), address + DESCRIPTOR_SIZE * u64::from(index))
            }
        }
    }

    /// Goes on in the table that `descriptor` refers to. It has to be the last descriptor of the ring's table.
    fn enter_table(
        &mut self,
        index: u16,
        descriptor: &Descriptor,
        negotiated: bool,
    ) -> Result<(), RingError> {
        if !negotiated {
            return Err(RingError::IndirectNotNegotiated { index });
        }
        if matches!(self.table, Table::Indirect { .. }) {
            return Err(RingError::NestedIndirect { index });
        }
        if descriptor.has(DESCRIPTOR_NEXT) {
            return Err(RingError::IndirectWithNext { index });
        }
        let (address, length) = (descriptor.address, descriptor.length);
        let entries = u64::from(length) / DESCRIPTOR_SIZE;
        let whole = entries * DESCRIPTOR_SIZE == u64::from(length);
        if !whole || !(1..=1 << 16).contains(&entries) {
            return Err(RingError::IndirectLength { length });
        }
        check_range(self.ring.memory(), address, u64::from(length))?;
        self.table = Table::Indirect { address, entries: length / 16 };
        Ok(())
    }

    /// Checks one buffer and keeps it.
    fn add(
        &mut self,
        index: u16,
        descriptor: &Descriptor,
        segments: &mut Vec<Segment>,
    ) -> Result<(), RingError> {
        let writable = descriptor.has(DESCRIPTOR_WRITE);
        if self.writable_seen && !writable {
            return Err(RingError::ReadableAfterWritable { head: self.head, index });
        }
        self.writable_seen = writable;
        let Descriptor { address, length, .. } = *descriptor;
        if length == 0 {
            return Ok(());
        }
        check_range(self.ring.memory(), address, u64::from(length))?;
        segments.push(Segment { address: GuestAddress(address), length });
        self.readable += usize::from(!writable);
        Ok(())
    }
}
