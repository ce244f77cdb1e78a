//! `std::io::Read` and `std::io::Write` over a chain's buffers.

use super::chain::{Segment, total_length};
use crate::GuestMemory;
use std::io::{Error, Read, Result, Write};
use vm_memory::{Address, Bytes, GuestAddress};

/// A position in a list of buffers.
#[derive(Debug)]
struct Cursor<'a> {
    memory: &'a GuestMemory,
    segments: &'a [Segment],
    /// Offset in the first of `segments`.
    offset: u32,
    /// Bytes from the position to the end.
    remaining: u64,
}

impl<'a> Cursor<'a> {
    fn new(memory: &'a GuestMemory, segments: &'a [Segment]) -> Self {
        Self { memory, segments, offset: 0, remaining: total_length(segments) }
    }

    /// Moves past up to `limit` bytes of one buffer and says where they are. `None` at the end.
    fn take(&mut self, limit: u64) -> Option<(GuestAddress, u32)> {
        loop {
            let (segment, rest) = self.segments.split_first()?;
            let left = segment.length - self.offset;
            if left == 0 {
                self.segments = rest;
                self.offset = 0;
                continue;
            }
            let length = u32::try_from(limit).unwrap_or(u32::MAX).min(left);
            let address = segment.address.unchecked_add(u64::from(self.offset));
            self.offset += length;
            self.remaining -= u64::from(length);
            return Some((address, length));
        }
    }

    fn skip(&mut self, mut count: u64) -> u64 {
        let before = self.remaining;
        while count > 0 {
            let Some((_, length)) = self.take(count) else { break };
            count -= u64::from(length);
        }
        before - self.remaining
    }
}

/// Reads what the driver has put into a chain. Made by [`Chain::reader`](super::Chain::reader).
#[derive(Debug)]
pub struct ChainReader<'a>(Cursor<'a>);

impl<'a> ChainReader<'a> {
    pub(super) fn new(memory: &'a GuestMemory, segments: &'a [Segment]) -> Self {
        Self(Cursor::new(memory, segments))
    }

    /// Bytes not yet read.
    pub fn remaining(&self) -> u64 {
        self.0.remaining
    }

    /// Moves on by `count` bytes, or to the end; returns by how many.
    pub fn skip(&mut self, count: u64) -> u64 {
        self.0.skip(count)
    }
}

impl Read for ChainReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let limit = u64::try_from(rest.len()).unwrap_or(u64::MAX);
            let Some((address, length)) = self.0.take(limit) else { break };
            let length = usize::try_from(length).map_err(Error::other)?;
            let Some(part) = rest.get_mut(..length) else { break };
            self.0.memory.read_slice(part, address).map_err(Error::other)?;
            done += length;
        }
        Ok(done)
    }
}

/// Writes what the driver will get from a chain. Made by [`Chain::writer`](super::Chain::writer).
#[derive(Debug)]
pub struct ChainWriter<'a> {
    cursor: Cursor<'a>,
    /// Bytes from the first to the position.
    written: u64,
}

impl<'a> ChainWriter<'a> {
    pub(super) fn new(memory: &'a GuestMemory, segments: &'a [Segment]) -> Self {
        Self { cursor: Cursor::new(memory, segments), written: 0 }
    }

    /// Bytes that still fit.
    pub fn remaining(&self) -> u64 {
        self.cursor.remaining
    }

    /// Moves on by `count` bytes, or to the end, leaving them as they are; returns by how many.
    pub fn skip(&mut self, count: u64) -> u64 {
        let skipped = self.cursor.skip(count);
        self.written += skipped;
        skipped
    }

    /// The position, counted from the first writable byte: what
    /// [`Queue::complete`](super::Queue::complete) wants to know if all of it was written.
    pub fn written(&self) -> u32 {
        u32::try_from(self.written).unwrap_or(u32::MAX)
    }
}

impl Write for ChainWriter<'_> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(rest) = buffer.get(done..).filter(|rest| !rest.is_empty()) {
            let limit = u64::try_from(rest.len()).unwrap_or(u64::MAX);
            let Some((address, length)) = self.cursor.take(limit) else { break };
            self.written += u64::from(length);
            let length = usize::try_from(length).map_err(Error::other)?;
            let Some(part) = rest.get(..length) else { break };
            self.cursor.memory.write_slice(part, address).map_err(Error::other)?;
            done += length;
        }
        Ok(done)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
