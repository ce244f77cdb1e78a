//! What a device may declare, checked when it gets its transport.

use crate::DeviceKind;
use crate::feature_map::{DEVICE_BITS, EVENT_IDX, INDIRECT_DESC, RING_PACKED, RING_RESET, VERSION_1};
use crate::queue::RingForm;
use std::io;
use thiserror::Error;

/// The most queues of a device, and the largest size of a queue, that are supported.
pub const MAXIMUM_QUEUES: usize = 1024;
/// See [`MAXIMUM_QUEUES`]. It bounds what a hostile driver can make a device keep in memory.
pub const MAXIMUM_QUEUE_SIZE: u16 = 1024;

/// Why a transport cannot be made for a device.
#[derive(Debug, Error)]
pub enum TransportError {
    /// The device offers a bit that is not its own to offer.
    #[error("{kind} offers the feature bits {bits:#x}, which are not device bits (0 to 23 and 50 to 127)")]
    FeatureBits {
        /// The device's name.
        kind: &'static str,
        /// The bits.
        bits: u128,
    },
    /// A queue size that is not supported.
    #[error(
        "queue {queue} of {kind} has size {size}; a power of two up to {MAXIMUM_QUEUE_SIZE} is supported"
    )]
    QueueSize {
        /// The device's name.
        kind: &'static str,
        /// The queue's number.
        queue: usize,
        /// Its size.
        size: u16,
    },
    /// Too many queues.
    #[error("{kind} has {count} queues; up to {MAXIMUM_QUEUES} are supported")]
    QueueCount {
        /// The device's name.
        kind: &'static str,
        /// How many.
        count: usize,
    },
    /// A device that cannot be a PCI function.
    #[error("{kind} has number {number}; virtio-pci has device IDs for the numbers up to 63")]
    DeviceNumber {
        /// The device's name.
        kind: &'static str,
        /// Its number.
        number: u32,
    },
    /// The host has no event file descriptor for us.
    #[error("cannot create a kick event: {0}")]
    KickEvent(io::Error),
}

/// The features offered: the device's, and of the transport's those that the device can do with.
pub(super) fn check_features(
    kind: &DeviceKind,
    (features, ring_features): (u128, u128),
    rings: RingForm,
) -> Result<u128, TransportError> {
    let bits = features & !DEVICE_BITS;
    if bits != 0 {
        return Err(TransportError::FeatureBits { kind: kind.name, bits });
    }
    let packed = if rings == RingForm::Packed { RING_PACKED } else { 0 };
    let of_rings = (INDIRECT_DESC | EVENT_IDX | RING_RESET | packed) & ring_features;
    Ok(features | VERSION_1 | of_rings)
}

/// Queue sizes that can be.
pub(super) fn check_queue_sizes<'a>(
    kind: &DeviceKind,
    sizes: &'a [u16],
) -> Result<&'a [u16], TransportError> {
    if sizes.len() > MAXIMUM_QUEUES {
        return Err(TransportError::QueueCount { kind: kind.name, count: sizes.len() });
    }
    let invalid = |size: &u16| !size.is_power_of_two() || *size > MAXIMUM_QUEUE_SIZE;
    match sizes.iter().enumerate().find(|(_, size)| invalid(size)) {
        Some((queue, &size)) => Err(TransportError::QueueSize { kind: kind.name, queue, size }),
        None => Ok(sizes),
    }
}
