//! The one place where descriptors become trusted: every buffer of a chain, whichever ring it stands on, is checked here
//! (virtio 1.3, 2.7.5 and 2.8.5).

use super::chain::{Segment, total_length};
use super::descriptor::{
    DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, DESCRIPTOR_WRITE, Descriptor, check_range,
};
use super::error::RingError;
use crate::GuestMemory;
use vm_memory::GuestAddress;

/// The most descriptors of a chain through an indirect table. The specification has the queue size as the limit, but
/// drivers are known to use longer tables on small queues.
const INDIRECT_CHAIN_LIMIT: u32 = 1024;

/// A table of descriptors that an indirect descriptor refers to. It lies in guest memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IndirectTable {
    /// Guest physical address.
    pub(super) address: u64,
    /// Number of descriptors, 1 to 65536.
    pub(super) entries: u32,
}

/// Gathers the buffers of one chain.
pub(super) struct Gather<'a> {
    memory: &'a GuestMemory,
    /// What errors call the chain.
    head: u16,
    /// Number of descriptors of the ring.
    size: u16,
    indirect_negotiated: bool,
    segments: &'a mut Vec<Segment>,
    /// Descriptors counted so far.
    steps: u32,
    readable: usize,
    writable_seen: bool,
}

impl<'a> Gather<'a> {
    /// Begins with the chain from `head`, of a ring of `size` descriptors. `segments` comes empty.
    pub(super) fn new(
        memory: &'a GuestMemory,
        (head, size): (u16, u16),
        indirect_negotiated: bool,
        segments: &'a mut Vec<Segment>,
    ) -> Self {
        let (steps, readable, writable_seen) = (0, 0, false);
        Self { memory, head, size, indirect_negotiated, segments, steps, readable, writable_seen }
    }

    /// One more descriptor is looked at: in the ring, or in an indirect table.
    pub(super) fn count(&mut self, in_table: bool) -> Result<(), RingError> {
        let size = u32::from(self.size);
        let limit = if in_table { size.max(INDIRECT_CHAIN_LIMIT) } else { size };
        if self.steps == limit {
            return Err(RingError::LoopOrTooLong { head: self.head, limit });
        }
        self.steps += 1;
        Ok(())
    }

    /// Checks one buffer and keeps it. A descriptor of length zero holds nothing and is left out.
    pub(super) fn add(&mut self, index: u16, descriptor: &Descriptor) -> Result<(), RingError> {
        let writable = descriptor.has(DESCRIPTOR_WRITE);
        if self.writable_seen && !writable {
            return Err(RingError::ReadableAfterWritable { head: self.head, index });
        }
        self.writable_seen = writable;
        let Descriptor { address, length, .. } = *descriptor;
        if length == 0 {
            return Ok(());
        }
        check_range(self.memory, address, u64::from(length))?;
        self.segments.push(Segment { address: GuestAddress(address), length });
        self.readable += usize::from(!writable);
        Ok(())
    }

    /// Checks the descriptor number `index` of the ring, which is indirect, and says where its table is.
    pub(super) fn table(&self, index: u16, descriptor: &Descriptor) -> Result<IndirectTable, RingError> {
        debug_assert!(descriptor.has(DESCRIPTOR_INDIRECT), "only indirect descriptors have tables");
        if !self.indirect_negotiated {
            return Err(RingError::IndirectNotNegotiated { index });
        }
        if descriptor.has(DESCRIPTOR_NEXT) {
            return Err(RingError::IndirectWithNext { index });
        }
        let (address, length) = (descriptor.address, descriptor.length);
        let entries = length / 16;
        if length % 16 != 0 || !(1..=1 << 16).contains(&entries) {
            return Err(RingError::IndirectLength { length });
        }
        check_range(self.memory, address, DESCRIPTOR_SIZE * u64::from(entries))?;
        Ok(IndirectTable { address, entries })
    }

    /// The chain is complete: returns how many of its buffers are readable.
    pub(super) fn finish(self) -> Result<usize, RingError> {
        if total_length(self.segments) > 1 << 32 {
            return Err(RingError::LengthOverflow { head: self.head });
        }
        Ok(self.readable)
    }
}
