//! PCI: a host bridge with one bus, on which the devices of `--transport pci` are functions.
//!
//! There is no firmware, so the machine decides before the guest runs where each function's memory lies; the guest finds
//! that there, and may decide otherwise, within the bridge's window. Read [`HostBridge`] first.

mod access;
mod host_bridge;
mod lines;

pub use access::{ConfigurationPorts, EnhancedAccess};
pub use host_bridge::{HostBridge, NewFunction};

use boot::addresses::{HOLE_END, PCI_ECAM, PCI_WINDOW, PCI_WINDOW_SIZE};
use boot::{AddressRange, PciHost};
use builtin_guest::layout;

/// Functions that the bus has room for: the first of its 32 devices is the bridge, and each has one function.
pub const MOST_FUNCTIONS: usize = 31;

/// The configuration space of the one bus, in bytes.
pub const ECAM_SIZE: u64 = 1 << 20;
/// The ports of configuration mechanism 1 (PCI Local Bus Specification 3.0, 3.2.2.3.2): an address and a data register.
pub const CONFIGURATION_PORTS: u16 = 0xcf8;
/// How many ports these are.
pub const CONFIGURATION_PORTS_SIZE: u16 = 8;

/// The interrupt lines of the four pins: those of the I/O APIC that no PC gives to anything else.
const PIN_LINES: [u32; 4] = [16, 17, 18, 19];

/// The bridge, as a kernel has to be told.
pub const HOST: PciHost = PciHost {
    ecam: PCI_ECAM,
    last_bus: 0,
    window: AddressRange { start: PCI_WINDOW, size: PCI_WINDOW_SIZE },
    high_window: None,
    interrupts: PIN_LINES,
};

// The built-in guest has been told the same.
const _: () = assert!(layout::PCI_CONFIGURATION == PCI_ECAM && layout::PCI_MEMORY == PCI_WINDOW);
const _: () = assert!(PCI_ECAM + ECAM_SIZE <= HOLE_END);
const _: () = assert!(layout::PCI_MEMORY_STRIDE == virtio_core::pci::MEMORY_SIZE as u64);

/// The interrupt line of pin A of a device: each device is rotated by one, as PCI recommends.
fn pin_line(device: usize) -> u32 {
    PIN_LINES.iter().copied().cycle().nth(device % PIN_LINES.len()).unwrap_or_default()
}
