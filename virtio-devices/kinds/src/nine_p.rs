//! File system by the 9P protocol. The specification has the number only; the bit is that of the drivers.

use qapi_schema::virtio_debug::{Virtio9pFeature, VirtioDeviceFeaturesOptions9p, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a 9P file system.
    pub static FEATURES: Virtio9pFeature as VirtioDeviceFeaturesOptions9p = {
        MountTag => 0, "VIRTIO_9P_MOUNT_TAG", "The configuration space holds the name to mount by";
    }
}

/// A 9P file system.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 9, name: "virtio-9p", schema_type: VirtioType::Virtio9p, features: &FEATURES };
