//! What the driver has said about its queues, before the device starts.

use super::registers::Register;
use crate::queue::{QueueConfiguration, QueueError, RingError, RingForm, RingLayout};

/// One queue's registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueueSetup {
    pub(super) maximum_size: u16,
    pub(super) layout: RingLayout,
    pub(super) ready: bool,
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
    pub(super) fn write(&mut self, register: Register, value: u32) -> Result<(), RingError> {
        let RingLayout { form, size, descriptor_area, driver_area, device_area } = &mut self.layout;
        match register {
            Register::QueueSize => {
                let maximum = self.maximum_size;
                let wanted = u16::try_from(value).ok().filter(|size| (1..=maximum).contains(size));
                *size = match form {
                    RingForm::Split => wanted
                        .filter(|size| size.is_power_of_two())
                        .ok_or(RingError::Size { size: value, maximum })?,
                    RingForm::Packed => wanted.ok_or(RingError::PackedSize { size: value, maximum })?,
                };
            }
            Register::QueueDescriptorLow => set_low(descriptor_area, value),
            Register::QueueDescriptorHigh => set_high(descriptor_area, value),
            Register::QueueDriverLow => set_low(driver_area, value),
            Register::QueueDriverHigh => set_high(driver_area, value),
            Register::QueueDeviceLow => set_low(device_area, value),
            Register::QueueDeviceHigh => set_high(device_area, value),
            _ => {}
        }
        Ok(())
    }

    /// What the device's queue is made of.
    pub(super) fn configuration(&self, index: u16, features: u128) -> QueueConfiguration {
        QueueConfiguration {
            index,
            maximum_size: self.maximum_size,
            layout: RingLayout { form: super::ring_form(features), ..self.layout },
            indirect_descriptors: features & super::INDIRECT_DESC != 0,
            event_index: features & super::EVENT_IDX != 0,
        }
    }
}

/// For `map_err`: says which queue it was.
pub(super) fn of_queue(queue: u16) -> impl FnOnce(RingError) -> QueueError {
    move |error| QueueError { queue, error }
}

fn set_low(address: &mut u64, value: u32) {
    *address = *address & !0xffff_ffff | u64::from(value);
}

fn set_high(address: &mut u64, value: u32) {
    *address = *address & 0xffff_ffff | u64::from(value) << 32;
}
