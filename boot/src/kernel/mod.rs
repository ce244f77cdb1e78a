//! Kernels: which format a file has, and what the loaded kernel needs.

mod bzimage;
mod elf;
mod notes;

use linux_loader::bootparam::setup_header;
use vm_memory::GuestMemoryMmap;

use crate::addresses::HIGH_MEMORY;
use crate::error::{BootError, KernelError, KernelPart};
use crate::image::{self, Image};
use crate::platform::AddressRange;

/// A kernel in memory.
#[derive(Debug)]
pub(crate) struct Kernel {
    pub(crate) protocol: Protocol,
    /// Where it takes an initrd.
    pub(crate) initrd_room: AddressRange,
    /// How many bytes of a command line it reads, the final zero not counted.
    pub(crate) command_line_limit: u64,
}

/// How it is entered.
#[derive(Debug)]
pub(crate) enum Protocol {
    Pvh { start_address: u64 },
    LongMode { start_address: u64, setup_header: Box<setup_header> },
}

/// What today's Linux on x86 says of itself in a bzImage; taken for kernels that cannot say it.
const LINUX_COMMAND_LINE_LIMIT: u64 = 2047;
/// See [`LINUX_COMMAND_LINE_LIMIT`].
const LINUX_INITRD_END: u64 = 1 << 31;
const ELF_MAGIC: &[u8] = b"\x7fELF";
/// As many first bytes of a file as an error shows.
const SHOWN: u64 = 8;
/// The kernel's own memory ends with a page.
const PAGE: u64 = 4096;

/// Loads a kernel of either format below `memory_end`.
pub(crate) fn load(
    memory: &GuestMemoryMmap,
    image: &mut impl Image,
    memory_end: u64,
) -> Result<Kernel, BootError> {
    let file = File::open(image)?;
    let mut start = vec![0; usize::try_from(file.size.min(SHOWN)).unwrap_or(0)];
    image::read(image, 0, &mut start).map_err(KernelError::Read)?;
    if start.starts_with(ELF_MAGIC) {
        elf::load(memory, image, &file, memory_end)
    } else if let Some(header) = bzimage::setup_header(image, &file)? {
        bzimage::load(memory, image, &file, header, memory_end)
    } else {
        Err(KernelError::UnknownFormat { size: file.size, start }.into())
    }
}

/// What is known of every file.
#[derive(Clone, Copy, Debug)]
struct File {
    size: u64,
}

impl File {
    fn open(image: &mut impl Image) -> Result<Self, KernelError> {
        Ok(Self { size: image::size(image)? })
    }

    /// Whether the file has all of a part.
    fn contains(&self, part: KernelPart, offset: u64, size: u64) -> Result<(), KernelError> {
        match offset.checked_add(size) {
            Some(end) if end <= self.size => Ok(()),
            _ => Err(KernelError::Truncated { part, offset, size, file_size: self.size }),
        }
    }
}

/// The end of what a part takes in memory, if it may be there.
fn end_in_memory(part: KernelPart, start: u64, size: u64, memory_end: u64) -> Result<u64, KernelError> {
    match start.checked_add(size) {
        Some(end) if start >= HIGH_MEMORY && end <= memory_end => Ok(end),
        _ => Err(KernelError::OutsideMemory { part, start, size, memory_end }),
    }
}

/// From the page after the kernel to `limit` or the end of memory.
fn initrd_room(kernel_end: u64, limit: u64, memory_end: u64) -> AddressRange {
    let start = kernel_end.next_multiple_of(PAGE);
    AddressRange { start, size: limit.min(memory_end).saturating_sub(start) }
}
