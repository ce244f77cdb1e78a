//! What a kind of virtio device is called and which feature bits it knows.

use crate::feature_map::FeatureTable;
use qapi_schema::virtio_debug::VirtioType;

/// A kind of virtio device, as monitors name and decode it. A device crate declares exactly one.
pub struct DeviceKind {
    /// The device ID of virtio 1.3, section 5 ("Device Types").
    pub id: u32,
    /// The name in the second generation of commands (`x-query-virtio`), for example `virtio-blk`.
    pub name: &'static str,
    /// The name in the first generation of commands (`x-debug-query-virtio`).
    pub schema_type: VirtioType,
    /// The device-specific feature bits.
    pub features: &'static dyn FeatureTable,
}
