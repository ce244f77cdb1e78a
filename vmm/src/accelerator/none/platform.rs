//! A host thread as the built-in guest's platform: the machine's bus and the guest's memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use builtin_guest::Platform;
use builtin_guest::layout::DEBUG_PORT;
use vm_memory::{AtomicAccess, Bytes, GuestAddress};

use crate::accelerator::{Bus, ExitReason, GuestMemory, VcpuExits};

pub(super) struct HostPlatform {
    pub(super) bus: Arc<dyn Bus>,
    pub(super) memory: GuestMemory,
    pub(super) exits: Arc<VcpuExits>,
}

/// Memory is accessed as by a vCPU: every access whole, none reordered with a later one.
impl HostPlatform {
    /// The guest's areas are in memory ([`super::NoAcceleration`] has checked that), so no access fails.
    fn load<T: AtomicAccess + Default>(&self, address: u64) -> T {
        self.memory.load(GuestAddress(address), Ordering::SeqCst).unwrap_or_default()
    }

    fn store<T: AtomicAccess>(&self, address: u64, value: T) {
        // As above: there is nothing that could fail.
        let _ = self.memory.store(value, GuestAddress(address), Ordering::SeqCst);
    }
}

impl Platform for HostPlatform {
    fn read_register(&mut self, address: u64) -> u32 {
        let _handling = self.exits.begin(ExitReason::MmioRead);
        let mut data = [0; 4];
        self.bus.read(address, &mut data);
        u32::from_le_bytes(data)
    }

    fn write_register(&mut self, address: u64, value: u32) {
        let _handling = self.exits.begin(ExitReason::MmioWrite);
        self.bus.write(address, &value.to_le_bytes());
    }

    fn read_register_u16(&mut self, address: u64) -> u16 {
        let mut data = [0; 2];
        self.bus.read(address, &mut data);
        u16::from_le_bytes(data)
    }

    fn write_register_u16(&mut self, address: u64, value: u16) {
        self.bus.write(address, &value.to_le_bytes());
    }

    fn write_register_byte(&mut self, address: u64, value: u8) {
        self.bus.write(address, &[value]);
    }

    fn read_register_byte(&mut self, address: u64) -> u8 {
        let _handling = self.exits.begin(ExitReason::MmioRead);
        let mut data = [0];
        self.bus.read(address, &mut data);
        let [byte] = data;
        byte
    }

    fn load_u8(&self, address: u64) -> u8 {
        self.load(address)
    }

    fn load_u16(&self, address: u64) -> u16 {
        u16::from_le(self.load(address))
    }

    fn load_u32(&self, address: u64) -> u32 {
        u32::from_le(self.load(address))
    }

    fn load_u64(&self, address: u64) -> u64 {
        u64::from_le(self.load(address))
    }

    fn store_u8(&mut self, address: u64, value: u8) {
        self.store(address, value);
    }

    fn store_u16(&mut self, address: u64, value: u16) {
        self.store(address, value.to_le());
    }

    fn store_u32(&mut self, address: u64, value: u32) {
        self.store(address, value.to_le());
    }

    fn store_u64(&mut self, address: u64, value: u64) {
        self.store(address, value.to_le());
    }

    fn print(&mut self, byte: u8) {
        let _handling = self.exits.begin(ExitReason::PortWrite);
        self.bus.port_write(DEBUG_PORT, &[byte]);
    }
}
