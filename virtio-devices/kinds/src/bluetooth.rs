//! Bluetooth controller. The specification has the number only; the bits are those of the drivers.

use qapi_schema::virtio_debug::{VirtioBluetoothFeature, VirtioDeviceFeaturesOptionsBluetooth, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a Bluetooth controller.
    pub static FEATURES: VirtioBluetoothFeature as VirtioDeviceFeaturesOptionsBluetooth = {
        VndHci => 0, "VIRTIO_BT_F_VND_HCI", "The vendor is given, for the vendor's own commands";
        MsftExt => 1, "VIRTIO_BT_F_MSFT_EXT", "Microsoft's extensions";
        AospExt => 2, "VIRTIO_BT_F_AOSP_EXT", "Android's extensions";
        ConfigV2 => 3, "VIRTIO_BT_F_CONFIG_V2", "The configuration space has its second layout";
    }
}

/// A Bluetooth controller.
pub static DEVICE_KIND: DeviceKind = DeviceKind {
    id: 40,
    name: "virtio-bluetooth",
    schema_type: VirtioType::VirtioBluetooth,
    features: &FEATURES,
};
