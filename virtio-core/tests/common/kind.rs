//! A kind of device for tests.

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// Those of the console: it has to be some kind that the schema knows.
    pub(crate) static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
        Size => 0, "VIRTIO_CONSOLE_F_SIZE", "Size";
        Multiport => 1, "VIRTIO_CONSOLE_F_MULTIPORT", "Several ports";
        EmergWrite => 2, "VIRTIO_CONSOLE_F_EMERG_WRITE", "Emergency write";
    }
}

pub(crate) static KIND: DeviceKind =
    DeviceKind { id: 3, name: "virtio-serial", schema_type: VirtioType::VirtioSerial, features: &FEATURES };
