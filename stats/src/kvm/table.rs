//! The header and the descriptors of a statistics file.

use std::io::ErrorKind;
use std::os::unix::fs::FileExt;

use super::descriptor::{Descriptor, FIXED_SIZE};
use super::error::{KvmStatsError, Part};

/// Bytes of the header.
const HEADER_SIZE: usize = 24;
/// The most bytes that a file's descriptors may take, and its data. Kernels stay far below (a vCPU has about
/// 4 KiB of descriptors); a file that claims more is not one of KVM's.
pub(super) const LIMIT: u64 = 1 << 20;

/// What a statistics file holds, read once: the kernel never changes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    /// The statistics that are understood, in the file's order.
    pub(super) descriptors: Vec<Descriptor>,
    /// Where the values start, in bytes.
    pub(super) data_offset: u64,
    /// How many bytes of data hold all values of `descriptors`, holes included.
    pub(super) data_length: usize,
}

impl Table {
    /// Reads header and descriptors.
    pub(super) fn read(file: &impl FileExt) -> Result<Self, KvmStatsError> {
        let mut header = [0; HEADER_SIZE];
        read_part(file, &mut header, 0, Part::Header)?;
        let (words, _) = header.as_chunks::<4>();
        let [_flags, name_size, count, _id_offset, offset, data_offset] =
            std::array::from_fn(|word| words.get(word).map_or(0, |&bytes| u32::from_ne_bytes(bytes)));
        let stride = FIXED_SIZE.saturating_add(usize::try_from(name_size).unwrap_or(usize::MAX));
        let length = u64::try_from(stride).unwrap_or(u64::MAX).saturating_mul(count.into());
        let mut bytes = vec![0; bounded(length, Part::Descriptors)?];
        read_part(file, &mut bytes, offset.into(), Part::Descriptors)?;
        let descriptors: Vec<_> = bytes.chunks_exact(stride).filter_map(Descriptor::parse).collect();
        let data_length = data_length(&descriptors)?;
        Ok(Self { descriptors, data_offset: data_offset.into(), data_length })
    }
}

/// How far the data has to be read. Bounds both the reach of the values and their sum, which is more where
/// descriptors overlap.
fn data_length(descriptors: &[Descriptor]) -> Result<usize, KvmStatsError> {
    let sum = descriptors.iter().map(Descriptor::length).fold(0, u64::saturating_add);
    bounded(sum, Part::Data)?;
    let reach = descriptors.iter().map(Descriptor::end).max().unwrap_or(0);
    bounded(reach, Part::Data)
}

fn bounded(length: u64, part: Part) -> Result<usize, KvmStatsError> {
    let too_large = KvmStatsError::TooLarge { part, length, limit: LIMIT };
    if length > LIMIT { Err(too_large) } else { usize::try_from(length).map_err(|_| too_large) }
}

/// Fills `buffer` from `offset` on: one read, unless the kernel hands out less than there is.
pub(super) fn read_part(
    file: &impl FileExt,
    buffer: &mut [u8],
    offset: u64,
    part: Part,
) -> Result<(), KvmStatsError> {
    let expected = buffer.len();
    let mut actual = 0;
    while let Some(rest) = buffer.get_mut(actual..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset.saturating_add(u64::try_from(actual).unwrap_or(u64::MAX))) {
            Ok(0) => return Err(KvmStatsError::Short { part, expected, actual }),
            Ok(length) => actual += length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(source) => return Err(KvmStatsError::Read { part, source }),
        }
    }
    Ok(())
}
