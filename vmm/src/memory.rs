//! The guest's memory.
//!
//! RAM starts at 0. What does not fit below the hole for devices goes on at 4 GiB, as on every PC.

use std::sync::Arc;

use boot::MemoryLayout;
use boot::addresses::{HOLE, PCI_ECAM};
use builtin_guest::layout::{WINDOW_COUNT, WINDOW_STRIDE, WINDOWS};
use vm_memory::{GuestAddress, GuestMemoryMmap};

use crate::accelerator::GuestMemory;
use crate::size;

/// The most memory that a machine can be given, in bytes.
pub const MOST_MEMORY: u64 = 1 << 40;
/// Memory comes in pages, in bytes.
pub const PAGE: u64 = 4096;

const _: () = assert!(HOLE <= WINDOWS && WINDOWS + WINDOW_COUNT as u64 * WINDOW_STRIDE <= PCI_ECAM);

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
    MemoryLayout::new(size)
        .ranges()
        .filter_map(|range| Some((GuestAddress(range.start), usize::try_from(range.size).ok()?)))
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
