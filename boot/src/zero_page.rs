//! The zero page of the 64-bit boot protocol: `boot_params` of Linux, with the setup header of the kernel's file in it
//! (Linux, `Documentation/arch/x86/boot.rst` and `zero-page.rst`).

use linux_loader::bootparam::{boot_e820_entry, boot_params, setup_header};
use vm_memory::{ByteValued, GuestMemoryMmap};

use crate::addresses::{COMMAND_LINE, ZERO_PAGE};
use crate::error::BootError;
use crate::load::{BootInformation, write as write_memory};
use crate::platform::AddressRange;

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
    let initrd = information.initrd.unwrap_or(AddressRange { start: 0, size: 0 });
    let (ramdisk_image, ext_ramdisk_image) = halves(initrd.start);
    let (ramdisk_size, ext_ramdisk_size) = halves(initrd.size);
    let (cmd_line_ptr, ext_cmd_line_ptr) = halves(COMMAND_LINE);
    let mut page = boot_params {
        acpi_rsdp_addr: information.rsdp,
        ext_ramdisk_image,
        ext_ramdisk_size,
        ext_cmd_line_ptr,
        hdr: setup_header {
            type_of_loader: LOADER_UNDEFINED,
            vid_mode: VIDEO_NORMAL,
            cmd_line_ptr,
            ramdisk_image,
            ramdisk_size,
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

/// The lower and the upper 32 bits, which the page has in different places.
fn halves(number: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}
