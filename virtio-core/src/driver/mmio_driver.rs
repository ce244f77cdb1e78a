//! A driver on virtio-mmio.

use super::registers::Registers;
use super::transport_driver::TransportDriver;
use crate::GuestMemory;
use crate::device::Device;
use crate::mmio::{MmioRegisters, MmioTransport};
use crate::queue::{RingForm, RingLayout};
use crate::transport::half;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// Offsets of the registers that the handshake uses (virtio 1.3, 4.2.2). Written down apart from the transport's own on
/// purpose: a driver that took its numbers from the device would never find a wrong one.
pub mod offset {
    #![expect(missing_docs, reason = "the names are the specification's")]
    pub const MAGIC_VALUE: u64 = 0x000;
    pub const VERSION: u64 = 0x004;
    pub const DEVICE_ID: u64 = 0x008;
    pub const DEVICE_FEATURES: u64 = 0x010;
    pub const DEVICE_FEATURES_SELECT: u64 = 0x014;
    pub const DRIVER_FEATURES: u64 = 0x020;
    pub const DRIVER_FEATURES_SELECT: u64 = 0x024;
    pub const QUEUE_SELECT: u64 = 0x030;
    pub const QUEUE_SIZE_MAXIMUM: u64 = 0x034;
    pub const QUEUE_SIZE: u64 = 0x038;
    pub const QUEUE_READY: u64 = 0x044;
    pub const QUEUE_NOTIFY: u64 = 0x050;
    pub const INTERRUPT_STATUS: u64 = 0x060;
    pub const INTERRUPT_ACKNOWLEDGE: u64 = 0x064;
    pub const STATUS: u64 = 0x070;
    pub const QUEUE_RESET: u64 = 0x0c0;
    pub const QUEUE_DESCRIPTOR: u64 = 0x080;
    pub const QUEUE_DRIVER: u64 = 0x090;
    pub const QUEUE_DEVICE: u64 = 0x0a0;
    pub const CONFIGURATION_GENERATION: u64 = 0x0fc;
    pub const CONFIGURATION_SPACE: u64 = 0x100;
}

/// A driver of a device behind virtio-mmio.
pub type MmioDriver = TransportDriver<MmioWindow>;

/// The window of registers, and the interrupt.
pub struct MmioWindow {
    transport: MmioTransport,
    interrupt: EventFd,
}

impl MmioDriver {
    /// Puts the device behind a transport that offers split rings only.
    ///
    /// # Panics
    /// If the transport refuses the device, or the host has no more file descriptors.
    pub fn new(device: Box<dyn Device>, memory: &GuestMemory) -> Self {
        Self::with_rings(device, memory, RingForm::Split)
    }

    /// Puts the device behind a transport that offers these rings.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn with_rings(device: Box<dyn Device>, memory: &GuestMemory, rings: RingForm) -> Self {
        let interrupt = EventFd::new(EFD_NONBLOCK).expect("the host has an event file descriptor");
        let line = interrupt.try_clone().expect("the host has an event file descriptor");
        let transport = MmioTransport::new(device, Arc::clone(memory), line, rings)
            .unwrap_or_else(|error| panic!("the transport refuses the device: {error}"));
        Self::over(MmioWindow { transport, interrupt }, memory)
    }

    /// Reads a register.
    pub fn read(&mut self, offset: u64) -> u32 {
        self.registers.read(offset)
    }

    /// Writes a register.
    pub fn write(&mut self, offset: u64, value: u32) {
        self.registers.write(offset, value);
    }
}

impl MmioWindow {
    fn read(&mut self, offset: u64) -> u32 {
        let mut data = [0; 4];
        self.transport.read(offset, &mut data);
        u32::from_le_bytes(data)
    }

    fn write(&mut self, offset: u64, value: u32) {
        self.transport.write(offset, &value.to_le_bytes());
    }

    fn write_address(&mut self, offset: u64, address: u64) {
        self.write(offset, half(address, 0));
        self.write(offset + 4, half(address, 1));
    }

    /// A register of which eight bits mean something.
    fn read_low_byte(&mut self, offset: u64) -> u8 {
        let [low, ..] = self.read(offset).to_le_bytes();
        low
    }
}

impl Registers for MmioWindow {
    type Own = MmioRegisters;

    fn transport(&mut self) -> &mut MmioTransport {
        &mut self.transport
    }

    fn offered_features(&mut self, select: u32) -> u32 {
        self.write(offset::DEVICE_FEATURES_SELECT, select);
        self.read(offset::DEVICE_FEATURES)
    }

    fn acknowledge_features(&mut self, select: u32, features: u32) {
        self.write(offset::DRIVER_FEATURES_SELECT, select);
        self.write(offset::DRIVER_FEATURES, features);
    }

    fn status(&mut self) -> u8 {
        self.read_low_byte(offset::STATUS)
    }

    fn set_status(&mut self, status: u8) {
        self.write(offset::STATUS, u32::from(status));
    }

    fn queue_size_maximum(&mut self, index: u16) -> u16 {
        self.write(offset::QUEUE_SELECT, u32::from(index));
        u16::try_from(self.read(offset::QUEUE_SIZE_MAXIMUM)).expect("a queue size has 16 bits")
    }

    fn enable_queue(&mut self, index: u16, layout: &RingLayout) {
        self.write(offset::QUEUE_SELECT, u32::from(index));
        self.write(offset::QUEUE_SIZE, u32::from(layout.size));
        self.write_address(offset::QUEUE_DESCRIPTOR, layout.descriptor_area);
        self.write_address(offset::QUEUE_DRIVER, layout.driver_area);
        self.write_address(offset::QUEUE_DEVICE, layout.device_area);
        self.write(offset::QUEUE_READY, 1);
    }

    fn kick(&mut self, queue: u16) {
        self.write(offset::QUEUE_NOTIFY, u32::from(queue));
    }

    fn read_configuration(&mut self, offset: u64, data: &mut [u8]) {
        self.transport.read(offset::CONFIGURATION_SPACE + offset, data);
    }

    fn write_configuration(&mut self, offset: u64, data: &[u8]) {
        self.transport.write(offset::CONFIGURATION_SPACE + offset, data);
    }

    fn interrupt_events(&self) -> Vec<RawFd> {
        vec![self.interrupt.as_raw_fd()]
    }

    fn take_interrupt(&mut self) -> u8 {
        // Nothing to read means that no interrupt has come.
        let _ = self.interrupt.read();
        let status = self.read_low_byte(offset::INTERRUPT_STATUS);
        self.write(offset::INTERRUPT_ACKNOWLEDGE, u32::from(status));
        status
    }
}
