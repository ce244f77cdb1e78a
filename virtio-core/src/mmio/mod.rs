//! The virtio-mmio transport, version 2 (virtio 1.3, section 4.2): a window of registers through which a driver finds,
//! configures and kicks one device.

mod registers;

use crate::GuestMemory;
use crate::device::Device;
use crate::interrupt::LineInterrupt;
use crate::queue::RingForm;
use crate::transport::{QueueRegister, Transport, TransportError};
use registers::{CONFIGURATION_SPACE, MAGIC_VALUE, NO_SHARED_MEMORY, Register, VENDOR_ID, VERSION};
use std::sync::Arc;
use vmm_sys_util::eventfd::EventFd;

/// Bytes of the register window, the configuration space included.
pub const MMIO_SIZE: u64 = 0x200;
/// Offset of the register that the driver kicks by; the value written is the queue's number.
pub const QUEUE_NOTIFY_OFFSET: u64 = 0x50;

/// A device behind a window of registers.
pub type MmioTransport = Transport<MmioRegisters>;

/// What virtio-mmio keeps beyond that which every transport keeps: nothing.
#[derive(Debug)]
pub struct MmioRegisters;

impl MmioTransport {
    /// Puts `device` behind registers. Writing to `interrupt` raises its line (edge). Packed `rings` are an offer: the
    /// driver may still choose split ones.
    ///
    /// # Errors
    /// A device that declares what cannot be, or no more file descriptors.
    pub fn new(
        device: Box<dyn Device>,
        memory: GuestMemory,
        interrupt: EventFd,
        rings: RingForm,
    ) -> Result<Self, TransportError> {
        let interrupt = Arc::new(LineInterrupt::new(interrupt));
        Self::attach(device, memory, interrupt, rings, MmioRegisters)
    }

    /// The driver reads at `offset` of the window. Registers are read in 32 bits; what cannot be read gives zeros.
    pub fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0);
        if let Some(offset) = offset.checked_sub(CONFIGURATION_SPACE) {
            self.read_configuration(offset, data);
        } else if let (Some(register), Ok(data)) = (Register::at(offset), <&mut [u8; 4]>::try_from(data)) {
            *data = self.read_register(register).to_le_bytes();
        }
    }

    /// The driver writes at `offset` of the window. Registers are written in 32 bits; any other write, and one that
    /// the device's state does not allow, has no effect.
    pub fn write(&mut self, offset: u64, data: &[u8]) {
        if let Some(offset) = offset.checked_sub(CONFIGURATION_SPACE) {
            self.write_configuration(offset, data);
        } else if let (Some(register), Ok(data)) = (Register::at(offset), <[u8; 4]>::try_from(data)) {
            self.write_register(register, u32::from_le_bytes(data));
        }
    }

    fn read_register(&self, register: Register) -> u32 {
        match register {
            Register::MagicValue => MAGIC_VALUE,
            Register::Version => VERSION,
            Register::DeviceId => self.device_id(),
            Register::VendorId => VENDOR_ID,
            Register::DeviceFeatures => self.device_features(),
            Register::QueueSizeMaximum => {
                self.selected_queue().map_or(0, |queue| u32::from(queue.maximum_size))
            }
            Register::QueueReady => self.selected_queue().map_or(0, |queue| u32::from(queue.ready)),
            Register::InterruptStatus => u32::from(self.shared().interrupt().status()),
            Register::Status => u32::from(self.shared().device_status()),
            Register::SharedMemoryLengthLow
            | Register::SharedMemoryLengthHigh
            | Register::SharedMemoryBaseLow
            | Register::SharedMemoryBaseHigh => NO_SHARED_MEMORY,
            Register::ConfigurationGeneration => self.shared().configuration_generation(),
            _ => 0,
        }
    }

    fn write_register(&mut self, register: Register, value: u32) {
        let [low_byte, ..] = value.to_le_bytes();
        match register {
            Register::DeviceFeaturesSelect => self.select_device_features(value),
            Register::DriverFeatures => self.acknowledge_features(value),
            Register::DriverFeaturesSelect => self.select_driver_features(value),
            Register::QueueSelect => self.select_queue(value),
            Register::QueueSize => self.set_up_queue(QueueRegister::Size, value),
            Register::QueueDescriptorLow => self.set_up_queue(QueueRegister::DescriptorLow, value),
            Register::QueueDescriptorHigh => self.set_up_queue(QueueRegister::DescriptorHigh, value),
            Register::QueueDriverLow => self.set_up_queue(QueueRegister::DriverLow, value),
            Register::QueueDriverHigh => self.set_up_queue(QueueRegister::DriverHigh, value),
            Register::QueueDeviceLow => self.set_up_queue(QueueRegister::DeviceLow, value),
            Register::QueueDeviceHigh => self.set_up_queue(QueueRegister::DeviceHigh, value),
            Register::QueueReady => self.set_queue_ready(value & 1 != 0),
            Register::QueueReset if value & 1 != 0 => drop(self.reset_queue()),
            Register::QueueNotify => self.kick(value),
            Register::InterruptAcknowledge => self.shared().interrupt().acknowledge(low_byte),
            // Bits beyond the eight of the status mean nothing, and are no reset.
            Register::Status if low_byte != 0 || value == 0 => self.set_status(low_byte),
            _ => {}
        }
    }
}
