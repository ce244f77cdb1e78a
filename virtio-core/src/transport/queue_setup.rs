//! What the driver has said about its queues, before the device starts.

use crate::feature_map::{EVENT_IDX, INDIRECT_DESC, RING_PACKED};
use crate::queue::{QueueConfiguration, QueueError, RingError, RingForm, RingLayout};

/// The registers that describe a ring. Addresses come in halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueueRegister {
    /// Number of descriptors.
    Size,
    /// Descriptor area.
    DescriptorLow,
    /// Descriptor area.
    DescriptorHigh,
    /// Driver area.
    DriverLow,
    /// Driver area.
    DriverHigh,
    /// Device area.
    DeviceLow,
    /// Device area.
    DeviceHigh,
}

/// One queue's registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueueSetup {
    pub(crate) maximum_size: u16,
    pub(crate) layout: RingLayout,
    pub(crate) ready: bool,
}

impl QueueSetup {
    /// A queue that the driver has not touched.
    pub(super) fn new(maximum_size: u16) -> Self {
        let layout = RingLayout { size: maximum_size, ..RingLayout::default() };
        Self { maximum_size, layout, ready: false }
    }

    /// The driver writes one of the registers that describe the ring.
    ///
    /// # Errors
    /// A size that the ring cannot have. (Addresses are checked when all are known, at DRIVER_OK.)
    pub(super) fn write(&mut self, register: QueueRegister, value: u32) -> Result<(), RingError> {
        let RingLayout { form, size, descriptor_area, driver_area, device_area } = &mut self.layout;
        match register {
            QueueRegister::Size => {
                let maximum = self.maximum_size;
                let wanted = u16::try_from(value).ok().filter(|size| (1..=maximum).contains(size));
                *size = match form {
                    RingForm::Split => wanted
                        .filter(|size| size.is_power_of_two())
                        .ok_or(RingError::Size { size: value, maximum })?,
                    RingForm::Packed => wanted.ok_or(RingError::PackedSize { size: value, maximum })?,
                };
            }
            QueueRegister::DescriptorLow => set_low(descriptor_area, value),
            QueueRegister::DescriptorHigh => set_high(descriptor_area, value),
            QueueRegister::DriverLow => set_low(driver_area, value),
            QueueRegister::DriverHigh => set_high(driver_area, value),
            QueueRegister::DeviceLow => set_low(device_area, value),
            QueueRegister::DeviceHigh => set_high(device_area, value),
        }
        Ok(())
    }

    /// The driver reads one of the registers that describe the ring.
    pub(crate) fn read(&self, register: QueueRegister) -> u32 {
        let RingLayout { size, descriptor_area, driver_area, device_area, .. } = self.layout;
        match register {
            QueueRegister::Size => u32::from(size),
            QueueRegister::DescriptorLow => half(descriptor_area, 0),
            QueueRegister::DescriptorHigh => half(descriptor_area, 1),
            QueueRegister::DriverLow => half(driver_area, 0),
            QueueRegister::DriverHigh => half(driver_area, 1),
            QueueRegister::DeviceLow => half(device_area, 0),
            QueueRegister::DeviceHigh => half(device_area, 1),
        }
    }

    /// What the device's queue is made of.
    pub(super) fn configuration(&self, index: u16, features: u128, stage_clocks: bool) -> QueueConfiguration {
        QueueConfiguration {
            index,
            maximum_size: self.maximum_size,
            layout: RingLayout { form: ring_form(features), ..self.layout },
            indirect_descriptors: features & INDIRECT_DESC != 0,
            event_index: features & EVENT_IDX != 0,
            stage_clocks,
        }
    }
}

/// The form of all rings of a device whose driver has acknowledged `features`.
pub(super) fn ring_form(features: u128) -> RingForm {
    if features & RING_PACKED == 0 { RingForm::Split } else { RingForm::Packed }
}

/// For `map_err`: says which queue it was.
pub(super) fn of_queue(queue: u16) -> impl FnOnce(RingError) -> QueueError {
    move |error| QueueError { queue, error }
}

/// Half number 0 or 1 of a 64-bit word.
pub(crate) fn half(value: u64, number: u32) -> u32 {
    u32::try_from(value >> (32 * number) & 0xffff_ffff).unwrap_or(0)
}

/// Replaces the low half of a 64-bit word.
pub(crate) fn set_low(address: &mut u64, value: u32) {
    *address = *address & !0xffff_ffff | u64::from(value);
}

/// Replaces the high half of a 64-bit word.
pub(crate) fn set_high(address: &mut u64, value: u32) {
    *address = *address & 0xffff_ffff | u64::from(value) << 32;
}
