//! Starting a vCPU in 64-bit mode, with the first 4 GiB mapped to themselves.
//!
//! Entering there directly spares the guest the way through real and protected mode, which is the part of x86 that hosts
//! which emulate instructions know least well.

use kvm_bindings::{kvm_regs, kvm_segment};
use kvm_ioctls::VcpuFd;
use vm_memory::{Address, ByteValued, Bytes, GuestAddress, GuestMemoryMmap};

use crate::accelerator::AcceleratorError;

/// Below the built-in guest's image, which does not touch them: the segment descriptors and six pages of page tables.
const DESCRIPTORS: GuestAddress = GuestAddress(0x500);
const PAGE_MAP: GuestAddress = GuestAddress(0x1000);
const PAGE_DIRECTORY_POINTERS: GuestAddress = GuestAddress(0x2000);
const PAGE_DIRECTORIES: GuestAddress = GuestAddress(0x3000);

const GIBIBYTES: u64 = 4;
const ENTRIES: u64 = 512;
const PAGE: u64 = 0x1000;
const LARGE_PAGE: u64 = 0x20_0000;
const PRESENT_WRITABLE: u64 = 0b11;
const LARGE: u64 = 1 << 7;

const CR0_PROTECTION: u64 = 1;
const CR0_EXTENSION_TYPE: u64 = 1 << 4;
const CR0_PAGING: u64 = 1 << 31;
const CR4_PHYSICAL_ADDRESS_EXTENSION: u64 = 1 << 5;
const EFER_LONG_MODE: u64 = 1 << 8 | 1 << 10;
/// The flag that is always one; interrupts off.
const FLAGS: u64 = 1 << 1;

const CODE: kvm_segment = kvm_segment {
    base: 0,
    limit: 0xffff_ffff,
    selector: 8,
    type_: 11,
    present: 1,
    dpl: 0,
    db: 0,
    s: 1,
    l: 1,
    g: 1,
    avl: 0,
    unusable: 0,
    padding: 0,
};
const DATA: kvm_segment = kvm_segment { selector: 16, type_: 3, db: 1, l: 0, ..CODE };

/// Null, code and data: the descriptors of the two segments above.
const DESCRIPTOR_TABLE: [u64; 3] = [0, 0x00af_9b00_0000_ffff, 0x00cf_9300_0000_ffff];

/// Where a vCPU begins.
pub(super) struct Entry {
    /// Of the first instruction.
    pub(super) address: u64,
    /// Initial stack pointer.
    pub(super) stack: u64,
    /// First argument (RDI).
    pub(super) argument: u64,
}

/// Writes page tables and segment descriptors; once a machine.
pub(super) fn write_tables(memory: &GuestMemoryMmap) -> Result<(), AcceleratorError> {
    write(memory, DESCRIPTORS, &DESCRIPTOR_TABLE)?;
    write(memory, PAGE_MAP, &[PAGE_DIRECTORY_POINTERS.0 | PRESENT_WRITABLE])?;
    let directory = |number| (PAGE_DIRECTORIES.0 + number * PAGE) | PRESENT_WRITABLE;
    let directories: Vec<u64> = (0..GIBIBYTES).map(directory).collect();
    write(memory, PAGE_DIRECTORY_POINTERS, &directories)?;
    let large_page = |number| (number * LARGE_PAGE) | LARGE | PRESENT_WRITABLE;
    let large_pages: Vec<u64> = (0..GIBIBYTES * ENTRIES).map(large_page).collect();
    write(memory, PAGE_DIRECTORIES, &large_pages)
}

fn write(memory: &GuestMemoryMmap, address: GuestAddress, words: &[u64]) -> Result<(), AcceleratorError> {
    let mut place = address;
    for word in words {
        memory.write_slice(word.to_le().as_slice(), place).map_err(|_| AcceleratorError::MemoryTooSmall)?;
        place = place.unchecked_add(8);
    }
    Ok(())
}

/// Makes `vcpu` start at `entry`.
pub(super) fn enter(vcpu: &VcpuFd, entry: &Entry) -> Result<(), AcceleratorError> {
    let mut sregs = vcpu.get_sregs().map_err(AcceleratorError::kvm("read a vCPU's registers"))?;
    sregs.cs = CODE;
    for segment in [&mut sregs.ds, &mut sregs.es, &mut sregs.fs, &mut sregs.gs, &mut sregs.ss] {
        *segment = DATA;
    }
    sregs.gdt.base = DESCRIPTORS.0;
    sregs.gdt.limit = 23;
    sregs.cr0 = CR0_PROTECTION | CR0_EXTENSION_TYPE | CR0_PAGING;
    sregs.cr3 = PAGE_MAP.0;
    sregs.cr4 = CR4_PHYSICAL_ADDRESS_EXTENSION;
    sregs.efer = EFER_LONG_MODE;
    vcpu.set_sregs(&sregs).map_err(AcceleratorError::kvm("set a vCPU's registers"))?;
    let regs = kvm_regs {
        rip: entry.address,
        rsp: entry.stack,
        rdi: entry.argument,
        rflags: FLAGS,
        ..kvm_regs::default()
    };
    vcpu.set_regs(&regs).map_err(AcceleratorError::kvm("set a vCPU's registers"))
}
