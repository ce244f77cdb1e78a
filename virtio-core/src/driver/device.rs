//! A device by itself, as its options make it.

use crate::DeviceKind;
use crate::device::{Device, DeviceError};
use crate::feature_map::DEVICE_BITS;
use crate::introspection::{first_generation, second_generation};
use crate::options::{DeviceOptions, DeviceType};

/// Makes a device from what stands behind `--device KIND,`.
///
/// # Errors
/// What a user would be told.
pub fn build_device(device_type: &DeviceType, options: &str) -> Result<Box<dyn Device>, DeviceError> {
    let mut options = DeviceOptions::parse(options)?;
    let device = (device_type.build)(&mut options)?;
    options.finish()?;
    Ok(device)
}

/// The names of the device's own features that it offers, with a blank between them.
pub fn offered_names(device: &dyn Device) -> String {
    let decoded = second_generation::features(device.kind(), device.features());
    let texts = decoded.dev_features.unwrap_or_default();
    texts.iter().map(|text| text.split(':').next().unwrap_or_default()).collect::<Vec<_>>().join(" ")
}

/// Every bit that a device of this kind can have, as monitors show it: first and second generation.
pub fn decoded_features(kind: &DeviceKind) -> String {
    let first = first_generation::features(kind, DEVICE_BITS);
    let second = second_generation::features(kind, DEVICE_BITS);
    format!("{first:#?}\n{second:#?}")
}
