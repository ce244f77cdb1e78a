//! What monitors know about the device: its kind and its feature bits.

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsTeapot, VirtioTeapotFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a teapot.
    pub static FEATURES: VirtioTeapotFeature as VirtioDeviceFeaturesOptionsTeapot = {
        ShortAndStout => 0, "VIRTIO_TEAPOT_F_SHORT_AND_STOUT", "There is a handle and a spout";
        Lid => 1, "VIRTIO_TEAPOT_F_LID", "Steam stays inside";
    }
}

/// The kind of device that this crate is about. Its number is far from those of the specification.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 418, name: "virtio-teapot", schema_type: VirtioType::VirtioTeapot, features: &FEATURES };
