//! One request (virtio 1.3, 5.2.6): what its bytes mean, and doing it. Knows readers and writers of bytes, no
//! rings.

use std::io::{self, Read, Write};

use crate::config::{MAX_DATA, MAX_DISCARD_SECTORS, MAX_RANGES, MAX_WRITE_ZEROES_SECTORS};
use crate::disk::{Disk, SECTOR_SIZE};

/// Bytes of the header in front of the data: type (32 bits), a reserved field, first sector (64 bits).
const HEADER_SIZE: u64 = 16;
/// Bytes of one range of a discard or write-zeroes request: first sector (64 bits), number of sectors, flags.
const RANGE_SIZE: u64 = 16;
/// The only flag of a range; every other bit is reserved.
const UNMAP: u32 = 1;
/// Bytes of the answer to a get-id request.
pub(crate) const ID_SIZE: usize = 20;
/// Bytes moved at a time between the disk and guest memory. The guest can change its memory under us, so the
/// disk gets a buffer of the worker's own: one copy more, but no guest address leaves vm-memory and nothing
/// is allocated for a request.
const BUFFER_SIZE: usize = 128 << 10;

/// The request types of the specification that this device knows.
mod kind {
    pub(super) const IN: u32 = 0;
    pub(super) const OUT: u32 = 1;
    pub(super) const FLUSH: u32 = 4;
    pub(super) const GET_ID: u32 = 8;
    pub(super) const DISCARD: u32 = 11;
    pub(super) const WRITE_ZEROES: u32 = 13;
}

/// How a request ended: the value of its status byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    /// VIRTIO_BLK_S_OK
    Ok = 0,
    /// VIRTIO_BLK_S_IOERR: the storage failed, or the driver asked for something outside the rules.
    Error = 1,
    /// VIRTIO_BLK_S_UNSUPP: this device does not know the request or one of its flags.
    Unsupported = 2,
}

impl From<io::Error> for Status {
    fn from(_: io::Error) -> Self {
        Self::Error
    }
}

/// What the driver acknowledged, as far as requests depend on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Negotiated {
    /// Without it every write is stable when it completes (5.2.6.2, the first case).
    pub(crate) flush: bool,
    pub(crate) discard: bool,
    pub(crate) write_zeroes: bool,
}

/// Does one request after another.
#[derive(Debug)]
pub(crate) struct Executor {
    disk: Disk,
    id: [u8; ID_SIZE],
    negotiated: Negotiated,
    buffer: Box<[u8]>,
}

impl Executor {
    pub(crate) fn new(disk: Disk, id: [u8; ID_SIZE], negotiated: Negotiated) -> Self {
        Self { disk, id, negotiated, buffer: vec![0; BUFFER_SIZE].into_boxed_slice() }
    }

    /// Reads a request of `input_length` bytes, does it, and writes at most `output_length` bytes of answer
    /// (the status byte is the caller's). An `Err` is never [`Status::Ok`].
    pub(crate) fn execute(
        &mut self,
        input: &mut impl Read,
        input_length: u64,
        output: &mut impl Write,
        output_length: u64,
    ) -> Result<(), Status> {
        let (kind, sector) = read_header(input)?;
        let data_length = input_length.saturating_sub(HEADER_SIZE);
        match kind {
            kind::IN => self.read(sector, output, output_length),
            kind::OUT => self.write(sector, input, data_length),
            kind::FLUSH => Ok(self.disk.flush()?),
            kind::GET_ID => self.get_id(output, output_length),
            kind::DISCARD if self.negotiated.discard => self.discard(input, data_length),
            kind::WRITE_ZEROES if self.negotiated.write_zeroes => self.write_zeroes(input, data_length),
            _ => Err(Status::Unsupported),
        }
    }

    fn read(&mut self, sector: u64, output: &mut impl Write, length: u64) -> Result<(), Status> {
        let mut offset = self.data_offset(sector, length)?;
        let mut left = length;
        while left > 0 {
            let part = next_part(&mut self.buffer, &mut left);
            self.disk.read_at(offset, part)?;
            output.write_all(part)?;
            offset += part.len() as u64;
        }
        Ok(())
    }

