//! Memory that grows and shrinks (virtio 1.3, 5.15.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsMem, VirtioMemFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a memory device.
    pub static FEATURES: VirtioMemFeature as VirtioDeviceFeaturesOptionsMem = {
        AcpiPxm => 0, "VIRTIO_MEM_F_ACPI_PXM", "The NUMA node of the memory is given, as an ACPI proximity domain";
        UnpluggedInaccessible => 1, "VIRTIO_MEM_F_UNPLUGGED_INACCESSIBLE", "The driver must not touch memory that is not plugged";
        PersistentSuspend => 2, "VIRTIO_MEM_F_PERSISTENT_SUSPEND", "Memory stays plugged while the guest is suspended";
    }
}

/// A memory device.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 24, name: "virtio-mem", schema_type: VirtioType::VirtioMem, features: &FEATURES };
