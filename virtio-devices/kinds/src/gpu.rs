//! Graphics card (virtio 1.3, 5.7.3; bit 5: virtio 1.4).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsGpu, VirtioGpuFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a graphics card.
    pub static FEATURES: VirtioGpuFeature as VirtioDeviceFeaturesOptionsGpu = {
        Virgl => 0, "VIRTIO_GPU_F_VIRGL", "The device takes 3D commands of virgl";
        Edid => 1, "VIRTIO_GPU_F_EDID", "Screens describe themselves by EDID";
        ResourceUuid => 2, "VIRTIO_GPU_F_RESOURCE_UUID", "Resources can be given a UUID, to be shared with other devices";
        ResourceBlob => 3, "VIRTIO_GPU_F_RESOURCE_BLOB", "Resources can be plain memory of a given size";
        ContextInit => 4, "VIRTIO_GPU_F_CONTEXT_INIT", "Contexts have types, and there are several timelines for fences";
        BlobAlignment => 5, "VIRTIO_GPU_F_BLOB_ALIGNMENT", "Memory resources have to keep an alignment that is given";
    }
    vhost [VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// A graphics card.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 16, name: "virtio-gpu", schema_type: VirtioType::VirtioGpu, features: &FEATURES };
