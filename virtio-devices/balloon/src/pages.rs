//! Gives pages of guest memory back to the host.
#![allow(unsafe_code, reason = "madvise takes raw addresses")]

use vm_memory::{Address, GuestAddress, GuestMemoryBackend, GuestMemoryRegion, GuestRegionMmap};

use virtio_core::GuestMemory;

/// The unit of page frame numbers, in bytes, whatever the page size of guest or host (5.5.6).
pub(crate) const PAGE_SIZE: u64 = 4096;

/// Pages with consecutive numbers, gathered so that the host is asked once for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    first: u32,
    last: u32,
}

impl Run {
    pub(crate) fn new(page: u32) -> Self {
        Self { first: page, last: page }
    }

    /// Takes the page in if it is the next one at either end (Linux reports them in both directions).
    pub(crate) fn extend(&mut self, page: u32) -> bool {
        if Some(page) == self.last.checked_add(1) {
            self.last = page;
        } else if page.checked_add(1) == Some(self.first) {
            self.first = page;
        } else {
            return false;
        }
        true
    }

    /// Returns the run's memory to the host; whoever reads it afterwards finds zeroes. Pages that are not, or
    /// not completely, in guest memory are left out: the driver gave up what it never had.
    pub(crate) fn release(self, memory: &GuestMemory) {
        let start = u64::from(self.first) * PAGE_SIZE;
        let end = (u64::from(self.last) + 1) * PAGE_SIZE;
        for region in memory.iter() {
            let region_start = region.start_addr().raw_value();
            let region_end = region_start.saturating_add(region.len());
            let start = start.max(region_start.next_multiple_of(PAGE_SIZE));
            let end = end.min(region_end / PAGE_SIZE * PAGE_SIZE);
            if start < end {
                release_in_region(region, GuestAddress(start), end - start);
            }
        }
    }
}

/// Releases `length` bytes from `start` on, which lie in `region`.
fn release_in_region(region: &GuestRegionMmap, start: GuestAddress, length: u64) {
    let offset = region.to_region_addr(start);
    let host = offset.and_then(|offset| region.get_host_address(offset).ok());
    let (Some(host), Ok(length)) = (host, usize::try_from(length)) else { return };
    // A private page is forgotten by its mapping; a shared one has to go from the file behind it.
    let shared = region.flags() & libc::MAP_SHARED != 0;
    let advice = if shared { libc::MADV_REMOVE } else { libc::MADV_DONTNEED };
    // SAFETY: the range is inside of the region's mapping, which the borrow keeps alive. The guest's memory
    // is only accessed through raw, volatile accesses, and its content may change at any time anyway: no Rust
    // reference sees the change. A refusal (pages locked in memory, or larger ones) leaves the pages where
    // they are, which inflating allows (5.5.6.2).
    unsafe { libc::madvise(host.cast(), length, advice) };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vm_memory::{Bytes, FileOffset, GuestMemoryMmap};

    use super::*;

    fn filled(memory: GuestMemoryMmap) -> GuestMemory {
        for region in memory.iter() {
            let bytes = vec![0xaa; usize::try_from(region.len()).unwrap()];
            memory.write_slice(&bytes, region.start_addr()).unwrap();
        }
        Arc::new(memory)
    }

    fn first_bytes_of_pages(memory: &GuestMemory, start: u64, pages: u64) -> Vec<u8> {
        (0..pages).map(|page| memory.read_obj(GuestAddress(start + page * PAGE_SIZE)).unwrap()).collect()
    }

    #[test]
    fn a_run_grows_at_both_ends_only() {
        let mut run = Run::new(10);
        assert!(run.extend(11));
        assert!(run.extend(9));
        assert!(!run.extend(9));
        assert!(!run.extend(13));
        assert_eq!(run, Run { first: 9, last: 11 });
        assert!(!Run::new(u32::MAX).extend(0));
        assert!(!Run::new(0).extend(u32::MAX));
    }

    #[test]
    fn exactly_the_run_reads_as_zeroes() {
        let memory = filled(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 0x5000)]).unwrap());
        Run { first: 1, last: 2 }.release(&memory);
        assert_eq!(first_bytes_of_pages(&memory, 0, 5), [0xaa, 0, 0, 0xaa, 0xaa]);
    }

    #[test]
    fn shared_memory_is_released_too() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(0x3000).unwrap();
        let ranges = [(GuestAddress(0), 0x3000, Some(FileOffset::new(file, 0)))];
        let memory = filled(GuestMemoryMmap::from_ranges_with_files(ranges).unwrap());
        Run { first: 1, last: 1 }.release(&memory);
        assert_eq!(first_bytes_of_pages(&memory, 0, 3), [0xaa, 0, 0xaa]);
    }

    #[test]
    fn only_whole_pages_of_memory_are_released() {
        // A hole between two regions, and half a page at the end of the second.
        let ranges = [(GuestAddress(0x1000), 0x1000), (GuestAddress(0x3000), 0x1800)];
        let memory = filled(GuestMemoryMmap::from_ranges(&ranges).unwrap());
        Run { first: 0, last: u32::MAX }.release(&memory);
        assert_eq!(first_bytes_of_pages(&memory, 0x1000, 1), [0]);
        assert_eq!(first_bytes_of_pages(&memory, 0x3000, 2), [0, 0xaa]);
        Run::new(u32::MAX).release(&memory);
    }
}
