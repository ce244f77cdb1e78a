//! virtio-pci, the modern one (virtio 1.3 section 4.1), with MSI-X.
//!
//! The guest decides where each function's memory lies, as an operating system without firmware has to. What it finds in
//! the capabilities are offsets, which it keeps within that memory.

use super::{ACKNOWLEDGE, low_half};
use crate::layout::{FIRST_VECTOR, PCI_CONFIGURATION, PCI_MEMORY, PCI_MEMORY_STRIDE};
use crate::platform::Platform;

/// Distance between the configuration spaces of two devices of the bus: eight functions, 4 KiB each.
const DEVICE_STRIDE: u64 = 0x8000;

const IDENTITY: u64 = 0x00;
const COMMAND: u64 = 0x04;
const MEMORY_BASE: u64 = 0x10;
const CAPABILITIES: u64 = 0x34;
/// Vendor 0x1af4, and behind the device IDs of modern devices.
const VENDOR: u32 = 0x1af4;
const FIRST_MODERN_DEVICE: u32 = 0x1040;
const MEMORY_AND_BUS_MASTER: u32 = 0b110;

const VENDOR_SPECIFIC: u32 = 0x09;
const MSI_X: u32 = 0x11;
const MSI_X_ENABLED: u32 = 1 << 31;

// The common configuration (section 4.1.4.3).
const DEVICE_FEATURE_SELECT: u64 = 0x00;
const DEVICE_FEATURE: u64 = 0x04;
const DRIVER_FEATURE_SELECT: u64 = 0x08;
const DRIVER_FEATURE: u64 = 0x0c;
const CONFIGURATION_VECTOR: u64 = 0x10;
const DEVICE_STATUS: u64 = 0x14;
const QUEUE_SELECT: u64 = 0x16;
const QUEUE_SIZE: u64 = 0x18;
const QUEUE_VECTOR: u64 = 0x1a;
const QUEUE_ENABLE: u64 = 0x1c;
const QUEUE_NOTIFY_OFFSET: u64 = 0x1e;
/// Low halves of the three areas' addresses; each high half is 4 bytes further.
const QUEUE_AREAS: [u64; 3] = [0x20, 0x28, 0x30];

/// Where an interrupt message goes: to the local APIC of the first vCPU.
const MESSAGE_ADDRESS: u32 = 0xfee0_0000;
/// Vectors that the guest programs, all with the same message: for the configuration, and for up to as many queues.
const VECTORS: u16 = 4;
/// Bytes of an entry of the message table.
const MESSAGE_SIZE: u64 = 16;

/// A function. Offsets are in its memory.
#[derive(Clone, Copy)]
pub(super) struct PciFunction {
    memory: u64,
    common: u64,
    notify: u64,
    notify_multiplier: u64,
    device: u64,
}

/// Whether there is a PCI bus: its first device is the bridge.
pub(super) fn is_there<P: Platform>(platform: &mut P) -> bool {
    platform.read_register(PCI_CONFIGURATION) != u32::MAX
}

impl PciFunction {
    /// The device ID of the function that is device `number` + 1 of the bus, if it is there.
    pub(super) fn probe<P: Platform>(platform: &mut P, number: u8) -> Option<(Self, u32)> {
        let space = PCI_CONFIGURATION + (u64::from(number) + 1) * DEVICE_STRIDE;
        let identity = platform.read_register(space + IDENTITY);
        if identity & 0xffff != VENDOR || identity >> 16 < FIRST_MODERN_DEVICE {
            return None;
        }
        let memory = PCI_MEMORY + u64::from(number) * PCI_MEMORY_STRIDE;
        platform.write_register(space + MEMORY_BASE, low_half(memory));
        if platform.read_register(space + MEMORY_BASE) & !0xf != low_half(memory) {
            return None;
        }
        platform.write_register(space + COMMAND, MEMORY_AND_BUS_MASTER);
        let mut function = Self { memory, common: 0, notify: 0, notify_multiplier: 0, device: 0 };
        function.find_capabilities(platform, space, number);
        Some((function, (identity >> 16) - FIRST_MODERN_DEVICE))
    }

