//! Translation of device addresses (virtio 1.3, 5.13.3).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsIommu, VirtioIommuFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of an IOMMU.
    pub static FEATURES: VirtioIommuFeature as VirtioDeviceFeaturesOptionsIommu = {
        InputRange => 0, "VIRTIO_IOMMU_F_INPUT_RANGE", "The range of addresses that can be translated is given";
        DomainRange => 1, "VIRTIO_IOMMU_F_DOMAIN_RANGE", "The range of domain numbers is given";
        MapUnmap => 2, "VIRTIO_IOMMU_F_MAP_UNMAP", "The driver can map and unmap addresses";
        Bypass => 3, "VIRTIO_IOMMU_F_BYPASS", "Endpoints without a domain reach all memory";
        Probe => 4, "VIRTIO_IOMMU_F_PROBE", "The driver can ask for an endpoint's properties";
        Mmio => 5, "VIRTIO_IOMMU_F_MMIO", "Mappings can be marked as device memory";
        BypassConfig => 6, "VIRTIO_IOMMU_F_BYPASS_CONFIG", "The driver can switch the bypass";
    }
}

/// An IOMMU.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 23, name: "virtio-iommu", schema_type: VirtioType::VirtioIommu, features: &FEATURES };
