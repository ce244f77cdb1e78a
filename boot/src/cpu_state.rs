//! The state of the first vCPU at the kernel's first instruction, as plain data.
//!
//! Registers that do not stand here may hold anything; the other vCPUs wait for their start-up interrupt.

use crate::addresses::{GLOBAL_DESCRIPTOR_TABLE, PAGE_TABLES};
use crate::long_mode;

/// A segment register with its hidden part (Intel SDM, volume 3, section 3.4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The visible part: an index into the global descriptor table, times 8.
    pub selector: u16,
    /// The address that offsets count from.
    pub base: u32,
    /// The last offset, in bytes.
    pub limit: u32,
    /// The descriptor's type field: 4 bits.
    pub kind: u8,
    /// Code or data (the descriptor's S flag), not a system segment.
    pub code_or_data: bool,
    /// 64-bit code (the L flag).
    pub long: bool,
    /// 32-bit code, or data with a 32-bit stack pointer (the D/B flag).
    pub default_32_bit: bool,
    /// The limit counts pages of 4 KiB in the descriptor (the G flag).
    pub granularity: bool,
}

/// Address and limit of a descriptor table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescriptorTable {
    /// Where it lies.
    pub base: u64,
    /// Offset of its last byte.
    pub limit: u16,
}

/// What the first vCPU's registers hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitialState {
    /// The first instruction.
    pub rip: u64,
    /// Address of the PVH start information, or 0.
    pub rbx: u64,
    /// Address of the zero page, or 0.
    pub rsi: u64,
    /// The flags: interrupts off.
    pub rflags: u64,
    /// Protection, and paging in the 64-bit protocol.
    pub cr0: u64,
    /// The page tables.
    pub cr3: u64,
    /// Physical address extension in the 64-bit protocol.
    pub cr4: u64,
    /// The extended feature register (MSR 0xc0000080).
    pub efer: u64,
    /// Code segment.
    pub cs: Segment,
    /// All data segments: DS, ES, FS, GS and SS.
    pub data: Segment,
    /// Task register.
    pub tr: Segment,
    /// Global descriptor table.
    pub gdt: DescriptorTable,
    /// Interrupt descriptor table: none, an exception resets the machine.
    pub idt: DescriptorTable,
}

/// Bit 1 of the flags is always set.
const RFLAGS_RESERVED: u64 = 1 << 1;
const CR0_PROTECTION: u64 = 1 << 0;
/// Always set on processors of today; KVM shows it to the guest whatever it is told.
const CR0_EXTENSION_TYPE: u64 = 1 << 4;
const CR0_PAGING: u64 = 1 << 31;
const CR4_PHYSICAL_ADDRESS_EXTENSION: u64 = 1 << 5;
const EFER_LONG_MODE_ENABLE: u64 = 1 << 8;
const EFER_LONG_MODE_ACTIVE: u64 = 1 << 10;

/// Selectors that the 64-bit boot protocol asks for: `__BOOT_CS` and `__BOOT_DS`.
pub(crate) const CODE_SELECTOR: u16 = 0x10;
pub(crate) const DATA_SELECTOR: u16 = 0x18;
pub(crate) const TASK_SELECTOR: u16 = 0x20;

/// Execute and read, accessed.
const CODE: u8 = 0xb;
/// Read and write, accessed.
const DATA: u8 = 0x3;
/// A busy task state segment.
const TASK: u8 = 0xb;
/// The limit that the PVH protocol gives the task state segment.
const TASK_LIMIT: u32 = 0x67;

impl Segment {
    const fn flat(selector: u16, kind: u8) -> Self {
        let limit = u32::MAX;
        Self {
            selector,
            base: 0,
            limit,
            kind,
            code_or_data: true,
            long: false,
            default_32_bit: true,
            granularity: true,
        }
    }

    /// All of memory as 32-bit code.
    pub(crate) const CODE_32: Self = Self::flat(CODE_SELECTOR, CODE);
    /// All of memory as 64-bit code.
    pub(crate) const CODE_64: Self = Self { long: true, default_32_bit: false, ..Self::CODE_32 };
    /// All of memory as data.
    pub(crate) const DATA: Self = Self::flat(DATA_SELECTOR, DATA);
    /// A task state segment, which the processor wants to have and nobody uses.
    pub(crate) const TASK: Self = Self {
        limit: TASK_LIMIT,
        code_or_data: false,
        default_32_bit: false,
        granularity: false,
        ..Self::flat(TASK_SELECTOR, TASK)
    };

    /// The descriptor that gives this segment (Intel SDM, volume 3, section 3.4.5).
    pub(crate) const fn descriptor(self) -> u64 {
        const PRESENT: u64 = 1 << 47;
        let limit = if self.granularity { self.limit >> 12 } else { self.limit } as u64;
        let base = self.base as u64;
        (limit & 0xffff)
            | (base & 0xff_ffff) << 16
            | (self.kind as u64) << 40
            | (self.code_or_data as u64) << 44
            | PRESENT
            | (limit >> 16 & 0xf) << 48
            | (self.long as u64) << 53
            | (self.default_32_bit as u64) << 54
            | (self.granularity as u64) << 55
            | (base >> 24) << 56
    }
}

impl InitialState {
    /// 32-bit protected mode without paging, EBX with the address of the start information: what the PVH protocol says
    /// under "x86/HVM direct boot ABI".
    pub(crate) const fn pvh(start_address: u64, start_info: u64) -> Self {
        Self {
            rip: start_address,
            rbx: start_info,
            rsi: 0,
            rflags: RFLAGS_RESERVED,
            cr0: CR0_PROTECTION | CR0_EXTENSION_TYPE,
            cr3: 0,
            cr4: 0,
            efer: 0,
            cs: Segment::CODE_32,
            data: Segment::DATA,
            tr: Segment::TASK,
            gdt: DescriptorTable { base: 0, limit: 0 },
            idt: DescriptorTable { base: 0, limit: 0 },
        }
    }

    /// 64-bit mode with memory mapped to itself, RSI with the address of the zero page: what the Linux/x86 boot protocol
    /// says under "64-bit Boot Protocol".
    pub(crate) const fn long_mode(start_address: u64, zero_page: u64) -> Self {
        Self {
            rip: start_address,
            rbx: 0,
            rsi: zero_page,
            rflags: RFLAGS_RESERVED,
            cr0: CR0_PROTECTION | CR0_EXTENSION_TYPE | CR0_PAGING,
            cr3: PAGE_TABLES,
            cr4: CR4_PHYSICAL_ADDRESS_EXTENSION,
            efer: EFER_LONG_MODE_ENABLE | EFER_LONG_MODE_ACTIVE,
            cs: Segment::CODE_64,
            data: Segment::DATA,
            tr: Segment::TASK,
            gdt: DescriptorTable { base: GLOBAL_DESCRIPTOR_TABLE, limit: long_mode::DESCRIPTOR_TABLE_LIMIT },
            idt: DescriptorTable { base: 0, limit: 0 },
        }
    }
}