    fn write(&mut self, sector: u64, input: &mut impl Read, length: u64) -> Result<(), Status> {
        if self.disk.is_read_only() {
            return Err(Status::Error);
        }
        let mut offset = self.data_offset(sector, length)?;
        let mut left = length;
        while left > 0 {
            let part = next_part(&mut self.buffer, &mut left);
            input.read_exact(part)?;
            self.disk.write_at(offset, part)?;
            offset += part.len() as u64;
        }
        self.make_stable()
    }

    fn get_id(&self, output: &mut impl Write, length: u64) -> Result<(), Status> {
        let length = usize::try_from(length).unwrap_or(ID_SIZE).min(ID_SIZE);
        Ok(output.write_all(self.id.get(..length).unwrap_or_default())?)
    }

    fn discard(&mut self, input: &mut impl Read, length: u64) -> Result<(), Status> {
        for _ in 0..range_count(length)? {
            let range = Range::read(input)?;
            // Unmap is what a discard does anyway; the specification wants the flag refused (5.2.6.2).
            if range.flags != 0 {
                return Err(Status::Unsupported);
            }
            let (offset, length) = self.range_bytes(range, MAX_DISCARD_SECTORS)?;
            self.disk.discard(offset, length)?;
        }
        self.make_stable()
    }

    fn write_zeroes(&mut self, input: &mut impl Read, length: u64) -> Result<(), Status> {
        for _ in 0..range_count(length)? {
            let range = Range::read(input)?;
            if range.flags & !UNMAP != 0 {
                return Err(Status::Unsupported);
            }
            let (offset, length) = self.range_bytes(range, MAX_WRITE_ZEROES_SECTORS)?;
            let length = usize::try_from(length).map_err(|_| Status::Error)?;
            self.disk.write_zeroes(offset, length, range.flags & UNMAP != 0)?;
        }
        self.make_stable()
    }

    fn make_stable(&self) -> Result<(), Status> {
        if self.negotiated.flush { Ok(()) } else { Ok(self.disk.flush()?) }
    }

    /// The byte offset of a transfer of `length` bytes, if it lies on the disk and is whole sectors within
    /// the announced limits.
    fn data_offset(&self, sector: u64, length: u64) -> Result<u64, Status> {
        if !length.is_multiple_of(SECTOR_SIZE) || length > MAX_DATA {
            return Err(Status::Error);
        }
        self.offset(sector, length / SECTOR_SIZE)
    }

    fn range_bytes(&self, range: Range, max_sectors: u32) -> Result<(u64, u64), Status> {
        if range.sectors > max_sectors {
            return Err(Status::Error);
        }
        let sectors = u64::from(range.sectors);
        Ok((self.offset(range.sector, sectors)?, sectors * SECTOR_SIZE))
    }

    fn offset(&self, sector: u64, sectors: u64) -> Result<u64, Status> {
        match sector.checked_add(sectors) {
            Some(end) if end <= self.disk.sectors() => Ok(sector * SECTOR_SIZE),
            _ => Err(Status::Error),
        }
    }
}

/// A range of a discard or write-zeroes request.
#[derive(Clone, Copy, Debug)]
struct Range {
    sector: u64,
    sectors: u32,
    flags: u32,
}

impl Range {
    fn read(input: &mut impl Read) -> io::Result<Self> {
        Ok(Self { sector: read_u64(input)?, sectors: read_u32(input)?, flags: read_u32(input)? })
    }
}

fn range_count(length: u64) -> Result<u64, Status> {
    let count = length / RANGE_SIZE;
    let valid = length.is_multiple_of(RANGE_SIZE) && (1..=u64::from(MAX_RANGES)).contains(&count);
    if valid { Ok(count) } else { Err(Status::Error) }
}

fn read_header(input: &mut impl Read) -> io::Result<(u32, u64)> {
    let kind = read_u32(input)?;
    let _reserved = read_u32(input)?;
    Ok((kind, read_u64(input)?))
}

fn read_u32(input: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_u64(input: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// The piece of the buffer for the next part of a transfer, which is then counted as done.
fn next_part<'a>(buffer: &'a mut [u8], left: &mut u64) -> &'a mut [u8] {
    let length = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
    *left -= length as u64;
    buffer.split_at_mut(length).0
}

#[cfg(test)]
mod tests;
