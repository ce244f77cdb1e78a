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
mod tests {
    use super::*;

    const ALL: Negotiated = Negotiated { flush: true, discard: true, write_zeroes: true };
    const SECTORS: u64 = 64;

    fn executor(negotiated: Negotiated) -> Executor {
        let disk = Disk::scratch(SECTORS * SECTOR_SIZE).unwrap();
        Executor::new(disk, *b"twenty-byte-serial!!", negotiated)
    }

    fn header(kind: u32, sector: u64) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat()
    }

    fn range(sector: u64, sectors: u32, flags: u32) -> Vec<u8> {
        [&sector.to_le_bytes()[..], &sectors.to_le_bytes(), &flags.to_le_bytes()].concat()
    }

    fn run(executor: &mut Executor, request: &[u8], output_length: u64) -> Result<Vec<u8>, Status> {
        let mut output = Vec::new();
        let length = request.len() as u64;
        executor.execute(&mut &request[..], length, &mut output, output_length).map(|()| output)
    }

    fn write(executor: &mut Executor, sector: u64, data: &[u8]) -> Result<Vec<u8>, Status> {
        run(executor, &[header(kind::OUT, sector), data.to_vec()].concat(), 0)
    }

    #[test]
    fn transfers_longer_than_the_buffer_come_back_as_written() {
        let sectors = 3 * BUFFER_SIZE as u64 / SECTOR_SIZE;
        let disk = Disk::scratch((sectors + 2) * SECTOR_SIZE).unwrap();
        let mut executor = Executor::new(disk, [0; ID_SIZE], ALL);
        let data: Vec<u8> = (0..=250).cycle().take(usize::try_from(sectors * SECTOR_SIZE).unwrap()).collect();
        write(&mut executor, 1, &data).unwrap();
        let back = run(&mut executor, &header(kind::IN, 0), (sectors + 2) * SECTOR_SIZE).unwrap();
        assert!(back == [&[0; 512][..], &data, &[0; 512]].concat());
    }

    #[test]
    fn transfers_have_to_be_whole_sectors_on_the_disk() {
        let mut executor = executor(ALL);
        let last = SECTORS - 1;
        for (sector, length, expected) in [
            (last, 512, Ok(())),
            (SECTORS, 0, Ok(())),
            (last, 1024, Err(Status::Error)),
            (SECTORS, 512, Err(Status::Error)),
            (u64::MAX, 512, Err(Status::Error)),
            (u64::MAX - 1, 512, Err(Status::Error)),
            (u64::MAX / SECTOR_SIZE + 1, 512, Err(Status::Error)),
            (0, 511, Err(Status::Error)),
            (0, 513, Err(Status::Error)),
            (0, MAX_DATA + SECTOR_SIZE, Err(Status::Error)),
        ] {
            assert_eq!(
                run(&mut executor, &header(kind::IN, sector), length).map(drop),
                expected,
                "{sector} {length}"
            );
            if let Ok(length @ ..=1024) = usize::try_from(length) {
                assert_eq!(
                    write(&mut executor, sector, &vec![1; length]).map(drop),
                    expected,
                    "{sector} {length}"
                );
            }
        }
    }

    #[test]
    fn a_short_header_is_an_error_and_an_unknown_type_unsupported() {
        let mut executor = executor(ALL);
        for length in 0..16 {
            assert_eq!(run(&mut executor, &header(kind::IN, 0)[..length], 512), Err(Status::Error));
        }
        // 2 and 3 were SCSI's; 10 is lifetime; 14 is secure erase; 15 and up belong to zones.
        for kind in [2, 3, 5, 7, 9, 10, 12, 14, 15, 16, 26, 1 << 31, u32::MAX] {
            assert_eq!(run(&mut executor, &header(kind, 0), 512), Err(Status::Unsupported), "{kind}");
        }
    }

    #[test]
    fn what_was_not_negotiated_is_unsupported() {
        let mut executor = executor(Negotiated { flush: false, discard: false, write_zeroes: false });
        for kind in [kind::DISCARD, kind::WRITE_ZEROES] {
            let request = [header(kind, 0), range(0, 1, 0)].concat();
            assert_eq!(run(&mut executor, &request, 0), Err(Status::Unsupported));
        }
    }

    #[test]
    fn the_identification_fits_the_buffer_it_is_given() {
        let mut executor = executor(ALL);
        for (length, expected) in
            [(64, &b"twenty-byte-serial!!"[..]), (20, b"twenty-byte-serial!!"), (6, b"twenty"), (0, b"")]
        {
            assert_eq!(run(&mut executor, &header(kind::GET_ID, 0), length).unwrap(), expected);
        }
    }

    #[test]
    fn ranges_are_zeroed_and_nothing_else() {
        let mut executor = executor(ALL);
        for flags in [0, UNMAP] {
            write(&mut executor, 0, &[0xaa; 64 * 512]).unwrap();
            let request = [header(kind::WRITE_ZEROES, 0), range(1, 2, flags), range(63, 1, flags)].concat();
            run(&mut executor, &request, 0).unwrap();
            let back = run(&mut executor, &header(kind::IN, 0), SECTORS * SECTOR_SIZE).unwrap();
            let zeroed: Vec<usize> = (0..64)
                .filter(|sector| back[sector * 512..(sector + 1) * 512].iter().all(|&byte| byte == 0))
                .collect();
            assert_eq!(zeroed, [1, 2, 63]);
        }
    }

    #[test]
    fn ranges_outside_the_rules_are_refused() {
        let mut executor = executor(ALL);
        for kind in [kind::DISCARD, kind::WRITE_ZEROES] {
            let refused = |executor: &mut Executor, ranges: &[Vec<u8>]| {
                run(executor, &[header(kind, 0), ranges.concat()].concat(), 0).unwrap_err()
            };
            assert_eq!(refused(&mut executor, &[]), Status::Error);
            assert_eq!(refused(&mut executor, &[range(0, 1, 0)[..15].to_vec()]), Status::Error);
            assert_eq!(refused(&mut executor, &vec![range(0, 1, 0); 17]), Status::Error);
            assert_eq!(refused(&mut executor, &[range(SECTORS - 1, 2, 0)]), Status::Error);
            assert_eq!(refused(&mut executor, &[range(u64::MAX, 1, 0)]), Status::Error);
            assert_eq!(refused(&mut executor, &[range(0, u32::MAX, 0)]), Status::Error);
            assert_eq!(refused(&mut executor, &[range(0, 1, 2)]), Status::Unsupported);
        }
        let discard_with_unmap = [header(kind::DISCARD, 0), range(0, 1, UNMAP)].concat();
        assert_eq!(run(&mut executor, &discard_with_unmap, 0), Err(Status::Unsupported));
        assert!(
            run(&mut executor, &[header(kind::DISCARD, 0), vec![range(0, 1, 0); 16].concat()].concat(), 0)
                .is_ok()
        );
    }

    #[test]
    fn a_read_only_disk_is_read_and_not_written() {
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(1024).unwrap();
        let mut executor = Executor::new(Disk::open(image.path(), true).unwrap(), [0; ID_SIZE], ALL);
        assert_eq!(write(&mut executor, 0, &[1; 512]), Err(Status::Error));
        assert_eq!(run(&mut executor, &header(kind::IN, 0), 1024).unwrap(), [0; 1024]);
    }

    #[test]
    fn an_image_that_has_shrunk_is_an_error() {
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(4096).unwrap();
        let mut executor = Executor::new(Disk::open(image.path(), true).unwrap(), [0; ID_SIZE], ALL);
        image.as_file().set_len(512).unwrap();
        assert_eq!(run(&mut executor, &header(kind::IN, 0), 1024), Err(Status::Error));
    }
}
