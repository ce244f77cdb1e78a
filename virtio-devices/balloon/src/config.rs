//! The configuration space (virtio 1.3, 5.5.4) and the queues.

/// Queue 0: pages that the guest gives up.
pub(crate) const INFLATE: u16 = 0;
/// Queue 1: pages that it takes back.
pub(crate) const DEFLATE: u16 = 1;
/// Queue 2: what the guest knows of its memory.
pub(crate) const STATISTICS: u16 = 2;
/// Queue 3 and 4: pages that are free for the moment. The specification puts them on queue 4, behind a queue for hints;
/// Linux and other drivers leave out what is not offered, and use queue 3. Hints are never offered here, so both can
/// only be meant for reports.
pub(crate) const REPORTS: [u16; 2] = [3, 4];

/// Entries of each queue, of a balloon with reports.
const QUEUE_SIZES: [u16; 5] = [128; 5];

/// The queues of a balloon.
pub(crate) fn queue_sizes(reports: bool) -> &'static [u16] {
    let (without_reports, _) = QUEUE_SIZES.split_at(usize::from(STATISTICS) + 1);
    if reports { &QUEUE_SIZES } else { without_reports }
}

/// Bytes of the whole space.
pub(crate) const CONFIG_SIZE: usize = 16;
/// Offset of `actual`: how many pages the driver has given up.
pub(crate) const ACTUAL: u64 = 4;
/// Offset of `poison_val`: what the guest fills its free pages with.
pub(crate) const POISON: u64 = 12;

/// The space: `num_pages`, `actual`, `free_page_hint_cmd_id` (of hints, which are not offered), `poison_val`.
pub(crate) fn space(requested: u32, given_up: u32, poison: u32) -> [u8; CONFIG_SIZE] {
    let mut space = [0; CONFIG_SIZE];
    let (fields, _) = space.as_chunks_mut();
    fields
        .iter_mut()
        .zip([requested, given_up, 0, poison])
        .for_each(|(field, value)| *field = value.to_le_bytes());
    space
}
