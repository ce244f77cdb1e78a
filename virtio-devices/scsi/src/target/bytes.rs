//! Bytes of answers, as SCSI lays them out: high byte first, at fixed offsets.

/// Writes `bytes` at `offset`; what would lie beyond is left out.
pub(crate) fn put(page: &mut [u8], offset: usize, bytes: &[u8]) {
    page.iter_mut().skip(offset).zip(bytes).for_each(|(place, byte)| *place = *byte);
}

/// The number that up to eight bytes from `offset` on make, missing ones counted as zero.
pub(crate) fn number(bytes: &[u8], offset: usize, size: usize) -> u64 {
    let byte = |at: usize| u64::from(bytes.get(at).copied().unwrap_or(0));
    (offset..offset + size.min(8)).fold(0, |value, at| value << 8 | byte(at))
}
