//! A descriptor chain that has been checked, and its buffers.

use super::chain_io::{ChainReader, ChainWriter};
use super::recorder::Arrival;
use crate::GuestMemory;
use vm_memory::GuestAddress;

/// One buffer of a chain. It lies in guest memory: that was checked when the chain was popped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Guest physical address.
    pub address: GuestAddress,
    /// Bytes.
    pub length: u32,
}

/// A descriptor chain that the device owns from [`Queue::pop`](super::Queue::pop) to
/// [`Queue::complete`](super::Queue::complete). It can be kept and moved to another thread.
#[must_use = "the driver waits for this chain: complete it or undo the pop"]
#[derive(Debug, PartialEq, Eq)]
pub struct Chain {
    pub(super) head: u16,
    /// Its entry in the published table of chains in flight.
    pub(super) entry: u16,
    /// Entries of the ring that it takes.
    pub(super) slots: u16,
    /// How many chains had been taken when this one had.
    pub(super) number: u64,
    pub(super) segments: Vec<Segment>,
    /// How many of `segments` are readable; the others are writable.
    pub(super) readable: usize,
    pub(super) arrival: Arrival,
}

impl Chain {
    /// What the driver knows the chain by: the number of its first descriptor, or on a packed ring its buffer id.
    pub fn head(&self) -> u16 {
        self.head
    }

    /// The buffers that the device may read, in order.
    pub fn readable(&self) -> &[Segment] {
        self.segments.get(..self.readable).unwrap_or_default()
    }

    /// The buffers that the device may write, in order.
    pub fn writable(&self) -> &[Segment] {
        self.segments.get(self.readable..).unwrap_or_default()
    }

    /// The readable buffers' bytes together; 2^32 at most.
    pub fn readable_len(&self) -> u64 {
        total_length(self.readable())
    }

    /// The writable buffers' bytes together; 2^32 at most.
    pub fn writable_len(&self) -> u64 {
        total_length(self.writable())
    }

    /// Reads the readable buffers from their first byte on.
    pub fn reader<'a>(&'a self, memory: &'a GuestMemory) -> ChainReader<'a> {
        ChainReader::new(memory, self.readable())
    }

    /// Writes the writable buffers from their first byte on.
    pub fn writer<'a>(&'a self, memory: &'a GuestMemory) -> ChainWriter<'a> {
        ChainWriter::new(memory, self.writable())
    }
}

/// The bytes of `segments` together.
pub(super) fn total_length(segments: &[Segment]) -> u64 {
    segments.iter().map(|segment| u64::from(segment.length)).sum()
}
