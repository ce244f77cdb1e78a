//! bzImage kernels (Linux, `Documentation/arch/x86/boot.rst`), entered by the 64-bit boot protocol.
//!
//! The file starts with setup code for a PC's BIOS, which is not run here; its header says what the rest needs. The rest
//! unpacks the kernel and always runs it at `pref_address` or above, so it is loaded there at once.

use linux_loader::bootparam::{LOADED_HIGH, XLF_KERNEL_64, setup_header};
use vm_memory::{ByteValued, GuestMemoryMmap};

use super::{File, Kernel, Protocol, end_in_memory};
use crate::error::{BootError, KernelError, KernelPart};
use crate::image::{self, Image, Placement};

pub(super) const BOOT_FLAG: u16 = 0xaa55;
/// The bytes "HdrS".
pub(super) const HEADER_MAGIC: u32 = 0x5372_6448;
/// The first version with `xloadflags`, which say whether there is a 64-bit entry: 2.12, of Linux 3.8.
pub(super) const LEAST_VERSION: u16 = 0x20c;
/// Where the setup header starts in the file.
const HEADER_OFFSET: u64 = 0x1f1;
/// Offset of the magic number; the header's end counts from here, from the second byte of the jump before it.
const MAGIC_OFFSET: u64 = 0x202;
const SECTOR: u64 = 512;
/// Sectors of setup code where the header says 0.
const OLD_SETUP_SECTORS: u64 = 4;
/// `syssize` counts these.
const PARAGRAPH: u64 = 16;
/// The 64-bit entry, from the start of the protected-mode code.
const ENTRY_64: u64 = 0x200;

const PART: KernelPart = KernelPart::SetupHeader;

/// The setup header, if the file has one.
pub(super) fn setup_header(image: &mut impl Image, file: &File) -> Result<Option<setup_header>, KernelError> {
    let mut header = setup_header::default();
    if file.contains(PART, HEADER_OFFSET, header.as_slice().len() as u64).is_err() {
        return Ok(None);
    }
    image::read(image, HEADER_OFFSET, header.as_mut_slice())?;
    if header.header != HEADER_MAGIC {
        return Ok(None);
    }
    let [_, header_size] = header.jump.to_le_bytes();
    let known = usize::try_from(MAGIC_OFFSET - HEADER_OFFSET).unwrap_or(0) + usize::from(header_size);
    header.as_mut_slice().iter_mut().skip(known).for_each(|byte| *byte = 0);
    Ok(Some(header))
}

/// Loads a bzImage.
pub(super) fn load(
    memory: &GuestMemoryMmap,
    image: &mut impl Image,
    file: &File,
    header: setup_header,
    memory_end: u64,
) -> Result<Kernel, BootError> {
    check(&header)?;
    let sectors = if header.setup_sects == 0 { OLD_SETUP_SECTORS } else { header.setup_sects.into() };
    let offset = (sectors + 1) * SECTOR;
    file.contains(KernelPart::ProtectedModeCode, offset, u64::from(header.syssize) * PARAGRAPH)?;
    let size = file.size - offset;
    let address = header.pref_address;
    let part = KernelPart::ProtectedModeCode;
    let kernel_end = end_in_memory(part, address, size.max(header.init_size.into()), memory_end)?;
    image::copy(image, memory, Placement { what: "kernel", offset, size, address })?;
    let initrd_end = u64::from(header.initrd_addr_max) + 1;
    Ok(Kernel {
        protocol: Protocol::LongMode { start_address: address + ENTRY_64, setup_header: Box::new(header) },
        initrd_room: super::initrd_room(kernel_end, initrd_end, memory_end),
        command_line_limit: header.cmdline_size.into(),
    })
}

fn check(header: &setup_header) -> Result<(), KernelError> {
    let &setup_header { boot_flag, version, loadflags, xloadflags, pref_address, kernel_alignment, .. } =
        header;
    let aligned =
        kernel_alignment.is_power_of_two() && pref_address.is_multiple_of(u64::from(kernel_alignment));
    let checks = [
        ("boot_flag", boot_flag.into(), boot_flag == BOOT_FLAG, "0xaa55"),
        (
            "version",
            version.into(),
            version >= LEAST_VERSION,
            "0x20c (2.12) and later, of Linux 3.8 and later",
        ),
        (
            "loadflags",
            loadflags.into(),
            loadflags & LOADED_HIGH != 0,
            "bit 0 set, for a kernel above 1 MiB (bzImage)",
        ),
        (
            "xloadflags",
            xloadflags.into(),
            xloadflags & XLF_KERNEL_64 != 0,
            "bit 0 set, for a kernel with a 64-bit entry",
        ),
        ("pref_address", pref_address, aligned, "a multiple of kernel_alignment, which is a power of two"),
    ];
    for (field, value, right, accepted) in checks {
        if !right {
            return Err(KernelError::Field { part: PART, field, value, accepted });
        }
    }
    Ok(())
}
