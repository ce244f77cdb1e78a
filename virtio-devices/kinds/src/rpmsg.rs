//! Messages between processors. The specification has the number only; the bit is that of the drivers.

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsRpmsg, VirtioRpmsgFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a message channel between processors.
    pub static FEATURES: VirtioRpmsgFeature as VirtioDeviceFeaturesOptionsRpmsg = {
        Ns => 0, "VIRTIO_RPMSG_F_NS", "Services are announced by name";
    }
}

/// A message channel between processors.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 7, name: "virtio-rpmsg", schema_type: VirtioType::VirtioRpmsg, features: &FEATURES };
