//! One piece of guest memory in the host's address space.
#![allow(unsafe_code, reason = "memory is mapped here")]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::ptr;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};
use vm_memory::mmap::MmapRegionError;
use vm_memory::{FileOffset, MmapRegion};

use super::{HugePages, Sharing};

const HUGE_PAGE: usize = 2 << 20;

/// Maps `size` bytes of zeros.
pub(super) fn map(
    size: usize,
    huge_pages: HugePages,
    sharing: Sharing,
) -> Result<MmapRegion, MmapRegionError> {
    let file = match sharing {
        Sharing::Private => None,
        Sharing::Shared => Some(FileOffset::new(memory_file(size, huge_pages)?, 0)),
    };
    if huge_pages == HugePages::On {
        let reserved = libc::PROT_READ | libc::PROT_WRITE;
        if file.is_some() {
            // Without MAP_NORESERVE, as below; the pages' size is the file's.
            return MmapRegion::build(file, size, reserved, libc::MAP_SHARED);
        }
        // Without MAP_NORESERVE: too few huge pages are an error here, and not the end of the program later.
        let flags = libc::MAP_ANONYMOUS | libc::MAP_PRIVATE | libc::MAP_HUGETLB | libc::MAP_HUGE_2MB;
        return MmapRegion::build(None, size, reserved, flags);
    }
    let gap = AlignedGap::new(size);
    let region = match file {
        Some(file) => MmapRegion::from_file(file, size)?,
        None => MmapRegion::new(size)?,
    };
    drop(gap);
    let advice = if huge_pages == HugePages::Auto { Advice::LinuxHugepage } else { Advice::LinuxNoHugepage };
    // A host without transparent huge pages refuses, and there is nothing to be done about it.
    // SAFETY: the addresses are those of the region, whose contents neither advice changes.
    let _ = unsafe { madvise(region.as_ptr().cast(), region.size(), advice) };
    Ok(region)
}

/// A file of zeros in memory. Whoever is given it can neither cut it short, which would end this program at its next access,
/// nor make it longer.
fn memory_file(size: usize, huge_pages: HugePages) -> Result<File, MmapRegionError> {
    let mut flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    if huge_pages == HugePages::On {
        flags |= MemfdFlags::HUGETLB | MemfdFlags::HUGE_2MB;
    }
    let refused = |error| MmapRegionError::Mmap(io::Error::from(error));
    let file = memfd_create("guest-memory", flags).map_err(refused)?;
    let length = u64::try_from(size).map_err(|_| refused(rustix::io::Errno::FBIG))?;
    ftruncate(&file, length).map_err(refused)?;
    fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL).map_err(refused)?;
    Ok(File::from(file))
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
