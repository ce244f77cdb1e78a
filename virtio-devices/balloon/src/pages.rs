//! Gives pages of guest memory back to the host.
#![allow(unsafe_code, reason = "madvise takes raw addresses")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use vm_memory::{Address, GuestAddress, GuestMemoryBackend, GuestMemoryRegion, GuestRegionMmap};

use virtio_core::GuestMemory;

/// The unit of page frame numbers, in bytes, whatever the page size of guest or host (5.5.6).
pub(crate) const PAGE_SIZE: u64 = 4096;
/// Bytes of a huge page where nothing else is said.
const USUAL_HUGE_PAGE: u64 = 2 << 20;

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

    /// Where its memory is, in bytes: first, and first behind.
    pub(crate) fn range(self) -> Range<u64> {
        u64::from(self.first) * PAGE_SIZE..(u64::from(self.last) + 1) * PAGE_SIZE
    }
}

/// Returns memory to the host; whoever reads it afterwards finds zeroes. What is not in guest memory is left out: the
/// driver gave up what it never had.
///
/// The host takes back whole pages of its own, and these may be larger than those of a driver. They go when their last
/// part is given up, if the driver asks before it uses pages again; otherwise nobody could tell which parts are still
/// unused.
#[derive(Debug)]
pub(crate) struct Releaser {
    /// The larger pages that have been given up in part, by their address; `None` if the driver does not ask.
    parts: Option<BTreeMap<u64, Parts>>,
}

impl Releaser {
    /// For a driver that asks before it uses pages again, or does not.
    pub(crate) fn new(driver_asks: bool) -> Self {
        Self { parts: driver_asks.then(BTreeMap::new) }
    }

    /// The driver gives up these pages for good. Gives the number of bytes that the host has back.
    pub(crate) fn give_up(&mut self, run: Run, memory: &GuestMemory) -> u64 {
        let mut released = 0;
        for region in memory.iter() {
            let page = host_page_size(region);
            released += release_whole_pages(region, run.range(), page);
            if page > PAGE_SIZE {
                released += self.give_up_parts(region, run.range(), page);
            }
        }
        released
    }

    /// The driver is going to use these pages again.
    pub(crate) fn take_back(&mut self, run: Run) {
        let Some(parts) = &mut self.parts else { return };
        let range = run.range();
        // From the last one down to the first that has any of them: a driver names pages one by one, and there may be many parts.
        let mut end = range.end;
        while let Some((&start, part)) = parts.range_mut(..end).next_back()
            && range.start < start + part.size()
        {
            part.set(small_pages(start, &range), false);
            if part.given_up == 0 {
                parts.remove(&start);
            }
            end = start;
        }
    }

    /// The driver does not use these bytes for the moment. Gives the number of bytes that the host has back.
    pub(crate) fn discard(&self, start: GuestAddress, length: u32, memory: &GuestMemory) -> u64 {
        let range = start.raw_value()..start.raw_value().saturating_add(length.into());
        memory.iter().map(|region| release_whole_pages(region, range.clone(), host_page_size(region))).sum()
    }

    /// Notes the parts of larger pages at both ends of `range`, and releases those pages that are complete now.
    fn give_up_parts(&mut self, region: &GuestRegionMmap, range: Range<u64>, page: u64) -> u64 {
        let Some(parts) = &mut self.parts else { return 0 };
        let Some(range) = within(region, &range, PAGE_SIZE) else { return 0 };
        let base = region.start_addr().raw_value();
        let page_of = |address: u64| base + (address - base) / page * page;
        let mut released = 0;
        for start in BTreeSet::from([page_of(range.start), page_of(range.end - 1)]) {
            if range.start <= start && start + page <= range.end {
                parts.remove(&start);
                continue;
            }
            let part = parts.entry(start).or_insert_with(|| Parts::new(page / PAGE_SIZE));
            part.set(small_pages(start, &range), true);
            if part.given_up == page / PAGE_SIZE {
                parts.remove(&start);
                released += release_whole_pages(region, start..start + page, page);
            }
        }
        released
    }
}

/// Which small pages of a larger one have been given up.
#[derive(Debug)]
struct Parts {
    pages: Vec<bool>,
    given_up: u64,
}

impl Parts {
    fn new(pages: u64) -> Self {
        Self { pages: vec![false; usize::try_from(pages).unwrap_or(0)], given_up: 0 }
    }

    /// Bytes of the larger page.
    fn size(&self) -> u64 {
        PAGE_SIZE * self.pages.len() as u64
    }

