//! The guest's memory.
//!
//! RAM starts at 0. What does not fit below the hole for devices goes on at 4 GiB, as on every PC.

mod region;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use boot::MemoryLayout;
use boot::addresses::{HOLE, PCI_ECAM};
use builtin_guest::layout::{WINDOW_COUNT, WINDOW_STRIDE, WINDOWS};
use vm_memory::mmap::FromRangesError;
use vm_memory::{GuestAddress, GuestMemoryMmap, GuestRegionMmap};

use crate::accelerator::GuestMemory;
use crate::size;

/// The most memory that a machine can be given, in bytes: what KVM takes of it in one piece is a page less.
pub const MOST_MEMORY: u64 = 8 << 40;
/// Memory comes in pages, in bytes.
pub const PAGE: u64 = 4096;
/// Bytes of a huge page.
pub const HUGE_PAGE: u64 = 2 << 20;

const _: () = assert!(HOLE <= WINDOWS && WINDOWS + WINDOW_COUNT as u64 * WINDOW_STRIDE <= PCI_ECAM);

/// Whether guest memory is made of huge pages: the guest's accesses find their way through fewer tables, and memory is had
/// in fewer steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HugePages {
    /// Where the host has some when memory is first touched (transparent huge pages).
    #[default]
    Auto,
    /// All of it, from those that the host has set aside.
    On,
    /// None: no more host memory than the guest touches.
    Off,
}

impl HugePages {
    /// Every choice, in the order in which help shows them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::On, Self::Off];

    /// As on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for HugePages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Who can map guest memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// This process alone.
    Private,
    /// Whoever is given the file behind it, too. A host makes transparent huge pages of such memory only if
    /// `/sys/kernel/mm/transparent_hugepage/shmem_enabled` says so.
    Shared,
}

/// A text that is none of [`HugePages::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchChoice;

impl FromStr for HugePages {
    type Err = NoSuchChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text).ok_or(NoSuchChoice)
    }
}

/// The host has no room for the guest's memory.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// Of any kind.
    #[error("'{}' cannot be had: {source}; accepted is what the host can map", size::print(*size))]
    Map {
        /// How much was asked for, in bytes.
        size: u64,
        /// Why not.
        source: FromRangesError,
    },
    /// Of huge pages.
    #[error(
        "'{},hugepages=on' cannot be had: {source}; accepted is what the host has set aside as free huge pages of 2M: {}",
        size::print(*size),
        free.map_or("nobody knows how many".to_owned(), |pages| pages.to_string())
    )]
    HugePages {
        /// How much was asked for, in bytes.
        size: u64,
        /// How many huge pages of 2 MiB the host has.
        free: Option<u64>,
        /// Why not.
        source: FromRangesError,
    },
}

/// Maps `size` bytes of RAM, all zeros, which take host memory only where they are touched.
///
/// # Errors
/// The host refuses the mapping.
pub fn map(size: u64, huge_pages: HugePages, sharing: Sharing) -> Result<GuestMemory, MemoryError> {
    regions(size, huge_pages, sharing).map(Arc::new).map_err(|source| match huge_pages {
        HugePages::On => MemoryError::HugePages { size, free: free_huge_pages(), source },
        HugePages::Auto | HugePages::Off => MemoryError::Map { size, source },
    })
}

fn regions(size: u64, huge_pages: HugePages, sharing: Sharing) -> Result<GuestMemoryMmap, FromRangesError> {
    let regions = MemoryLayout::new(size).ranges().map(|range| {
        let length = usize::try_from(range.size).map_err(|_| FromRangesError::InvalidGuestRegion)?;
        let region = region::map(length, huge_pages, sharing)?;
        GuestRegionMmap::new(region, GuestAddress(range.start)).ok_or(FromRangesError::InvalidGuestRegion)
    });
    let regions = regions.collect::<Result<Vec<_>, FromRangesError>>()?;
    Ok(GuestMemoryMmap::from_regions(regions)?)
}

/// How many huge pages of 2 MiB the host has set aside and nobody uses.
fn free_huge_pages() -> Option<u64> {
    let text = std::fs::read_to_string("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages").ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;

    use vm_memory::{Bytes, GuestMemoryBackend, GuestMemoryRegion, MemoryRegionAddress};

    use super::*;

    #[test]
    fn memory_leaves_a_hole_for_devices() {
        let ranges = |size| {
            let memory = map(size, HugePages::Off, Sharing::Private).unwrap();
            memory.iter().map(|region| (region.start_addr().0, region.len())).collect::<Vec<_>>()
        };
        let gib = 1 << 30;
        assert_eq!(ranges(256 << 20), [(0, 256 << 20)]);
        assert_eq!(ranges(3 * gib), [(0, 3 * gib)]);
        assert_eq!(ranges(5 * gib), [(0, 3 * gib), (4 * gib, 2 * gib)]);
    }

    #[test]
    fn huge_pages_of_host_and_guest_lie_on_each_other() {
        // No whole number of huge pages, since the kernel places such mappings by itself.
        for size in [(64 << 20) + PAGE, (5 << 30) + PAGE] {
            let memory = map(size, HugePages::Auto, Sharing::Private).unwrap();
            for region in memory.iter() {
                let host = region.get_host_address(MemoryRegionAddress(0)).unwrap().addr() as u64;
                assert_eq!((host - region.start_addr().0) % HUGE_PAGE, 0, "{size:#x}");
            }
        }
    }

    #[test]
    fn shared_memory_is_seen_through_its_file_and_cannot_be_cut_short() {
        for huge_pages in [HugePages::Auto, HugePages::Off] {
            let memory = map(5 << 30, huge_pages, Sharing::Shared).unwrap();
            for region in memory.iter() {
                memory.write_obj(0x1234_u32, region.start_addr()).unwrap();
                let file = region.file_offset().unwrap();
                let mut bytes = [0; 4];
                file.file().read_exact_at(&mut bytes, file.start()).unwrap();
                assert_eq!(u32::from_le_bytes(bytes), 0x1234);
                // Memory that went away would end this program, not the one that cut it.
                assert!(file.file().set_len(0).is_err());
            }
        }
    }

    #[test]
    fn reserved_huge_pages_are_used_or_counted() {
        let free = free_huge_pages();
        for sharing in [Sharing::Private, Sharing::Shared] {
            match map(HUGE_PAGE, HugePages::On, sharing) {
                Ok(memory) => memory.write_obj(1u64, GuestAddress(HUGE_PAGE - 8)).unwrap(),
                Err(error) => {
                    let text = format!("set aside as free huge pages of 2M: {}", free.unwrap_or(0));
                    assert!(error.to_string().contains(&text) || free.is_none(), "{error}");
                }
            }
        }
    }
}
