//! From files and a platform to a kernel that can be entered.

use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use crate::addresses::{START_INFO, ZERO_PAGE};
use crate::entry::Entry;
use crate::error::BootError;
use crate::image::Image;
use crate::kernel::{self, Protocol};
use crate::memory_map::{MemoryMapEntry, memory_map};
use crate::platform::{AddressRange, Platform};
use crate::{acpi, command_line, initrd, long_mode, pvh, reset_vector, zero_page};

/// What the structures of both boot protocols tell the kernel.
#[derive(Debug)]
pub(crate) struct BootInformation {
    pub(crate) memory_map: Vec<MemoryMapEntry>,
    pub(crate) initrd: Option<AddressRange>,
    pub(crate) rsdp: u64,
}

/// Loads a kernel and describes the machine to it.
///
/// `memory` has to be mapped as [`Platform::memory`] says. What it held before stays where nothing is loaded, but for
/// the kernel's own data, which is zeroed as the file says.
///
/// # Errors
/// A file that is damaged, not a kernel or does not fit; a command line that the kernel would not take; a platform that
/// cannot be described. Memory may have been written to by then.
pub fn load<I: Image>(
    memory: &GuestMemoryMmap,
    kernel: &mut I,
    initrd: Option<&mut I>,
    command_line: &str,
    platform: &Platform,
) -> Result<Entry, BootError> {
    let kernel = kernel::load(memory, kernel, platform.memory.low_end())?;
    let initrd = initrd.map(|image| initrd::load(memory, image, kernel.initrd_room)).transpose()?;
    command_line::write(memory, command_line, kernel.command_line_limit)?;
    let rsdp = acpi::write(memory, platform)?;
    reset_vector::write(memory)?;
    let information = BootInformation { memory_map: memory_map(platform), initrd, rsdp };
    match kernel.protocol {
        Protocol::Pvh { start_address } => {
            pvh::write(memory, &information)?;
            Ok(Entry::Pvh { start_address, start_info: START_INFO })
        }
        Protocol::LongMode { start_address, setup_header } => {
            zero_page::write(memory, *setup_header, &information)?;
            long_mode::write(memory)?;
            Ok(Entry::LongMode { start_address, zero_page: ZERO_PAGE })
        }
    }
}

/// Writes `bytes` to guest memory.
pub(crate) fn write(
    memory: &GuestMemoryMmap,
    what: &'static str,
    address: u64,
    bytes: &[u8],
) -> Result<(), BootError> {
    memory.write_slice(bytes, GuestAddress(address)).map_err(|source| BootError::Memory {
        what,
        address,
        source,
    })
}
