//! What monitors know about the device: its kind and its feature bits (virtio 1.3, 5.10.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsVsock, VirtioType, VirtioVsockFeature};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a socket device.
    pub static FEATURES: VirtioVsockFeature as VirtioDeviceFeaturesOptionsVsock = {
        Stream => 0, "VIRTIO_VSOCK_F_STREAM", "There are stream sockets";
        Seqpacket => 1, "VIRTIO_VSOCK_F_SEQPACKET", "There are sockets that keep the bounds of messages";
        NoImpliedStream => 2, "VIRTIO_VSOCK_F_NO_IMPLIED_STREAM", "There are stream sockets only if that bit says so";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 19, name: "vhost-vsock", schema_type: VirtioType::VhostVsock, features: &FEATURES };
