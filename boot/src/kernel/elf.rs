//! ELF kernels (System V ABI, chapter 4 and 5, and its supplement for AMD64).
//!
//! Every segment to be loaded goes to its physical address. A kernel with a PVH note is entered there; any other is taken
//! for a Linux kernel, whose ELF entry is that of the 64-bit boot protocol.

use linux_loader::bootparam::setup_header;
use linux_loader::elf::{Elf64_Ehdr, Elf64_Phdr, PT_LOAD, PT_NOTE};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use super::{
    File, Kernel, LINUX_COMMAND_LINE_LIMIT, LINUX_INITRD_END, Protocol, bzimage, end_in_memory, notes,
};
use crate::error::{BootError, KernelError, KernelPart};
use crate::image::{self, Image, Placement};

const CLASS_64: u8 = 2;
const LITTLE_ENDIAN: u8 = 1;
const MACHINE_X86_64: u16 = 62;
const EXECUTABLE: u16 = 2;
const SHARED_OBJECT: u16 = 3;
const HEADER_SIZE: u64 = size_of::<Elf64_Ehdr>() as u64;
const PROGRAM_HEADER_SIZE: u64 = size_of::<Elf64_Phdr>() as u64;
const CLASS_INDEX: usize = 4;
const DATA_INDEX: usize = 5;

/// What a program header says to load.
#[derive(Clone, Copy, Debug)]
struct Segment {
    part: KernelPart,
    offset: u64,
    file_size: u64,
    start: u64,
    end: u64,
}

/// Loads an ELF kernel.
pub(super) fn load(
    memory: &GuestMemoryMmap,
    image: &mut impl Image,
    file: &File,
    memory_end: u64,
) -> Result<Kernel, BootError> {
    let header = header(image, file)?;
    let program_headers = program_headers(image, file, &header)?;
    let segments = segments(&program_headers, file, memory_end)?;
    let protocol = protocol(image, file, &header, &program_headers, &segments)?;
    for segment in &segments {
        load_segment(memory, image, segment)?;
    }
    let kernel_end = segments.iter().map(|segment| segment.end).max().unwrap_or(0);
    Ok(Kernel {
        protocol,
        initrd_room: super::initrd_room(kernel_end, LINUX_INITRD_END, memory_end),
        command_line_limit: LINUX_COMMAND_LINE_LIMIT,
    })
}

fn header(image: &mut impl Image, file: &File) -> Result<Elf64_Ehdr, KernelError> {
    file.contains(KernelPart::ElfHeader, 0, HEADER_SIZE)?;
    let header: Elf64_Ehdr = image::read_value(image, 0)?;
    let class = header.e_ident[CLASS_INDEX];
    let data = header.e_ident[DATA_INDEX];
    let checks = [
        ("EI_CLASS", class.into(), class == CLASS_64, "2, a 64-bit file"),
        ("EI_DATA", data.into(), data == LITTLE_ENDIAN, "1, little endian"),
        (
            "e_type",
            header.e_type.into(),
            [EXECUTABLE, SHARED_OBJECT].contains(&header.e_type),
            "2, an executable, or 3, one for any address",
        ),
        ("e_machine", header.e_machine.into(), header.e_machine == MACHINE_X86_64, "62 (0x3e), x86-64"),
        (
            "e_phentsize",
            header.e_phentsize.into(),
            u64::from(header.e_phentsize) == PROGRAM_HEADER_SIZE,
            "56 (0x38)",
        ),
    ];
    for (field, value, right, accepted) in checks {
        if !right {
            return Err(KernelError::Field { part: KernelPart::ElfHeader, field, value, accepted });
        }
    }
    Ok(header)
}

fn program_headers(
    image: &mut impl Image,
    file: &File,
    header: &Elf64_Ehdr,
) -> Result<Vec<Elf64_Phdr>, KernelError> {
    let count = u64::from(header.e_phnum);
    file.contains(KernelPart::ProgramHeaders, header.e_phoff, count * PROGRAM_HEADER_SIZE)?;
    (0..count)
        .map(|index| Ok(image::read_value(image, header.e_phoff + index * PROGRAM_HEADER_SIZE)?))
        .collect()
}

