//! Clocks (virtio 1.4, "RTC Device").

use qapi_schema::virtio_debug::{VirtioClockFeature, VirtioDeviceFeaturesOptionsClock, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a clock.
    pub static FEATURES: VirtioClockFeature as VirtioDeviceFeaturesOptionsClock = {
        Alarm => 0, "VIRTIO_RTC_F_ALARM", "The driver can set alarms";
    }
}

/// A clock.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 17, name: "virtio-clk", schema_type: VirtioType::VirtioClock, features: &FEATURES };