    fn set(&mut self, range: Range<u64>, given_up: bool) {
        let [start, end] = [range.start, range.end].map(|page| usize::try_from(page).unwrap_or(usize::MAX));
        for page in self.pages.iter_mut().take(end).skip(start).filter(|page| **page != given_up) {
            *page = given_up;
            self.given_up = if given_up { self.given_up + 1 } else { self.given_up - 1 };
        }
    }
}

/// Which small pages of the larger one at `start` lie in `range`, counted from `start`.
fn small_pages(start: u64, range: &Range<u64>) -> Range<u64> {
    range.start.saturating_sub(start) / PAGE_SIZE..range.end.saturating_sub(start) / PAGE_SIZE
}

/// The part of `range` that lies in whole pages of `page` bytes of the region.
fn within(region: &GuestRegionMmap, range: &Range<u64>, page: u64) -> Option<Range<u64>> {
    let base = region.start_addr().raw_value();
    let start = range.start.saturating_sub(base).checked_next_multiple_of(page)?;
    let end = range.end.saturating_sub(base).min(region.len()) / page * page;
    (start < end).then_some(base + start..base + end)
}

/// Bytes of the pages that the host has put the region together from. (Those that it joins to larger ones by itself, it
/// also takes apart again.)
fn host_page_size(region: &GuestRegionMmap) -> u64 {
    if region.flags() & libc::MAP_HUGETLB == 0 {
        return PAGE_SIZE;
    }
    // Six bits hold the binary logarithm; zero stands for what the host usually has.
    match region.flags() >> libc::MAP_HUGE_SHIFT & libc::MAP_HUGE_MASK {
        0 => USUAL_HUGE_PAGE,
        logarithm => 1 << logarithm,
    }
}