    fn find_capabilities<P: Platform>(&mut self, platform: &mut P, space: u64, number: u8) {
        let mut next = platform.read_register(space + CAPABILITIES) & 0xfc;
        // A list that does not end is not followed for ever.
        let mut left = 16;
        while next != 0 && left > 0 {
            let at = space + u64::from(next);
            let head = platform.read_register(at);
            match head & 0xff {
                VENDOR_SPECIFIC => {
                    let offset = offset(platform.read_register(at + 8));
                    match head >> 24 {
                        1 => self.common = offset,
                        2 => {
                            self.notify = offset;
                            self.notify_multiplier = u64::from(platform.read_register(at + 16));
                        }
                        4 => self.device = offset,
                        _ => {}
                    }
                }
                MSI_X => {
                    let table = offset(platform.read_register(at + 4) & !7);
                    self.fill_messages(platform, table, u32::from(FIRST_VECTOR + number));
                    platform.write_register(at, MSI_X_ENABLED);
                }
                _ => {}
            }
            next = head >> 8 & 0xfc;
            left -= 1;
        }
    }

    /// All the function's messages come as the one interrupt of this device.
    fn fill_messages<P: Platform>(&self, platform: &mut P, table: u64, vector: u32) {
        for number in 0..u64::from(VECTORS) {
            let entry = self.memory + table + number * MESSAGE_SIZE;
            for (offset, value) in [(0, MESSAGE_ADDRESS), (4, 0), (8, vector), (12, 0)] {
                platform.write_register(entry + offset, value);
            }
        }
    }

    fn common(self, register: u64) -> u64 {
        self.memory + self.common + register
    }

    pub(super) fn address(self) -> u64 {
        self.memory
    }

    pub(super) fn configuration_space(self) -> u64 {
        self.memory + self.device
    }

    pub(super) fn status<P: Platform>(self, platform: &mut P) -> u32 {
        u32::from(platform.read_register_byte(self.common(DEVICE_STATUS)))
    }

    pub(super) fn set_status<P: Platform>(self, platform: &mut P, status: u32) {
        let [status, ..] = status.to_le_bytes();
        platform.write_register_byte(self.common(DEVICE_STATUS), status);
        if u32::from(status) == ACKNOWLEDGE {
            // A reset has made it none.
            platform.write_register_u16(self.common(CONFIGURATION_VECTOR), 0);
        }
    }

    /// Half number `half` of the features offered.
    pub(super) fn offered<P: Platform>(self, platform: &mut P, half: u32) -> u32 {
        platform.write_register(self.common(DEVICE_FEATURE_SELECT), half);
        platform.read_register(self.common(DEVICE_FEATURE))
    }

    /// Accepts half number `half` of the features.
    pub(super) fn accept<P: Platform>(self, platform: &mut P, half: u32, features: u32) {
        platform.write_register(self.common(DRIVER_FEATURE_SELECT), half);
        platform.write_register(self.common(DRIVER_FEATURE), features);
    }

    /// Selects queue `index`: its largest size, zero if it is in use already.
    pub(super) fn largest_queue<P: Platform>(self, platform: &mut P, index: u16) -> u32 {
        platform.write_register_u16(self.common(QUEUE_SELECT), index);
        let largest = u32::from(platform.read_register_u16(self.common(QUEUE_SIZE)));
        if platform.read_register_u16(self.common(QUEUE_ENABLE)) == 0 { largest } else { 0 }
    }

    /// Where the selected queue is kicked, which is queue `index`; chooses its vector besides.
    pub(super) fn notify<P: Platform>(self, platform: &mut P, index: u16) -> u64 {
        let vector = if index + 1 < VECTORS { index + 1 } else { VECTORS - 1 };
        platform.write_register_u16(self.common(QUEUE_VECTOR), vector);
        let number = u64::from(platform.read_register_u16(self.common(QUEUE_NOTIFY_OFFSET)));
        self.memory + (self.notify + number * self.notify_multiplier) % PCI_MEMORY_STRIDE / 4 * 4
    }

    /// Puts the selected queue to use.
    pub(super) fn enable_queue<P: Platform>(self, platform: &mut P, size: u16, areas: [u64; 3]) {
        platform.write_register_u16(self.common(QUEUE_SIZE), size);
        for (register, address) in QUEUE_AREAS.into_iter().zip(areas) {
            platform.write_register(self.common(register), low_half(address));
            platform.write_register(self.common(register) + 4, low_half(address >> 32));
        }
        platform.write_register_u16(self.common(QUEUE_ENABLE), 1);
    }
}

/// An offset within a function's memory, whatever the capability says; 16 bytes behind it are in the memory too.
fn offset(value: u32) -> u64 {
    u64::from(value) % PCI_MEMORY_STRIDE / 16 * 16
}
