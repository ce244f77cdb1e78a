//! The zero page of the 64-bit boot protocol: `boot_params` of Linux, with the setup header of the kernel's file in it
//! (Linux, `Documentation/arch/x86/boot.rst` and `zero-page.rst`).

use linux_loader::bootparam::{boot_e820_entry, boot_params, setup_header};
use vm_memory::{ByteValued, GuestMemoryMmap};

use crate::addresses::{COMMAND_LINE, ZERO_PAGE};
use crate::error::BootError;
use crate::load::{BootInformation, write as write_memory};

/// A boot loader without a number of its own.
const LOADER_UNDEFINED: u8 = 0xff;
/// The video mode "normal".
const VIDEO_NORMAL: u16 = 0xffff;

/// Writes the zero page.
pub(crate) fn write(
    memory: &GuestMemoryMmap,
    setup_header: setup_header,
    information: &BootInformation,
) -> Result<(), BootError> {
    let initrd = information.initrd.map_or((0, 0), |initrd| (low(initrd.start), low(initrd.size)));
    let mut page = boot_params {
        acpi_rsdp_addr: information.rsdp,
        hdr: setup_header {
            type_of_loader: LOADER_UNDEFINED,
            vid_mode: VIDEO_NORMAL,
            cmd_line_ptr: low(COMMAND_LINE),
            ramdisk_image: initrd.0,
            ramdisk_size: initrd.1,
            ..setup_header
        },
        ..Default::default()
    };
    for (slot, entry) in page.e820_table.iter_mut().zip(&information.memory_map) {
        *slot =
            boot_e820_entry { addr: entry.range.start, size: entry.range.size, r#type: entry.kind.number() };
        page.e820_entries += 1;
    }
    write_memory(memory, "zero page", ZERO_PAGE, page.as_slice())
}

/// An address or size below 4 GiB, as all are that the page has in 32 bits.
fn low(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
