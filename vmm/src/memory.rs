//! The guest's memory: where its RAM lies and where virtio devices answer.
//!
//! RAM starts at 0. What does not fit below the hole for devices goes on at 4 GiB, as on every PC.

use std::sync::Arc;

use vm_memory::{GuestAddress, GuestMemoryMmap};

use crate::accelerator::GuestMemory;

/// The first virtio-mmio window.
pub const MMIO_BASE: u64 = 0xd000_0000;
/// From the start of one window to the next.
pub const MMIO_STRIDE: u64 = 0x1000;
/// The interrupt line of the first window; each window has the next one.
pub const FIRST_INTERRUPT: u32 = 5;
/// Windows: the lines of the I/O APIC from [`FIRST_INTERRUPT`] to its last, 23.
pub const MMIO_WINDOWS: u32 = 24 - FIRST_INTERRUPT;

/// The least memory that the built-in guest runs in, in bytes.
pub const LEAST_MEMORY: u64 = 16 << 20;
/// The most memory that a machine can be given, in bytes.
pub const MOST_MEMORY: u64 = 1 << 40;
/// Memory comes in pages, in bytes.
pub const PAGE: u64 = 4096;

const HOLE_START: u64 = 0xc000_0000;
const HOLE_END: u64 = 1 << 32;
const IO_APIC: u64 = 0xfec0_0000;
const _: () = assert!(HOLE_START <= MMIO_BASE && MMIO_BASE + MMIO_WINDOWS as u64 * MMIO_STRIDE <= IO_APIC);

/// The host has no room for the guest's memory.
#[derive(Debug, thiserror::Error)]
#[error("cannot map {size} bytes of guest memory: {source}")]
pub struct MemoryError {
    size: u64,
    source: vm_memory::mmap::FromRangesError,
}

/// Maps `size` bytes of RAM, all zeros, which take host memory only where they are touched.
///
/// # Errors
/// The host refuses the mapping.
pub fn map(size: u64) -> Result<GuestMemory, MemoryError> {
    GuestMemoryMmap::from_ranges(&ranges(size)).map(Arc::new).map_err(|source| MemoryError { size, source })
}

fn ranges(size: u64) -> Vec<(GuestAddress, usize)> {
    let low = size.min(HOLE_START);
    [(0, low), (HOLE_END, size - low)]
        .into_iter()
        .filter_map(|(base, length)| Some((GuestAddress(base), usize::try_from(length).ok()?)))
        .filter(|(_, length)| *length > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_leaves_a_hole_for_devices() {
        let gib = 1 << 30;
        assert_eq!(ranges(256 << 20), [(GuestAddress(0), 256 << 20)]);
        assert_eq!(ranges(3 << 30), [(GuestAddress(0), 3 * gib)]);
        assert_eq!(ranges(5 << 30), [(GuestAddress(0), 3 * gib), (GuestAddress(4 << 30), 2 * gib)]);
    }
}
