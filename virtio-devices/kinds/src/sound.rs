//! Sound card (virtio 1.3, 5.14.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSound, VirtioSoundFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a sound card.
    pub static FEATURES: VirtioSoundFeature as VirtioDeviceFeaturesOptionsSound = {
        Ctls => 0, "VIRTIO_SND_F_CTLS", "There are control elements, such as volumes";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// A sound card.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 25, name: "virtio-sound", schema_type: VirtioType::VirtioSound, features: &FEATURES };
