//! A device by itself, as its options make it.

use crate::DeviceKind;
use crate::device::{Device, DeviceError};
use crate::feature_map::DEVICE_BITS;
use crate::introspection::{Introspect, first_generation, inspect, second_generation};
use crate::options::{DeviceOptions, DeviceType};
use qapi_schema::inspect::requests::QueryVirtioChains;
use qapi_schema::inspect::{VirtioField, VirtioQueueNext};

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

/// The request at a slot of a queue as monitors decode it.
///
/// # Panics
/// If there is no such queue, or it is not set up.
pub fn decoded_request(device: &dyn Introspect, queue: u16, slot: u16) -> Vec<VirtioField> {
    let wanted =
        QueryVirtioChains { path: "/device".to_owned(), queue, slot: Some(slot), count: None, dump: None };
    let reply = inspect::chains(device, &wanted)
        .unwrap_or_else(|error| panic!("the chain cannot be shown: {}", error.description));
    reply.chains.into_iter().flat_map(|chain| chain.request).collect()
}

/// Whose turn it is on each queue, once the device has nothing more to do.
pub fn whose_turn(device: &dyn Introspect) -> Vec<VirtioQueueNext> {
    loop {
        let reply = inspect::device("/device", device);
        if !reply.working && !reply.queues.iter().any(|queue| queue.kick_pending) {
            return reply.queues.iter().map(|queue| queue.next).collect();
        }
        std::thread::yield_now();
    }
}
