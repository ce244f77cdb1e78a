//! `--device rng`: there is nothing to choose but limits.

use virtio_core::limit_options::LIMIT;
use virtio_core::options::{DeviceOptions, DeviceType};
use virtio_core::{Device, DeviceDetails, DeviceError};

use crate::device::Rng;
use crate::features::DEVICE_KIND;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DeviceDetails::NONE,
    name: "rng",
    aliases: &["entropy"],
    summary: "entropy: random bytes from the host",
    options: &[LIMIT.help],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let limits = LIMIT.take(options)?;
    let rng = Rng::new()?;
    rng.limiter().set(limits).map_err(|error| DeviceError::Device(Box::new(error)))?;
    Ok(Box::new(rng))
}
