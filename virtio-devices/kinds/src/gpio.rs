//! GPIO controller (virtio 1.3, 5.18.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsGpio, VirtioGpioFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a GPIO controller.
    pub static FEATURES: VirtioGpioFeature as VirtioDeviceFeaturesOptionsGpio = {
        Irq => 0, "VIRTIO_GPIO_F_IRQ", "Lines can interrupt";
    }
    vhost [VHOST_USER_PROTOCOL_FEATURES]
}

/// A GPIO controller.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 41, name: "virtio-gpio", schema_type: VirtioType::VirtioGpio, features: &FEATURES };
