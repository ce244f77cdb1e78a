//! A request's bytes (virtio 1.3, 5.2.6): what they ask for, and whether that is within the rules. Knows no rings.

use storage::{Operation, RequestKind, SECTOR_SIZE};

use crate::config::{MAX_DATA, MAX_DISCARD_SECTORS, MAX_RANGES, MAX_WRITE_ZEROES_SECTORS};

/// Bytes of the header in front of the data: type (32 bits), a reserved field, first sector (64 bits).
pub(crate) const HEADER_SIZE: u64 = 16;
/// Bytes of one range of a discard or write-zeroes request: first sector (64 bits), number of sectors, flags.
pub(crate) const RANGE_SIZE: u64 = 16;
/// The only flag of a range; every other bit is reserved.
const UNMAP: u32 = 1;
/// Bytes of the answer to a get-id request.
pub(crate) const ID_SIZE: usize = 20;

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

/// What requests are judged by: the disk, and what the driver has acknowledged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) sectors: u64,
    pub(crate) read_only: bool,
    pub(crate) discard: bool,
    pub(crate) write_zeroes: bool,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A read or a write of so many bytes.
    Transfer(Operation, u64),
    /// All that was written is to be stable.
    Flush,
    /// The disk's identification.
    Id,
    /// Something with each of so many ranges, which stand in the data.
    Ranges(RangeKind, u64),
}

/// What is to be done with ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RangeKind {
    Discard,
    WriteZeroes,
}

impl RangeKind {
    /// What it is counted as if it breaks the rules.
    pub(crate) fn counts_as(self) -> RequestKind {
        match self {
            Self::Discard => RequestKind::Unmap,
            Self::WriteZeroes => RequestKind::Write,
        }
    }
}

/// What a request with this header is counted as if it breaks the rules; `None` if nobody knows such a one.
pub(crate) fn kind_of([t0, t1, t2, t3, ..]: [u8; 16]) -> Option<RequestKind> {
    match u32::from_le_bytes([t0, t1, t2, t3]) {
        kind::IN => Some(RequestKind::Read),
        kind::OUT => Some(RequestKind::Write),
        kind::FLUSH => Some(RequestKind::Flush),
        kind::DISCARD => Some(RangeKind::Discard.counts_as()),
        kind::WRITE_ZEROES => Some(RangeKind::WriteZeroes.counts_as()),
        _ => None,
    }
}

impl Rules {
    /// What the request with this header asks for, which has so many bytes of data to read and so much room for data.
    ///
    /// # Errors
    /// It breaks the rules, or is unknown. An error is never [`Status::Ok`].
    pub(crate) fn judge(&self, header: [u8; 16], input: u64, output: u64) -> Result<Wanted, Status> {
        let [t0, t1, t2, t3, _, _, _, _, sector @ ..] = header;
        let sector = u64::from_le_bytes(sector);
        match u32::from_le_bytes([t0, t1, t2, t3]) {
            kind::IN => {
                let offset = self.data_offset(sector, output)?;
                Ok(Wanted::Transfer(Operation::Read { offset }, output))
            }
            kind::OUT if self.read_only => Err(Status::Error),
            kind::OUT => {
                let offset = self.data_offset(sector, input)?;
                Ok(Wanted::Transfer(Operation::Write { offset }, input))
            }
            kind::FLUSH => Ok(Wanted::Flush),
            kind::GET_ID => Ok(Wanted::Id),
            kind::DISCARD if self.discard => Ok(Wanted::Ranges(RangeKind::Discard, range_count(input)?)),
            kind::WRITE_ZEROES if self.write_zeroes => {
                Ok(Wanted::Ranges(RangeKind::WriteZeroes, range_count(input)?))
            }
            _ => Err(Status::Unsupported),
        }
    }

