//! The start information of the PVH protocol (Xen's `public/arch-x86/hvm/start_info.h`): one page with the structure
//! itself, the list of modules, of which the initrd is the only one, and the memory map.

use linux_loader::start_info::{
    XEN_HVM_START_MAGIC_VALUE, hvm_memmap_table_entry, hvm_modlist_entry, hvm_start_info,
};
use vm_memory::{ByteValued, GuestMemoryMmap};

use crate::addresses::{COMMAND_LINE, START_INFO};
use crate::error::BootError;
use crate::load::{BootInformation, write as write_memory};
use crate::memory_map::MemoryMapEntry;

const MODULES: u64 = START_INFO + 0x80;
const MEMORY_MAP: u64 = START_INFO + 0x100;
/// The version that has a memory map.
const VERSION: u32 = 1;

/// Writes the start information.
pub(crate) fn write(memory: &GuestMemoryMmap, information: &BootInformation) -> Result<(), BootError> {
    let modules: Vec<_> = information
        .initrd
        .map(|initrd| hvm_modlist_entry { paddr: initrd.start, size: initrd.size, ..Default::default() })
        .into_iter()
        .collect();
    let memory_map: Vec<_> = information.memory_map.iter().map(memory_map_entry).collect();
    let start_info = hvm_start_info {
        magic: XEN_HVM_START_MAGIC_VALUE,
        version: VERSION,
        nr_modules: count(&modules),
        modlist_paddr: MODULES,
        cmdline_paddr: COMMAND_LINE,
        rsdp_paddr: information.rsdp,
        memmap_paddr: MEMORY_MAP,
        memmap_entries: count(&memory_map),
        ..Default::default()
    };
    write_memory(memory, "PVH start information", START_INFO, start_info.as_slice())?;
    write_memory(memory, "PVH modules", MODULES, &bytes(&modules))?;
    write_memory(memory, "PVH memory map", MEMORY_MAP, &bytes(&memory_map))
}

fn memory_map_entry(entry: &MemoryMapEntry) -> hvm_memmap_table_entry {
    hvm_memmap_table_entry {
        addr: entry.range.start,
        size: entry.range.size,
        type_: entry.kind.number(),
        reserved: 0,
    }
}

fn count<T>(entries: &[T]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

fn bytes<T: ByteValued>(entries: &[T]) -> Vec<u8> {
    entries.iter().flat_map(|entry| entry.as_slice().iter().copied()).collect()
}
