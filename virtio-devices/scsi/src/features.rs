//! What monitors know about the device: its kind and its feature bits (virtio 1.3, 5.6.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsScsi, VirtioScsiFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a SCSI host.
    pub static FEATURES: VirtioScsiFeature as VirtioDeviceFeaturesOptionsScsi = {
        Inout => 0, "VIRTIO_SCSI_F_INOUT", "One request may both send data and receive data";
        Hotplug => 1, "VIRTIO_SCSI_F_HOTPLUG", "The device reports logical units that come and go";
        Change => 2, "VIRTIO_SCSI_F_CHANGE", "The device reports when a logical unit's parameters change";
        T10Pi => 3, "VIRTIO_SCSI_F_T10_PI", "Requests carry T10 protection information";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 8, name: "virtio-scsi", schema_type: VirtioType::VirtioScsi, features: &FEATURES };