    /// What is to be done with one range.
    ///
    /// # Errors
    /// As those of [`judge`](Self::judge).
    pub(crate) fn range(&self, kind: RangeKind, range: [u8; 16]) -> Result<Operation, Status> {
        let [sector @ .., c0, c1, c2, c3, f0, f1, f2, f3] = range;
        let (sectors, flags) = (u32::from_le_bytes([c0, c1, c2, c3]), u32::from_le_bytes([f0, f1, f2, f3]));
        // Unmap is what a discard does anyway; the specification wants the flag refused there (5.2.6.2).
        let (flags_known, most) = match kind {
            RangeKind::Discard => (0, MAX_DISCARD_SECTORS),
            RangeKind::WriteZeroes => (UNMAP, MAX_WRITE_ZEROES_SECTORS),
        };
        if flags & !flags_known != 0 {
            return Err(Status::Unsupported);
        }
        if sectors > most {
            return Err(Status::Error);
        }
        let offset = self.offset(u64::from_le_bytes(sector), sectors.into())?;
        let length = u64::from(sectors) * SECTOR_SIZE;
        Ok(match kind {
            RangeKind::Discard => Operation::Discard { offset, length },
            RangeKind::WriteZeroes => {
                Operation::WriteZeroes { offset, length, may_unmap: flags & UNMAP != 0 }
            }
        })
    }

    /// The byte offset of a transfer of `length` bytes, if it lies on the disk and is whole sectors within
    /// the announced limits.
    fn data_offset(&self, sector: u64, length: u64) -> Result<u64, Status> {
        if !length.is_multiple_of(SECTOR_SIZE) || length > MAX_DATA {
            return Err(Status::Error);
        }
        self.offset(sector, length / SECTOR_SIZE)
    }

    fn offset(&self, sector: u64, sectors: u64) -> Result<u64, Status> {
        match sector.checked_add(sectors) {
            Some(end) if end <= self.sectors => Ok(sector * SECTOR_SIZE),
            _ => Err(Status::Error),
        }
    }
}

fn range_count(length: u64) -> Result<u64, Status> {
    let count = length / RANGE_SIZE;
    let valid = length.is_multiple_of(RANGE_SIZE) && (1..=u64::from(MAX_RANGES)).contains(&count);
    if valid { Ok(count) } else { Err(Status::Error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECTORS: u64 = 64;
    const RULES: Rules = Rules { sectors: SECTORS, read_only: false, discard: true, write_zeroes: true };

    fn header(kind: u32, sector: u64) -> [u8; 16] {
        let mut header = [0xff; 16];
        header[..4].copy_from_slice(&kind.to_le_bytes());
        header[8..].copy_from_slice(&sector.to_le_bytes());
        header
    }

    #[test]
    fn transfers_have_to_be_whole_sectors_on_the_disk() {
        for (sector, length) in [(63, 1024), (64, 512), (u64::MAX, 512), (0, 511), (0, MAX_DATA + 512)] {
            assert_eq!(RULES.judge(header(kind::IN, sector), 0, length), Err(Status::Error));
            assert_eq!(RULES.judge(header(kind::OUT, sector), length, 0), Err(Status::Error));
        }
        let last = Operation::Read { offset: 63 * 512 };
        assert_eq!(RULES.judge(header(kind::IN, 63), 9, 512), Ok(Wanted::Transfer(last, 512)));
    }

    #[test]
    fn what_was_not_negotiated_is_unsupported() {
        let rules = Rules { discard: false, write_zeroes: false, ..RULES };
        for kind in [kind::DISCARD, kind::WRITE_ZEROES, 10, u32::MAX] {
            assert_eq!(rules.judge(header(kind, 0), 16, 0), Err(Status::Unsupported));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_allowed_lies_on_the_disk(
            kind in 0_u32..16, sector in prop_oneof![0..70_u64, any::<u64>()], lengths in (0_u64..5000, 0_u64..5000),
            bytes: [u8; 16], count in 0_u32..70, read_only: bool,
        ) {
            let rules = Rules { read_only, ..RULES };
            let size = SECTORS * SECTOR_SIZE;
            match rules.judge(header(kind, sector), lengths.0, lengths.1) {
                Ok(Wanted::Transfer(Operation::Read { offset }, length)) => prop_assert!(offset + length <= size),
                Ok(Wanted::Transfer(Operation::Write { offset }, length)) => {
                    prop_assert!(offset + length <= size && !read_only);
                }
                Ok(Wanted::Ranges(_, count)) => prop_assert!((1..=16).contains(&count)),
                Err(status) => prop_assert_ne!(status, Status::Ok),
                _ => {}
            }
            let mut range = bytes;
            range[..8].copy_from_slice(&sector.to_le_bytes());
            range[8..12].copy_from_slice(&count.to_le_bytes());
            if let Ok(Operation::Discard { offset, length }) = rules.range(RangeKind::Discard, range) {
                prop_assert!(offset + length <= size);
            }
        }
    }
}
