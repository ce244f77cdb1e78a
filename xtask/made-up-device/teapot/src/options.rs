//! `--device teapot`: there is nothing to choose.

use virtio_core::options::{DeviceOptions, DeviceType};
use virtio_core::{Device, DeviceDetails, DeviceError};

use crate::device::Teapot;
use crate::features::DEVICE_KIND;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DeviceDetails::NONE,
    name: "teapot",
    aliases: &[],
    summary: "hot beverages",
    options: &[],
    build,
};

fn build(_options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    Ok(Box::new(Teapot))
}
