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

    /// Where the `length` readable bytes after the first `skip` lie, for those who move data without a copy. It is less if
    /// there is less.
    pub fn readable_pieces(&self, skip: u64, length: u64) -> impl Iterator<Item = (GuestAddress, u32)> {
        pieces(self.readable(), skip, length)
    }

    /// The same of the writable bytes.
    pub fn writable_pieces(&self, skip: u64, length: u64) -> impl Iterator<Item = (GuestAddress, u32)> {
        pieces(self.writable(), skip, length)
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

/// The `length` bytes after the first `skip` of `segments`.
fn pieces(segments: &[Segment], skip: u64, length: u64) -> impl Iterator<Item = (GuestAddress, u32)> {
    segments
        .iter()
        .scan((skip, length), |(skip, left), segment| {
            let skipped = u64::from(segment.length).min(*skip);
            let taken = (u64::from(segment.length) - skipped).min(*left);
            (*skip, *left) = (*skip - skipped, *left - taken);
            // No more than the segment is long.
            Some((GuestAddress(segment.address.0 + skipped), u32::try_from(taken).unwrap_or(u32::MAX)))
        })
        .filter(|(_, length)| *length > 0)
}

/// The bytes of `segments` together.
pub(super) fn total_length(segments: &[Segment]) -> u64 {
    segments.iter().map(|segment| u64::from(segment.length)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_are_the_bytes_between(lengths in prop::collection::vec(0_u32..9, 0..8), skip in 0_u64..40, length in 0_u64..40) {
            let segment = |(index, length): (u64, u32)| Segment { address: GuestAddress(index * 100), length };
            let segments: Vec<Segment> = (0..).zip(lengths).map(segment).collect();
            let bytes = |(address, length): (GuestAddress, u32)| (0..u64::from(length)).map(move |at| address.0 + at);
            let all: Vec<u64> = segments.iter().map(|segment| (segment.address, segment.length)).flat_map(bytes).collect();
            let expected: Vec<u64> = all.into_iter().skip(skip.try_into().unwrap()).take(length.try_into().unwrap()).collect();
            let found: Vec<u64> = pieces(&segments, skip, length).flat_map(bytes).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
