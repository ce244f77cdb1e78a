//! Carries out what a command asks of an image.

use std::io::{self, Read, Write};

use crate::disk::Disk;
use crate::target::command::Comparison;
use crate::target::sense::Sense;
use crate::target::unit::{ByteRange, Operation};
use crate::worker::Buffers;

/// Bytes moved at a time between the image and guest memory.
const BUFFER_SIZE: usize = 128 << 10;

/// Does one operation after another.
#[derive(Debug)]
pub(crate) struct Executor {
    buffer: Box<[u8]>,
    other: Box<[u8]>,
}

impl Default for Executor {
    fn default() -> Self {
        let buffer = || vec![0; BUFFER_SIZE].into_boxed_slice();
        Self { buffer: buffer(), other: buffer() }
    }
}

impl Executor {
    /// Does it; `parameters` is what came along with a command that is no write.
    pub(crate) fn carry_out(
        &mut self,
        disk: &Disk,
        operation: &Operation,
        parameters: &[u8],
        buffers: &mut Buffers<'_>,
    ) -> Result<(), Sense> {
        let (failed, result) = match operation {
            Operation::Read { offset, length } => {
                (Sense::READ_ERROR, self.read(disk, *offset, *length, buffers))
            }
            Operation::Write { offset, length, stable } => {
                let written = self.write(disk, *offset, *length, buffers);
                (Sense::WRITE_ERROR, written.and_then(|()| settle(disk, *stable)))
            }
            Operation::Verify { offset, length, compare } => {
                return self.verify(disk, (*offset, *length), *compare, parameters, buffers);
            }
            Operation::Flush => (Sense::WRITE_ERROR, disk.image.flush()),
            Operation::Unmap { ranges, stable } => {
                let mut zeroed = ranges.iter().map(|range| disk.image.zero(range.offset, range.length, true));
                let result = zeroed.find(Result::is_err).unwrap_or(Ok(()));
                (Sense::WRITE_ERROR, result.and_then(|()| settle(disk, *stable)))
            }
            Operation::WriteZeroes { range, unmap, stable } => {
                let zeroed = disk.image.zero(range.offset, range.length, *unmap);
                (Sense::WRITE_ERROR, zeroed.and_then(|()| settle(disk, *stable)))
            }
            Operation::WriteSame { range, stable } => {
                let written = self.write_same(disk, *range, parameters);
                (Sense::WRITE_ERROR, written.and_then(|()| settle(disk, *stable)))
            }
        };
        result.map_err(|error| sense_of(&error, failed))
    }

    fn read(&mut self, disk: &Disk, offset: u64, length: u32, buffers: &mut Buffers<'_>) -> io::Result<()> {
        for (at, size) in parts(offset, length.into()) {
            let part = self.buffer.split_at_mut(size).0;
            disk.image.read(at, part)?;
            buffers.input.write_all(part)?;
        }
        Ok(())
    }

    fn write(&mut self, disk: &Disk, offset: u64, length: u32, buffers: &mut Buffers<'_>) -> io::Result<()> {
        for (at, size) in parts(offset, length.into()) {
            let part = self.buffer.split_at_mut(size).0;
            buffers.output.read_exact(part)?;
            disk.image.write(at, part)?;
        }
        Ok(())
    }

    fn write_same(&mut self, disk: &Disk, range: ByteRange, block: &[u8]) -> io::Result<()> {
        self.buffer.chunks_exact_mut(block.len().max(1)).for_each(|place| place.copy_from_slice(block));
        parts(range.offset, range.length)
            .try_for_each(|(at, size)| disk.image.write(at, self.buffer.split_at(size).0))
    }

    fn verify(
        &mut self,
        disk: &Disk,
        (offset, length): (u64, u32),
        compare: Comparison,
        block: &[u8],
        buffers: &mut Buffers<'_>,
    ) -> Result<(), Sense> {
        let failed = |error: io::Error| sense_of(&error, Sense::READ_ERROR);
        if compare == Comparison::OneBlock {
            self.other.chunks_exact_mut(block.len().max(1)).for_each(|place| place.copy_from_slice(block));
        }
        for (at, size) in parts(offset, length.into()) {
            let (medium, other) = (self.buffer.split_at_mut(size).0, self.other.split_at_mut(size).0);
            disk.image.read(at, medium).map_err(failed)?;
            if compare == Comparison::Everything {
                buffers.output.read_exact(other).map_err(failed)?;
            }
            let differs = medium.iter().zip(&*other).position(|(medium, other)| medium != other);
            if let Some(place) = differs.filter(|_| compare != Comparison::Nothing) {
                let place = u64::try_from(place).unwrap_or(u64::MAX);
                return Err(Sense::MISCOMPARE.at(at - offset + place));
            }
        }
        Ok(())
    }
}

fn settle(disk: &Disk, stable: bool) -> io::Result<()> {
    if stable { disk.image.flush() } else { Ok(()) }
}

/// What the driver is told of an error of the host.
fn sense_of(error: &io::Error, failed: Sense) -> Sense {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Sense::NO_SPACE,
        io::ErrorKind::OutOfMemory => Sense::TARGET_FAILURE,
        _ => failed,
    }
}

/// A range in parts that fit the buffer: where each begins, and its bytes.
fn parts(offset: u64, length: u64) -> impl Iterator<Item = (u64, usize)> {
    (offset..offset + length).step_by(BUFFER_SIZE).map(move |at| {
        let left = usize::try_from(offset + length - at).unwrap_or(usize::MAX);
        (at, left.min(BUFFER_SIZE))
    })
}
