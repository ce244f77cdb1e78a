use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature};
use virtio_core::feature_map;

feature_map! {
    pub static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
        Size => 0, "VIRTIO_CONSOLE_F_SIZE", "The size is known";
        Multiport => 24, "VIRTIO_CONSOLE_F_MULTIPORT", "Several ports";
        EmergWrite => 2, "VIRTIO_CONSOLE_F_EMERG_WRITE", "Emergency write";
    }
}

fn main() {}
