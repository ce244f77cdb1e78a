//! Video encoder and video decoder. The specification has the numbers only; the bits are those of the drivers.

use qapi_schema::virtio_debug::{
    VirtioDeviceFeaturesOptionsVideoDecoder, VirtioDeviceFeaturesOptionsVideoEncoder, VirtioType,
    VirtioVideoFeature,
};
use virtio_core::{DeviceKind, feature_map};

/// Both kinds have the same bits.
macro_rules! video_features {
    ($map:ident, $options:ident) => {
        feature_map! {
            /// The feature bits of a video device.
            pub static $map: VirtioVideoFeature as $options = {
                ResourceGuestPages => 0, "VIRTIO_VIDEO_F_RESOURCE_GUEST_PAGES", "Buffers can be the guest's pages";
                ResourceNonContig => 1, "VIRTIO_VIDEO_F_RESOURCE_NON_CONTIG", "Buffers can be scattered in memory";
                ResourceVirtioObject => 2, "VIRTIO_VIDEO_F_RESOURCE_VIRTIO_OBJECT", "Buffers can be objects of another virtio device";
            }
            vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
        }
    };
}

video_features!(ENCODER_FEATURES, VirtioDeviceFeaturesOptionsVideoEncoder);
video_features!(DECODER_FEATURES, VirtioDeviceFeaturesOptionsVideoDecoder);

/// A video encoder.
pub static ENCODER: DeviceKind = DeviceKind {
    id: 30,
    name: "virtio-vid-encoder",
    schema_type: VirtioType::VirtioVidEncoder,
    features: &ENCODER_FEATURES,
};

/// A video decoder.
pub static DECODER: DeviceKind = DeviceKind {
    id: 31,
    name: "virtio-vid-decoder",
    schema_type: VirtioType::VirtioVidDecoder,
    features: &DECODER_FEATURES,
};
