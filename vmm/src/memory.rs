//! The guest's memory.
//!
//! RAM starts at 0. What does not fit below the hole for devices goes on at 4 GiB, as on every PC.

use std::sync::Arc;

use builtin_guest::layout::{WINDOW_COUNT, WINDOW_STRIDE, WINDOWS};
use vm_memory::{GuestAddress, GuestMemoryMmap};

use crate::accelerator::GuestMemory;
use crate::size;

/// The most memory that a machine can be given, in bytes.
pub const MOST_MEMORY: u64 = 1 << 40;
/// Memory comes in pages, in bytes.
pub const PAGE: u64 = 4096;

const HOLE_START: u64 = 0xc000_0000;
const HOLE_END: u64 = 1 << 32;
const IO_APIC: u64 = 0xfec0_0000;
const _: () = assert!(HOLE_START <= WINDOWS && WINDOWS + WINDOW_COUNT as u64 * WINDOW_STRIDE <= IO_APIC);

/// The host has no room for the guest's memory.
#[derive(Debug, thiserror::Error)]
#[error("'{}' cannot be had: {source}; accepted is what the host can map", size::print(*size))]
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
