//! CAN controller (virtio 1.4, "CAN Device").

use qapi_schema::virtio_debug::{VirtioCanFeature, VirtioDeviceFeaturesOptionsCan, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a CAN controller.
    pub static FEATURES: VirtioCanFeature as VirtioDeviceFeaturesOptionsCan = {
        CanClassic => 0, "VIRTIO_CAN_F_CAN_CLASSIC", "Classic frames of up to 8 bytes";
        CanFd => 1, "VIRTIO_CAN_F_CAN_FD", "CAN FD frames of up to 64 bytes";
        RtrFrames => 2, "VIRTIO_CAN_F_RTR_FRAMES", "Frames that ask another node to send";
        LateTxAck => 3, "VIRTIO_CAN_F_LATE_TX_ACK", "A frame comes back when it has been sent, not when it is to be sent";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// A CAN controller.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 36, name: "virtio-can", schema_type: VirtioType::VirtioCan, features: &FEATURES };
