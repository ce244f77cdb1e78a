//! System control and management interface (virtio 1.3, 5.17.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsScmi, VirtioScmiFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a system control interface.
    pub static FEATURES: VirtioScmiFeature as VirtioDeviceFeaturesOptionsScmi = {
        P2aChannels => 0, "VIRTIO_SCMI_F_P2A_CHANNELS", "The device can send notifications and delayed responses";
        SharedMemory => 1, "VIRTIO_SCMI_F_SHARED_MEMORY", "There is a shared memory region for statistics";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// A system control interface.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 32, name: "virtio-scmi", schema_type: VirtioType::VirtioScmi, features: &FEATURES };