/// Releases what of `range` fills pages of `page` bytes in `region`; gives their bytes.
fn release_whole_pages(region: &GuestRegionMmap, range: Range<u64>, page: u64) -> u64 {
    let Some(range) = within(region, &range, page) else { return 0 };
    let offset = region.to_region_addr(GuestAddress(range.start));
    let host = offset.and_then(|offset| region.get_host_address(offset).ok());
    let (Some(host), Ok(length)) = (host, usize::try_from(range.end - range.start)) else { return 0 };
    // A private page is forgotten by its mapping; a shared one has to go from the file behind it.
    let shared = region.flags() & libc::MAP_SHARED != 0;
    let advice = if shared { libc::MADV_REMOVE } else { libc::MADV_DONTNEED };
    // SAFETY: the range is inside of the region's mapping, which the borrow keeps alive. The guest's memory
    // is only accessed through raw, volatile accesses, and its content may change at any time anyway: no Rust
    // reference sees the change. A refusal (pages locked in memory, for example) leaves the pages where they
    // are, which inflating allows (5.5.6.2).
    let refused = unsafe { libc::madvise(host.cast(), length, advice) } != 0;
    if refused { 0 } else { range.end - range.start }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vm_memory::{Bytes, FileOffset, GuestMemoryMmap, MmapRegion};

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

    /// Gives up these pages; the driver asks before it takes any back.
    fn release(memory: &GuestMemory, first: u32, last: u32) -> u64 {
        Releaser::new(true).give_up(Run { first, last }, memory)
    }

    #[test]
    fn exactly_the_run_reads_as_zeroes() {
        let memory = filled(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 0x5000)]).unwrap());
        assert_eq!(release(&memory, 1, 2), 0x2000);
        assert_eq!(first_bytes_of_pages(&memory, 0, 5), [0xaa, 0, 0, 0xaa, 0xaa]);
    }

    #[test]
    fn shared_memory_is_released_too() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(0x3000).unwrap();
        let ranges = [(GuestAddress(0), 0x3000, Some(FileOffset::new(file, 0)))];
        let memory = filled(GuestMemoryMmap::from_ranges_with_files(ranges).unwrap());
        assert_eq!(release(&memory, 1, 1), 0x1000);
        assert_eq!(first_bytes_of_pages(&memory, 0, 3), [0xaa, 0, 0xaa]);
    }

    #[test]
    fn only_whole_pages_of_memory_are_released() {
        // A hole between two regions, and half a page at the end of the second.
        let ranges = [(GuestAddress(0x1000), 0x1000), (GuestAddress(0x3000), 0x1800)];
        let memory = filled(GuestMemoryMmap::from_ranges(&ranges).unwrap());
        assert_eq!(release(&memory, 0, u32::MAX), 0x2000);
        assert_eq!(first_bytes_of_pages(&memory, 0x1000, 1), [0]);
        assert_eq!(first_bytes_of_pages(&memory, 0x3000, 2), [0, 0xaa]);
        assert_eq!(release(&memory, u32::MAX, u32::MAX), 0);
    }

    #[test]
    fn reports_may_be_cut_anywhere() {
        let memory = filled(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 0x5000)]).unwrap());
        let releaser = Releaser::new(false);
        assert_eq!(releaser.discard(GuestAddress(0x800), 0x3000, &memory), 0x2000);
        assert_eq!(releaser.discard(GuestAddress(u64::MAX - 5), u32::MAX, &memory), 0);
        assert_eq!(first_bytes_of_pages(&memory, 0, 5), [0xaa, 0, 0, 0xaa, 0xaa]);
    }

    /// Memory that says that it is made of huge pages. (It is not: few hosts have set some aside.)
    fn huge() -> GuestMemory {
        let length = 2 * usize::try_from(USUAL_HUGE_PAGE).unwrap();
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let pretended =
            MmapRegion::<()>::build(None, length, access, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS).unwrap();
        let flags = pretended.flags() | libc::MAP_HUGETLB;
        let start = pretended.as_ptr();
        std::mem::forget(pretended);
        // SAFETY: the mapping was made above, has this size, and is forgotten there.
        let region = unsafe { MmapRegion::build_raw(start, length, access, flags) };
        let region = GuestRegionMmap::new(region.unwrap(), GuestAddress(0)).unwrap();
        filled(GuestMemoryMmap::from_regions(vec![region]).unwrap())
    }

    #[test]
    fn a_huge_page_goes_when_its_last_part_is_given_up() {
        let (memory, mut releaser) = (huge(), Releaser::new(true));
        let run = |first, last| Run { first, last };
        assert_eq!(releaser.give_up(run(0, 510), &memory), 0);
        assert_eq!(first_bytes_of_pages(&memory, 0, 1), [0xaa]);
        releaser.take_back(run(3, 4));
        assert_eq!(releaser.give_up(run(511, 511), &memory), 0);
        assert_eq!(releaser.give_up(run(3, 3), &memory), 0);
        assert_eq!(releaser.give_up(run(3, 4), &memory), USUAL_HUGE_PAGE);
        assert_eq!(first_bytes_of_pages(&memory, 511 * PAGE_SIZE, 2), [0, 0xaa]);
        assert!(releaser.parts.as_ref().unwrap().is_empty());
        // In one piece, from the middle of one to the end of the other.
        assert_eq!(releaser.give_up(run(500, 1023), &memory), USUAL_HUGE_PAGE);
        assert_eq!(first_bytes_of_pages(&memory, 1023 * PAGE_SIZE, 1), [0]);
        releaser.take_back(run(0, u32::MAX));
        assert!(releaser.parts.unwrap().is_empty());
    }

    #[test]
    fn what_is_taken_back_leaves_other_parts_as_they_are() {
        let (memory, mut releaser) = (huge(), Releaser::new(true));
        let run = |first, last| Run { first, last };
        let left = |releaser: &Releaser| {
            let parts = releaser.parts.as_ref().unwrap().iter();
            parts.map(|(start, part)| (*start, part.given_up)).collect::<Vec<_>>()
        };
        releaser.give_up(run(0, 9), &memory);
        releaser.give_up(run(600, 609), &memory);
        releaser.take_back(run(605, 605));
        assert_eq!(left(&releaser), [(0, 10), (USUAL_HUGE_PAGE, 9)]);
        releaser.take_back(run(10, 511));
        releaser.take_back(run(1024, u32::MAX));
        assert_eq!(left(&releaser), [(0, 10), (USUAL_HUGE_PAGE, 9)]);
        releaser.take_back(run(4, 1023));
        assert_eq!(left(&releaser), [(0, 4)]);
    }

    #[test]
    fn parts_of_huge_pages_stay_if_the_driver_does_not_ask() {
        let (memory, mut releaser) = (huge(), Releaser::new(false));
        assert_eq!(releaser.give_up(Run { first: 0, last: 255 }, &memory), 0);
        assert_eq!(releaser.give_up(Run { first: 256, last: 511 }, &memory), 0);
        assert_eq!(releaser.give_up(Run { first: 0, last: 511 }, &memory), USUAL_HUGE_PAGE);
    }
}
