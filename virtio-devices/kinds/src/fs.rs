//! File system shared with the host (virtio 1.3, 5.11.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsFs, VirtioFsFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a shared file system.
    pub static FEATURES: VirtioFsFeature as VirtioDeviceFeaturesOptionsFs = {
        Notification => 0, "VIRTIO_FS_F_NOTIFICATION", "There is a queue for messages that the device sends by itself";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// A shared file system.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 26, name: "virtio-user-fs", schema_type: VirtioType::VhostUserFs, features: &FEATURES };
