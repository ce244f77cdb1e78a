//! What monitors know about the device: its kind and its feature bits (virtio 1.3, 5.3.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a console.
    pub static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
        Size => 0, "VIRTIO_CONSOLE_F_SIZE", "Columns and rows of the screen are given";
        Multiport => 1, "VIRTIO_CONSOLE_F_MULTIPORT", "There may be several ports, and control queues";
        EmergWrite => 2, "VIRTIO_CONSOLE_F_EMERG_WRITE", "Characters can be written without a queue";
    }
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 3, name: "virtio-serial", schema_type: VirtioType::VirtioSerial, features: &FEATURES };
