//! The header and the descriptors of a statistics file.

use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::descriptor::{FIXED_SIZE, Located, Unknown, parse};
use super::error::{KvmStatsError, Part};
use crate::Descriptors;

/// Bytes of the header.
const HEADER_SIZE: usize = 24;
/// Bytes of one value.
const VALUE_SIZE: u64 = 8;
/// The most bytes that a file's descriptors may take, and its data. Kernels stay far below (a vCPU has about
/// 4 KiB of descriptors); a file that claims more is not one of KVM's.
pub(super) const LIMIT: u64 = 1 << 20;
/// How many unknown statistics are told by name.
const NAMED: usize = 8;

/// What a statistics file holds, read once: the kernel never changes it.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    /// The statistics that are understood, in the file's order.
    pub(super) descriptors: Arc<Descriptors>,
    /// Where the values of each start in the data, in bytes.
    offsets: Vec<usize>,
    /// The names of the others.
    unknown: Vec<String>,
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
        Self::new(bytes.chunks_exact(stride).filter_map(<[u8]>::split_first_chunk), data_offset.into())
    }

    /// The table of these descriptors, each in its fixed part and its name.
    fn new<'a>(
        raw: impl Iterator<Item = (&'a [u8; FIXED_SIZE], &'a [u8])>,
        data_offset: u64,
    ) -> Result<Self, KvmStatsError> {
        let (mut known, mut offsets, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        // The values may overlap, and then have more of a sum than of a reach: both are bounded.
        let (mut sum, mut reach) = (0_u64, 0);
        for (fixed, name) in raw {
            match parse(fixed, name) {
                Ok(Located { descriptor, offset }) => {
                    let length = u64::from(descriptor.length) * VALUE_SIZE;
                    sum = sum.saturating_add(length);
                    reach = reach.max(u64::from(offset) + length);
                    offsets.push(usize::try_from(offset).unwrap_or(usize::MAX));
                    known.push(descriptor);
                }
                Err(Unknown { name }) => unknown.push(name),
            }
        }
        bounded(sum, Part::Data)?;
        let data_length = bounded(reach, Part::Data)?;
        Ok(Self { descriptors: Descriptors::new(known), offsets, unknown, data_offset, data_length })
    }

    /// Picks the values out of `data`, which is `data_length` bytes long.
    pub(super) fn values(&self, data: &[u8], values: &mut [u64]) {
        for (index, &offset) in self.offsets.iter().enumerate() {
            let (words, _) = data.get(offset..).unwrap_or_default().as_chunks();
            let values = values.get_mut(self.descriptors.range(index)).unwrap_or_default();
            for (value, word) in values.iter_mut().zip(words) {
                *value = u64::from_ne_bytes(*word);
            }
        }
    }

    /// One line about the statistics that are not understood, if there are any.
    pub(super) fn unknown(&self) -> Option<String> {
        let count = self.unknown.len();
        let mut names = self.unknown.get(..count.min(NAMED))?.join(", ");
        if count == 0 {
            return None;
        }
        if count > NAMED {
            names += ", ...";
        }
        Some(format!(
            "KVM counts {count} statistics of a type, unit or base that is not known here; they are left out: {names}"
        ))
    }
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
