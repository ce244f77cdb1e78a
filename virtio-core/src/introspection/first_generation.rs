//! The replies of the first generation of commands (`x-debug-…`): enumerations, and a union by kind.

use super::{ElementError, Introspect, RING_ALIGNMENT, element_error, queue_of, unknown_members};
use crate::DeviceKind;
use crate::feature_map::{TRANSPORT, take_values};
use qapi_schema::runtime::Error;
use qapi_schema::virtio_debug::{
    DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioRingDesc, DebugVirtioStatus,
    VirtioDeviceFeatures, VirtioRingDescFlags, VirtioStatusEndianness,
};

/// A device's entry in the reply of `x-debug-query-virtio`.
pub fn info(path: &str, device: &dyn Introspect) -> DebugVirtioInfo {
    DebugVirtioInfo { path: path.to_owned(), type_: device.kind().schema_type }
}

/// The reply of `x-debug-virtio-status`.
pub fn status(device: &dyn Introspect) -> DebugVirtioStatus {
    let (kind, snapshot) = (device.kind(), device.status());
    DebugVirtioStatus {
        device_id: i64::from(kind.id),
        // All devices here have VERSION_1.
        device_endian: VirtioStatusEndianness::Little,
        guest_features: features(kind, snapshot.acknowledged_features),
        host_features: features(kind, snapshot.offered_features),
        backend_features: features(kind, snapshot.backend_features),
        num_vqs: snapshot.queue_count,
    }
}

/// The reply of `x-debug-virtio-queue-status`.
///
/// # Errors
/// The device has no such queue.
pub fn queue_status(device: &dyn Introspect, queue: u16) -> Result<DebugVirtQueueStatus, Error> {
    let snapshot = queue_of(device, queue)?;
    let (layout, indices) = (snapshot.layout, snapshot.indices);
    Ok(DebugVirtQueueStatus {
        device_type: device.kind().schema_type,
        queue_index: snapshot.index,
        inuse: u32::from(indices.in_flight),
        vring_num: i64::from(layout.size),
        vring_num_default: i64::from(snapshot.default_size),
        vring_align: i64::from(RING_ALIGNMENT),
        vring_desc: layout.descriptor_area,
        vring_avail: layout.driver_area,
        vring_used: layout.device_area,
        last_avail_idx: indices.last_available,
        shadow_avail_idx: indices.shadow_available,
        used_idx: indices.used,
        signalled_used: indices.signalled_used.unwrap_or(0),
        signalled_used_valid: u16::from(indices.signalled_used.is_some()),
    })
}

/// The reply of `x-debug-virtio-queue-element`.
///
/// # Errors
/// The device has no such queue, or its ring cannot be read.
pub fn queue_element(
    device: &dyn Introspect,
    queue: u16,
    index: Option<u16>,
) -> Result<DebugVirtioQueueElement, Error> {
    let element = device.element(queue, index).map_err(|error: ElementError| element_error(&error))?;
    // The last descriptor of the chain comes first.
    let descs: Vec<DebugVirtioRingDesc> = element
        .descriptors
        .iter()
        .rev()
        .map(|descriptor| DebugVirtioRingDesc {
            addr: descriptor.address,
            len: descriptor.length,
            flags: descriptor_flags(descriptor.flags),
        })
        .collect();
    Ok(DebugVirtioQueueElement {
        index: u32::from(element.head),
        ndescs: u32::try_from(descs.len()).unwrap_or(u32::MAX),
        descs,
    })
}

/// The flags that have names, in reverse order of the table.
fn descriptor_flags(flags: u16) -> Vec<VirtioRingDescFlags> {
    use VirtioRingDescFlags::{Avail, Indirect, Next, Used, Write};
    let table = [(0x8000, Used), (0x0080, Avail), (0x0004, Indirect), (0x0002, Write), (0x0001, Next)];
    table.into_iter().filter(|(mask, _)| flags & mask != 0).map(|(_, flag)| flag).collect()
}

/// Feature bits decoded for a kind of device.
pub fn features(kind: &DeviceKind, mut bits: u128) -> VirtioDeviceFeatures {
    let transport = take_values(TRANSPORT, &mut bits);
    let branch = kind.features.branch(kind.schema_type, &mut bits);
    let [unknown_features, unknown_features2] = unknown_members(bits);
    VirtioDeviceFeatures { transport, branch, unknown_features, unknown_features2 }
}