/// What is to be loaded, in ascending order of addresses, checked against the file, memory, and each other.
fn segments(
    program_headers: &[Elf64_Phdr],
    file: &File,
    memory_end: u64,
) -> Result<Vec<Segment>, KernelError> {
    let mut segments = program_headers
        .iter()
        .enumerate()
        .filter(|(_, header)| header.p_type == PT_LOAD && header.p_memsz > 0)
        .map(|(index, header)| segment(index, header, file, memory_end))
        .collect::<Result<Vec<_>, _>>()?;
    if segments.is_empty() {
        return Err(KernelError::Field {
            part: KernelPart::ProgramHeaders,
            field: "number of segments to load (PT_LOAD)",
            value: 0,
            accepted: "at least one",
        });
    }
    segments.sort_by_key(|segment| segment.start);
    for (first, second) in segments.iter().zip(segments.iter().skip(1)) {
        if first.end > second.start {
            let address = second.start;
            return Err(KernelError::Overlap { first: first.part, second: second.part, address });
        }
    }
    Ok(segments)
}

fn segment(index: usize, header: &Elf64_Phdr, file: &File, memory_end: u64) -> Result<Segment, KernelError> {
    let part = KernelPart::Segment(index);
    let &Elf64_Phdr { p_offset, p_filesz, p_paddr, p_memsz, .. } = header;
    file.contains(part, p_offset, p_filesz)?;
    if p_filesz > p_memsz {
        let accepted = "at most p_memsz, the segment's size in memory";
        return Err(KernelError::Field { part, field: "p_filesz", value: p_filesz, accepted });
    }
    let end = end_in_memory(part, p_paddr, p_memsz, memory_end)?;
    Ok(Segment { part, offset: p_offset, file_size: p_filesz, start: p_paddr, end })
}

fn protocol(
    image: &mut impl Image,
    file: &File,
    header: &Elf64_Ehdr,
    program_headers: &[Elf64_Phdr],
    segments: &[Segment],
) -> Result<Protocol, KernelError> {
    let loaded =
        |address: u64| segments.iter().any(|segment| (segment.start..segment.end).contains(&address));
    let accepted = "an address in a segment that is loaded";
    for (index, notes) in program_headers.iter().enumerate().filter(|(_, header)| header.p_type == PT_NOTE) {
        let part = KernelPart::Notes(index);
        if let Some(start_address) = notes::pvh_entry(image, file, part, notes.p_offset, notes.p_filesz)? {
            if !loaded(start_address.into()) {
                let value = start_address.into();
                return Err(KernelError::Field { part, field: "PVH entry", value, accepted });
            }
            return Ok(Protocol::Pvh { start_address: start_address.into() });
        }
    }
    let start_address = header.e_entry;
    if !loaded(start_address) {
        let part = KernelPart::ElfHeader;
        return Err(KernelError::Field { part, field: "e_entry", value: start_address, accepted });
    }
    let setup_header = Box::new(setup_header {
        boot_flag: bzimage::BOOT_FLAG,
        header: bzimage::HEADER_MAGIC,
        version: bzimage::LEAST_VERSION,
        ..Default::default()
    });
    Ok(Protocol::LongMode { start_address, setup_header })
}

/// Copies what is in the file and zeroes the rest, as the kernel expects of its data without initial values.
fn load_segment(
    memory: &GuestMemoryMmap,
    image: &mut impl Image,
    segment: &Segment,
) -> Result<(), BootError> {
    let &Segment { offset, file_size, start, end, .. } = segment;
    image::copy(image, memory, Placement { what: "kernel", offset, size: file_size, address: start })?;
    zero(memory, start + file_size, end)
}

fn zero(memory: &GuestMemoryMmap, start: u64, end: u64) -> Result<(), BootError> {
    const ZEROS: [u8; 4096] = [0; 4096];
    let mut address = start;
    while address < end {
        let count = usize::try_from(end - address).map_or(ZEROS.len(), |rest| rest.min(ZEROS.len()));
        let zeros = ZEROS.get(..count).unwrap_or(&ZEROS);
        memory.write_slice(zeros, GuestAddress(address)).map_err(|source| BootError::Memory {
            what: "kernel's data",
            address,
            source,
        })?;
        address += zeros.len() as u64;
    }
    Ok(())
}
