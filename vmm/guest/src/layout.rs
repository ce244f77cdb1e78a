//! Where things are in guest-physical memory: what the guest and the machine that runs it agree on.

/// The first virtio-mmio window.
pub const WINDOWS: u64 = 0xd000_0000;
/// Distance between two windows, in bytes.
pub const WINDOW_STRIDE: u64 = 0x1000;
/// How many windows the guest looks at: as many as there are interrupt lines for them (I/O APIC pins 5 to 23).
pub const WINDOW_COUNT: u8 = 19;
/// Interrupt line (I/O APIC pin) of the first window; window `n` has line `FIRST_LINE + n`.
pub const FIRST_LINE: u8 = 5;

/// The interrupt vector of the first window, or of the first function on the PCI bus; window or function `n` has vector
/// `FIRST_VECTOR + n`. Below are the processor's exceptions and the legacy controllers' default vectors.
pub const FIRST_VECTOR: u8 = 0x30;

/// The configuration space of the PCI bus (ECAM), if the machine has one. Its device `n + 1` is in window `n`'s stead.
pub const PCI_CONFIGURATION: u64 = 0xe000_0000;
/// Where the guest puts the memory of the first function.
pub const PCI_MEMORY: u64 = 0xc000_0000;
/// Bytes of a function's memory, and distance between two of them.
pub const PCI_MEMORY_STRIDE: u64 = 0x1_0000;

/// I/O port to which the guest writes messages, a byte at a time, while it has no virtio console (COM1's data register).
pub const DEBUG_PORT: u16 = 0x3f8;

/// Where the image is loaded and entered.
pub const IMAGE: u64 = 0x10_0000;
/// Most bytes that the image may take, its zeroed data included.
pub const IMAGE_SIZE: u64 = 0x8_0000;
/// The initial stack pointer: the stack grows down from here, above the image.
pub const STACK_TOP: u64 = 0x20_0000;

/// The first device's memory: its rings and buffers.
pub const DEVICE_MEMORY: u64 = 0x20_0000;
/// Bytes of memory each device has.
pub const DEVICE_MEMORY_SIZE: u64 = 0x2_0000;
/// Offset of the buffers in a device's memory; the rings are before it.
pub const DEVICE_BUFFERS: u64 = 0x1_0000;
/// Least RAM the guest needs, in bytes.
pub const LEAST_MEMORY: u64 = 0x80_0000;

const _: () = assert!(IMAGE + IMAGE_SIZE < STACK_TOP);
const _: () = assert!(DEVICE_MEMORY + WINDOW_COUNT as u64 * DEVICE_MEMORY_SIZE <= LEAST_MEMORY);
