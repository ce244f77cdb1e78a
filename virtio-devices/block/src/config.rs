//! The configuration space (virtio 1.3, 5.2.4) and the limits it announces.

use storage::{Image, SECTOR_SIZE};

/// Entries of a request queue.
pub(crate) const QUEUE_SIZE: u16 = 256;
/// Longest data segment that drivers are told to use, in bytes.
pub(crate) const SIZE_MAX: u32 = 1 << 20;
/// Most data segments in a request: a full queue less the header's and the status byte's descriptor.
pub(crate) const SEG_MAX: u32 = QUEUE_SIZE as u32 - 2;
/// Most data in one request, in bytes, however it is cut. Without it a driver could name the same page in
/// every descriptor and keep the device from pausing for as long as the whole disk takes.
pub(crate) const MAX_DATA: u64 = SIZE_MAX as u64 * SEG_MAX as u64;

/// Most segments in one discard or write-zeroes request.
pub(crate) const MAX_RANGES: u32 = 16;
/// Longest range of a discard, in sectors: 1 GiB, which takes a file system about as long as a large write.
pub(crate) const MAX_DISCARD_SECTORS: u32 = 1 << 21;
/// Longest range of a write-zeroes request, in sectors: 64 MiB, since the host may have to write that many
/// bytes.
pub(crate) const MAX_WRITE_ZEROES_SECTORS: u32 = 1 << 17;
/// Discards aligned to this many sectors free storage: the 4 KiB block of the usual host file systems.
const DISCARD_ALIGNMENT_SECTORS: u32 = 8;

/// Sectors of a physical block, as a power of two: 4 KiB, the unit of the usual host file systems and their cache.
const PHYSICAL_BLOCK_EXPONENT: u8 = 3;
/// The largest transfer that drivers are told to prefer, in sectors: 256 KiB. Linux reads ahead twice as much.
const OPTIMAL_SECTORS: u32 = 512;

/// Where `writeback` stands: the one field that can be written.
pub(crate) const WRITE_BACK: u64 = 32;

/// Bytes up to and including the write-zeroes fields; what follows belongs to features that are not offered.
pub(crate) const CONFIG_SIZE: usize = 60;

/// The configuration space of a device with so many queues in front of `image`.
pub(crate) fn space(image: &Image, queues: u16, write_back: bool) -> [u8; CONFIG_SIZE] {
    let mut space = [0; CONFIG_SIZE];
    let mut put = |offset: usize, bytes: &[u8]| {
        space.iter_mut().skip(offset).zip(bytes).for_each(|(place, byte)| *place = *byte);
    };
    put(0, &image.sectors().to_le_bytes()); // capacity
    put(8, &SIZE_MAX.to_le_bytes()); // size_max
    put(12, &SEG_MAX.to_le_bytes()); // seg_max
    put(20, &u32::try_from(SECTOR_SIZE).unwrap_or(u32::MAX).to_le_bytes()); // blk_size
    put(24, &[PHYSICAL_BLOCK_EXPONENT]); // physical_block_exp; alignment_offset is 0
    put(26, &(1_u16 << PHYSICAL_BLOCK_EXPONENT).to_le_bytes()); // min_io_size, in logical blocks
    put(28, &OPTIMAL_SECTORS.to_le_bytes()); // opt_io_size, in logical blocks
    put(32, &[u8::from(write_back)]); // writeback
    put(34, &queues.to_le_bytes()); // num_queues
    if !image.is_read_only() {
        put(36, &MAX_DISCARD_SECTORS.to_le_bytes()); // max_discard_sectors
        put(40, &MAX_RANGES.to_le_bytes()); // max_discard_seg
        put(44, &DISCARD_ALIGNMENT_SECTORS.to_le_bytes()); // discard_sector_alignment
        put(48, &MAX_WRITE_ZEROES_SECTORS.to_le_bytes()); // max_write_zeroes_sectors
        put(52, &MAX_RANGES.to_le_bytes()); // max_write_zeroes_seg
        put(56, &[1]); // write_zeroes_may_unmap
    }
    space
}
