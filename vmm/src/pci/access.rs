//! The two ways to a configuration space: a pair of ports, and memory (ECAM).

use std::sync::{Arc, Mutex};

use super::HostBridge;
use crate::bus::{BusDevice, lock};

/// Which device of the bus, and where in its configuration space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Target {
    device: usize,
    offset: u16,
}

/// Configuration mechanism 1 (PCI Local Bus Specification 3.0, 3.2.2.3.2): the guest writes an address to the first
/// register, and then accesses the second.
pub struct ConfigurationPorts {
    bridge: Arc<Mutex<HostBridge>>,
    address: u32,
}

const ENABLED: u32 = 1 << 31;
/// Offset of the data register.
const DATA: u64 = 4;

impl ConfigurationPorts {
    /// The ports of a bridge.
    pub fn new(bridge: Arc<Mutex<HostBridge>>) -> Self {
        Self { bridge, address: 0 }
    }

    /// What an access to byte number `byte` of the data register is about.
    fn target(&self, byte: u64) -> Option<Target> {
        let [register, function, bus, _] = self.address.to_le_bytes();
        if self.address & ENABLED == 0 || bus != 0 || function & 7 != 0 {
            return None;
        }
        let offset = u16::from(register & !3) + u16::try_from(byte).ok()?;
        Some(Target { device: usize::from(function >> 3), offset })
    }
}

impl BusDevice for ConfigurationPorts {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0xff);
        if let (0, Ok(data)) = (offset, <&mut [u8; 4]>::try_from(&mut *data)) {
            *data = self.address.to_le_bytes();
        } else if let Some(target) = offset.checked_sub(DATA).and_then(|byte| self.target(byte)) {
            lock(&self.bridge).read(target.device, target.offset, data);
        }
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        if let (0, Ok(data)) = (offset, <[u8; 4]>::try_from(data)) {
            self.address = u32::from_le_bytes(data);
        } else if let Some(target) = offset.checked_sub(DATA).and_then(|byte| self.target(byte)) {
            lock(&self.bridge).write(target.device, target.offset, data);
        }
    }

    fn reset(&mut self) {
        self.address = 0;
        lock(&self.bridge).reset();
    }
}

/// The enhanced configuration access mechanism (PCI Express Base Specification, 7.2.2): 4 KiB for each function.
pub struct EnhancedAccess {
    bridge: Arc<Mutex<HostBridge>>,
}

impl EnhancedAccess {
    /// The memory of a bridge.
    pub fn new(bridge: Arc<Mutex<HostBridge>>) -> Self {
        Self { bridge }
    }
}

/// The address is that of the bus, whose number is 0, so above the offset there are three bits of function, then the device.
fn enhanced_target(address: u64) -> Option<Target> {
    let offset = u16::try_from(address & 0xfff).ok()?;
    let function = address >> 12 & 7;
    (function == 0).then_some(Target { device: usize::try_from(address >> 15).ok()?, offset })
}

impl BusDevice for EnhancedAccess {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0xff);
        if let Some(target) = enhanced_target(offset) {
            lock(&self.bridge).read(target.device, target.offset, data);
        }
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        if let Some(target) = enhanced_target(offset) {
            lock(&self.bridge).write(target.device, target.offset, data);
        }
    }
    /// Resetting the ports resets the bridge.
    fn reset(&mut self) {}
}
