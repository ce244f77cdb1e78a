//! Where everything lies: guest-physical addresses, I/O ports and interrupt lines, each with its reason.
//!
//! ```text
//!          0  RAM: structures of the boot protocols, page tables, command line
//!    0x9fc00  end of conventional memory
//!    0xe0000  ACPI tables
//!    0xffff0  the reset vector of real mode
//!   0x100000  RAM: kernel, initrd
//! 0xc0000000  the hole: PCI window, virtio-mmio, ECAM, I/O APIC, local APICs, the accelerator's own pages
//! 0x100000000 RAM: what did not fit below the hole
//! ```
//!
//! I/O APIC pins: 0 is the interval timer, 4 the serial port, 1 the power button; those of virtio devices are given in the
//! [`Platform`](crate::Platform).

/// The global descriptor table of the 64-bit boot protocol. Behind the interrupt vectors and the BIOS data area of a PC, of
/// which kernels read some words.
pub const GLOBAL_DESCRIPTOR_TABLE: u64 = 0x500;
/// The start information of the PVH protocol, with its modules and its memory map in the same page.
pub const START_INFO: u64 = 0x6000;
/// The zero page (`boot_params`) of the 64-bit boot protocol.
pub const ZERO_PAGE: u64 = 0x7000;
/// The page tables of the 64-bit boot protocol: six pages. The kernel replaces them early.
pub const PAGE_TABLES: u64 = 0x9000;
/// The kernel's command line. Above the first 64 KiB, which Linux may overwrite with its start-up code for other vCPUs.
pub const COMMAND_LINE: u64 = 0x2_0000;
/// Room for the command line with its final zero, in bytes; Linux on x86 takes 2048.
pub const COMMAND_LINE_SIZE: u64 = 0x1_0000;
/// End of conventional memory: here a PC has its extended BIOS data area, and kernels do not expect memory from here on.
pub const CONVENTIONAL_MEMORY_END: u64 = 0x9_fc00;
/// The ACPI tables, the RSDP first. In the range that ACPI 6.5 (section 5.2.5.1) has searched for the RSDP, so that it is
/// found by a kernel that nobody told the address.
pub const ACPI_TABLES: u64 = 0xe_0000;
/// Where a processor in real mode jumps to begin anew (0xffff:0): what follows the ACPI tables.
pub const RESET_VECTOR: u64 = 0xf_fff0;
/// Where memory above a PC's first MiB starts; the lowest address that a kernel may be loaded to.
pub const HIGH_MEMORY: u64 = 0x10_0000;

/// Where the hole below 4 GiB starts: RAM ends here at the latest. 1 GiB is room enough for the windows of devices, and
/// everything in it can be reached with 32-bit addresses.
pub const HOLE: u64 = 0xc000_0000;
/// Where the hole ends, and what does not fit below it goes on.
pub const HOLE_END: u64 = 0x1_0000_0000;
/// The window in which PCI devices with 32-bit base addresses are placed.
pub const PCI_WINDOW: u64 = HOLE;
/// Bytes of [`PCI_WINDOW`]; virtio-mmio's windows follow.
pub const PCI_WINDOW_SIZE: u64 = 0x1000_0000;
/// The configuration space of PCI (ECAM), 1 MiB a bus. Its base has to be aligned to its size for 256 buses.
pub const PCI_ECAM: u64 = 0xe000_0000;
/// The I/O APIC, where every PC and KVM have it.
pub const IO_APIC: u32 = 0xfec0_0000;
/// The local APICs, where every x86 processor has its own after reset.
pub const LOCAL_APIC: u32 = 0xfee0_0000;

/// Pins of the one I/O APIC, as KVM's: the interrupt lines (GSIs) 0 to 23.
pub const INTERRUPT_LINES: u32 = 24;
/// The serial port COM1: eight I/O ports.
pub const SERIAL_PORTS: u16 = 0x3f8;
/// The interrupt line of COM1.
pub const SERIAL_INTERRUPT: u8 = 4;
/// The interrupt line of the power button, edge triggered: a PC's keyboard, which this machine does not have.
pub const POWER_BUTTON_INTERRUPT: u8 = 1;

/// The sleep control register of hardware-reduced ACPI (ACPI 6.5, section 4.8.3.7), an I/O port of 8 bits. The guest
/// writes [`SLEEP_POWER_OFF`] to be switched off.
pub const SLEEP_CONTROL_PORT: u16 = 0x600;
/// The sleep status register, an I/O port of 8 bits. Nothing ever wakes here: reads as zero, writes do nothing.
pub const SLEEP_STATUS_PORT: u16 = 0x601;
/// The reset register (ACPI 6.5, section 4.8.3.6), an I/O port of 8 bits. The guest writes [`RESET_VALUE`] to be reset.
pub const RESET_PORT: u16 = 0x602;
/// What the guest writes to [`RESET_PORT`].
pub const RESET_VALUE: u8 = 1;
/// The sleep type of S5, "soft off", in this machine's `\_S5` package.
pub const SLEEP_TYPE_S5: u8 = 5;
/// What the guest writes to [`SLEEP_CONTROL_PORT`] to be switched off: `SLP_EN` (bit 5) and the type S5 in bits 2 to 4.
pub const SLEEP_POWER_OFF: u8 = 1 << 5 | SLEEP_TYPE_S5 << 2;

const _: () = assert!(PCI_WINDOW + PCI_WINDOW_SIZE <= PCI_ECAM);
const _: () = assert!(COMMAND_LINE + COMMAND_LINE_SIZE <= CONVENTIONAL_MEMORY_END);
