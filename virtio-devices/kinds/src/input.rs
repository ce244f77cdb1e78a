//! Keyboard, mouse or the like. The kind has no feature bits (virtio 1.3, 5.8.3).

use qapi_schema::virtio_debug::VirtioType;
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// No feature bits but those of any vhost backend.
    pub static FEATURES = {}
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// An input device.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 18, name: "virtio-input", schema_type: VirtioType::VirtioInput, features: &FEATURES };
