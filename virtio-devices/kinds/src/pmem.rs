//! Persistent memory (virtio 1.3, 5.19.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsPmem, VirtioPmemFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a persistent memory.
    pub static FEATURES: VirtioPmemFeature as VirtioDeviceFeaturesOptionsPmem = {
        ShmemRegion => 0, "VIRTIO_PMEM_F_SHMEM_REGION", "The memory is a shared memory region of the device";
    }
}

/// A persistent memory.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 27, name: "virtio-pmem", schema_type: VirtioType::VirtioPmem, features: &FEATURES };
