//! What monitors know about the device: its kind. Entropy devices have no feature bits of their own (virtio
//! 1.3, 5.4.3).

use qapi_schema::virtio_debug::VirtioType;
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// No feature bits but those of any vhost backend.
    pub static FEATURES = {}
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 4, name: "virtio-rng", schema_type: VirtioType::VirtioRng, features: &FEATURES };
