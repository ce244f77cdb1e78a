//! The common configuration structure (virtio 1.3, 4.1.4.3): the registers by which a driver negotiates and sets up queues.

use super::PciTransport;
use super::interrupt::NO_VECTOR;
use crate::interrupt::Cause;
use crate::transport::QueueRegister;

/// A register. Those of 64 bits are two, as drivers may access the halves (4.1.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Register {
    DeviceFeatureSelect,
    DeviceFeature,
    DriverFeatureSelect,
    DriverFeature,
    ConfigurationVector,
    QueueCount,
    DeviceStatus,
    ConfigurationGeneration,
    QueueSelect,
    QueueSize,
    QueueVector,
    QueueEnable,
    QueueNotifyOffset,
    QueueReset,
    /// An area of the selected queue.
    Queue(QueueRegister),
}

impl Register {
    /// The register at an offset; an access has to have its width (4.1.3.1).
    fn at(offset: u64, width: usize) -> Option<Self> {
        Some(match (offset, width) {
            (0x00, 4) => Self::DeviceFeatureSelect,
            (0x04, 4) => Self::DeviceFeature,
            (0x08, 4) => Self::DriverFeatureSelect,
            (0x0c, 4) => Self::DriverFeature,
            (0x10, 2) => Self::ConfigurationVector,
            (0x12, 2) => Self::QueueCount,
            (0x14, 1) => Self::DeviceStatus,
            (0x15, 1) => Self::ConfigurationGeneration,
            (0x16, 2) => Self::QueueSelect,
            (0x18, 2) => Self::QueueSize,
            (0x1a, 2) => Self::QueueVector,
            (0x1c, 2) => Self::QueueEnable,
            (0x1e, 2) => Self::QueueNotifyOffset,
            (0x20, 4) => Self::Queue(QueueRegister::DescriptorLow),
            (0x24, 4) => Self::Queue(QueueRegister::DescriptorHigh),
            (0x28, 4) => Self::Queue(QueueRegister::DriverLow),
            (0x2c, 4) => Self::Queue(QueueRegister::DriverHigh),
            (0x30, 4) => Self::Queue(QueueRegister::DeviceLow),
            (0x34, 4) => Self::Queue(QueueRegister::DeviceHigh),
            (0x3a, 2) => Self::QueueReset,
            _ => return None,
        })
    }
}

impl PciTransport {
    /// The driver reads; `data` comes zeroed, and stays so where there is no register of its width.
    pub(super) fn read_common(&self, offset: u64, data: &mut [u8]) {
        if let (halves @ [_, _], []) = data.as_chunks_mut::<4>() {
            for (offset, half) in [offset, offset + 4].into_iter().zip(halves) {
                self.read_common(offset, half);
            }
        } else if let Some(register) = Register::at(offset, data.len()) {
            let value = self.common_register(register).to_le_bytes();
            data.iter_mut().zip(value).for_each(|(place, byte)| *place = byte);
        }
    }

    /// The driver writes. What is read-only, and what the device's state does not allow, has no effect.
    pub(super) fn write_common(&mut self, offset: u64, data: &[u8]) {
        if let (halves @ [_, _], []) = data.as_chunks::<4>() {
            for (offset, half) in [offset, offset + 4].into_iter().zip(halves) {
                self.write_common(offset, half);
            }
        } else if let Some(register) = Register::at(offset, data.len()) {
            let value = data.iter().rev().fold(0, |high, byte| high << 8 | u32::from(*byte));
            self.set_common_register(register, value);
        }
    }

    fn common_register(&self, register: Register) -> u32 {
        let queue = self.selected_queue();
        let view = self.shared();
        match register {
            Register::DeviceFeatureSelect => self.device_features_select(),
            Register::DeviceFeature => self.device_features(),
            Register::DriverFeatureSelect => self.driver_features_select(),
            Register::DriverFeature => self.driver_features(),
            Register::ConfigurationVector => self.vector(Some(Cause::ConfigurationChange)),
            Register::QueueCount => u32::from(self.queue_count()),
            Register::DeviceStatus => u32::from(view.device_status()),
            // The driver compares it for equality: the low byte will do.
            Register::ConfigurationGeneration => view.configuration_generation() & 0xff,
            Register::QueueSelect => self.queue_select(),
            Register::QueueSize => queue.map_or(0, |queue| u32::from(queue.layout.size)),
            Register::QueueVector => self.vector(self.selected_queue_index().map(Cause::UsedBuffer)),
            Register::QueueEnable => queue.map_or(0, |queue| u32::from(queue.ready)),
            // A queue's register has the place of its number.
            Register::QueueNotifyOffset => self.selected_queue_index().map_or(0, u32::from),
            // The queue is reset as soon as this is written.
            Register::QueueReset => 0,
            Register::Queue(register) => queue.map_or(0, |queue| queue.read(register)),
        }
    }

    fn set_common_register(&mut self, register: Register, value: u32) {
        let [low_byte, second_byte, ..] = value.to_le_bytes();
        let vector = u16::from_le_bytes([low_byte, second_byte]);
        match register {
            Register::DeviceFeatureSelect => self.select_device_features(value),
            Register::DriverFeatureSelect => self.select_driver_features(value),
            Register::DriverFeature => self.acknowledge_features(value),
            Register::ConfigurationVector => {
                self.registers.interrupt.set_vector(Cause::ConfigurationChange, vector);
            }
            Register::DeviceStatus => self.set_status(low_byte),
            Register::QueueSelect => self.select_queue(value),
            Register::QueueSize => self.set_up_queue(QueueRegister::Size, value),
            Register::QueueVector => {
                if let Some(queue) = self.selected_queue_index() {
                    self.registers.interrupt.set_vector(Cause::UsedBuffer(queue), vector);
                }
            }
            // A driver enables queues; only a reset disables them (4.1.4.3.2).
            Register::QueueEnable if value == 1 => self.set_queue_ready(true),
            Register::QueueReset if value == 1 => {
                if let Some(queue) = self.reset_queue() {
                    self.registers.interrupt.set_vector(Cause::UsedBuffer(queue), NO_VECTOR);
                }
            }
            Register::Queue(register) => self.set_up_queue(register, value),
            _ => {}
        }
    }

    fn vector(&self, cause: Option<Cause>) -> u32 {
        u32::from(cause.map_or(NO_VECTOR, |cause| self.registers.interrupt.vector(cause)))
    }
}
