//! The kinds of virtio devices that this project knows by name and feature bits only: it can decode what such a device
//! offers, and has none itself.
//!
//! It knows neither the transport nor the monitors nor the machine. A kind that gets a data path moves out, into a
//! crate of its own.
//!
//! Read [`gpu`] first, for the form that all have, then [`device_kinds`].

pub mod bluetooth;
pub mod can;
pub mod clock;
pub mod crypto;
pub mod fs;
pub mod gpio;
pub mod gpu;
pub mod i2c;
pub mod input;
pub mod iommu;
pub mod mem;
pub mod nine_p;
pub mod pmem;
pub mod rpmsg;
pub mod scmi;
pub mod sound;
pub mod video;
pub mod without_features;

use virtio_core::DeviceKind;

static WITH_FEATURES: &[&DeviceKind] = &[
    &rpmsg::DEVICE_KIND,
    &nine_p::DEVICE_KIND,
    &gpu::DEVICE_KIND,
    &clock::DEVICE_KIND,
    &input::DEVICE_KIND,
    &crypto::DEVICE_KIND,
    &iommu::DEVICE_KIND,
    &mem::DEVICE_KIND,
    &sound::DEVICE_KIND,
    &fs::DEVICE_KIND,
    &pmem::DEVICE_KIND,
    &video::ENCODER,
    &video::DECODER,
    &scmi::DEVICE_KIND,
    &i2c::DEVICE_KIND,
    &can::DEVICE_KIND,
    &bluetooth::DEVICE_KIND,
    &gpio::DEVICE_KIND,
];

/// All kinds of this crate.
pub fn device_kinds() -> impl Iterator<Item = &'static DeviceKind> {
    WITH_FEATURES.iter().copied().chain(&without_features::DEVICE_KINDS)
}
