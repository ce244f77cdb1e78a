//! I2C adapter (virtio 1.3, 5.16.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsI2c, VirtioI2cFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of an I2C adapter.
    pub static FEATURES: VirtioI2cFeature as VirtioDeviceFeaturesOptionsI2c = {
        ZeroLengthRequest => 0, "VIRTIO_I2C_F_ZERO_LENGTH_REQUEST", "Requests may have no data";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// An I2C adapter.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 34, name: "vhost-user-i2c", schema_type: VirtioType::VhostUserI2c, features: &FEATURES };
