//! One piece of guest memory in the host's address space.
#![allow(unsafe_code, reason = "memory is mapped here")]

use std::ffi::c_void;
use std::ptr;

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};
use vm_memory::MmapRegion;
use vm_memory::mmap::MmapRegionError;

use super::HugePages;

const HUGE_PAGE: usize = 2 << 20;

/// Maps `size` bytes of zeros.
pub(super) fn map(size: usize, huge_pages: HugePages) -> Result<MmapRegion, MmapRegionError> {
    if huge_pages == HugePages::On {
        // Without MAP_NORESERVE: too few huge pages are an error here, and not the end of the program later.
        let flags = libc::MAP_ANONYMOUS | libc::MAP_PRIVATE | libc::MAP_HUGETLB | libc::MAP_HUGE_2MB;
        return MmapRegion::build(None, size, libc::PROT_READ | libc::PROT_WRITE, flags);
    }
    let gap = AlignedGap::new(size);
    let region = MmapRegion::new(size)?;
    drop(gap);
    let advice = if huge_pages == HugePages::Auto { Advice::LinuxHugepage } else { Advice::LinuxNoHugepage };
    // A host without transparent huge pages refuses, and there is nothing to be done about it.
    // SAFETY: the addresses are those of the region, whose contents neither advice changes.
    let _ = unsafe { madvise(region.as_ptr().cast(), region.size(), advice) };
    Ok(region)
}

/// A gap in the address space that starts at a multiple of a huge page and has the size of a mapping to come. The kernel
/// puts mappings at the upper end of a gap; what follows this gap is kept in use while the value lives.
///
/// KVM gives the guest a huge page only where addresses of host and guest agree in the bits below one, and kernels before
/// 6.7 do not place mappings so by themselves. Where this does not succeed, all that is lost is time.
struct AlignedGap {
    behind: *mut c_void,
    size: usize,
}

impl AlignedGap {
    fn new(size: usize) -> Option<Self> {
        let room = size.checked_add(HUGE_PAGE)?;
        // SAFETY: a new mapping at an address that the kernel chooses replaces nothing.
        let start = unsafe {
            mmap_anonymous(ptr::null_mut(), room, ProtFlags::empty(), MapFlags::PRIVATE | MapFlags::NORESERVE)
        };
        let start = start.ok()?;
        let before = start.addr().next_multiple_of(HUGE_PAGE) - start.addr();
        let used = before + size;
        // SAFETY: a part of the mapping above, which nobody knows of.
        unsafe { munmap(start, used) }.ok()?;
        Some(Self { behind: start.wrapping_byte_add(used), size: room - used })
    }
}

impl Drop for AlignedGap {
    fn drop(&mut self) {
        if self.size > 0 {
            // SAFETY: the rest of the mapping that `new` has made, which nobody knows of.
            let _ = unsafe { munmap(self.behind, self.size) };
        }
    }
}
