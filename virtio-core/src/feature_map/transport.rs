//! The bits that belong to the transport and the rings (virtio 1.3, section 6).

/// The driver and the device follow version 1 of the specification.
pub const VERSION_1: u64 = 1 << 32;
/// Descriptors may refer to tables of descriptors.
pub const INDIRECT_DESC: u64 = 1 << 28;
/// Each side says at which index it wants to be notified.
pub const EVENT_IDX: u64 = 1 << 29;

/// The bits that are a device's own among the lowest 64: 0 to 23 and 50 to 63.
pub const DEVICE_BITS: u64 = 0x00ff_ffff | !0 << 50;
