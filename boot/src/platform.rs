//! The machine, as its kernel has to be told.

use crate::memory_map::MemoryLayout;

/// Addresses from `start` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    /// The first address.
    pub start: u64,
    /// How many bytes.
    pub size: u64,
}

/// A virtio device behind virtio-mmio registers (virtio 1.3, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MmioDevice {
    /// Its registers, below 4 GiB.
    pub registers: AddressRange,
    /// Its interrupt line, edge triggered.
    pub interrupt: u32,
}

/// The PCI host bridge. There is one, of segment 0, starting with bus 0.
///
/// Linux asks through I/O ports 0xcf8 and 0xcfc before it has read the tables; a machine without these makes it report
/// that there is no access to configuration space, even where it goes on to find the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PciHost {
    /// Where its configuration space (ECAM) starts: 1 MiB a bus.
    pub ecam: u64,
    /// The last bus; 0 if there is one bus only.
    pub last_bus: u8,
    /// Where devices with 32-bit base addresses are placed; below 4 GiB.
    pub window: AddressRange,
    /// Where devices with 64-bit base addresses may be placed besides.
    pub high_window: Option<AddressRange>,
    /// The interrupt lines that pins INTA to INTD of device 0 are wired to, level triggered; each further device is
    /// rotated by one, as PCI recommends.
    pub interrupts: [u32; 4],
}

impl PciHost {
    /// The addresses of its configuration space.
    pub(crate) const fn configuration_space(&self) -> AddressRange {
        AddressRange { start: self.ecam, size: (self.last_bus as u64 + 1) << 20 }
    }
}

/// The machine to be described to the kernel. I/O APIC, interval timer and the ports of [`addresses`](crate::addresses)
/// for switching off and resetting are always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// How many vCPUs; the APIC ID of each is its index.
    pub vcpus: u32,
    /// Where RAM lies.
    pub memory: MemoryLayout,
    /// The serial port COM1.
    pub serial: bool,
    /// Devices behind virtio-mmio.
    pub mmio_devices: Vec<MmioDevice>,
    /// The PCI host bridge, if there is one.
    pub pci: Option<PciHost>,
}
