//! `virtio query`, `virtio status`, `virtio queue-status`, `virtio queue-element`.

use std::fmt::{self, Display, Formatter};

use qapi_schema::virtio_debug::{
    DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioStatus, VirtioDeviceFeatures,
};
use serde_json::Value;

use super::{descriptor, device_list, unknown_features};

/// The devices, as a table on a terminal of so many columns.
pub(crate) fn devices(devices: &[DebugVirtioInfo], columns: Option<usize>) -> String {
    device_list(devices.iter().map(|device| (device.path.as_str(), device.type_.as_str())), columns)
}

/// The state of the device at `path`.
pub(crate) fn status(path: &str, status: &DebugVirtioStatus) -> impl Display {
    fmt::from_fn(move |f| {
        writeln!(f, "{path}:")?;
        writeln!(f, "  Device Id:        {}", status.device_id)?;
        features(f, "Guest features:", &status.guest_features)?;
        features(f, "Host features:", &status.host_features)?;
        features(f, "Backend features:", &status.backend_features)?;
        writeln!(f, "  Endianness:       {}", status.device_endian)?;
        writeln!(f, "  VirtQueues:       {}", status.num_vqs)
    })
}

fn features(f: &mut Formatter<'_>, label: &str, features: &VirtioDeviceFeatures) -> fmt::Result {
    let transport: Vec<&str> = features.transport.iter().map(|feature| feature.as_str()).collect();
    writeln!(f, "  {label:17} {}", transport.join(", "))?;
    let of_device = device_features(features);
    if !of_device.is_empty() {
        writeln!(f, "{:20}{}", "", of_device.join(", "))?;
    }
    match unknown_features(features.unknown_features, features.unknown_features2) {
        Some(unknown) => writeln!(f, "{:20}{unknown}", ""),
        None => Ok(()),
    }
}

/// The names of the features that belong to the device's kind. Which kind that is does not matter: on the wire,
/// they all stand in the same member.
fn device_features(features: &VirtioDeviceFeatures) -> Vec<String> {
    let wire = serde_json::to_value(features).unwrap_or_default();
    let names = wire.get("features").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The state of a queue of the device at `path`.
pub(crate) fn queue_status(path: &str, queue: &DebugVirtQueueStatus) -> impl Display {
    fmt::from_fn(move |f| {
        writeln!(f, "{path}:")?;
        writeln!(f, "  device_type:          {}", queue.device_type)?;
        writeln!(f, "  index:                {}", queue.queue_index)?;
        writeln!(f, "  inuse:                {}", queue.inuse)?;
        writeln!(f, "  last_avail_idx:       {}", slot(queue.last_avail_idx, queue.vring_num))?;
        writeln!(f, "  shadow_avail_idx:     {}", slot(queue.shadow_avail_idx, queue.vring_num))?;
        writeln!(f, "  used_idx:             {}", slot(queue.used_idx, queue.vring_num))?;
        writeln!(f, "  signalled_used:       {}", slot(queue.signalled_used, queue.vring_num))?;
        writeln!(f, "  signalled_used_valid: {}", queue.signalled_used_valid)?;
        writeln!(f, "  VRing:")?;
        writeln!(f, "    num:         {}", queue.vring_num)?;
        writeln!(f, "    num_default: {}", queue.vring_num_default)?;
        writeln!(f, "    align:       {}", queue.vring_align)?;
        writeln!(f, "    desc:        {:#018x}", queue.vring_desc)?;
        writeln!(f, "    avail:       {:#018x}", queue.vring_avail)?;
        writeln!(f, "    used:        {:#018x}", queue.vring_used)
    })
}

/// A free-running index and the place in the ring that it stands for.
fn slot(index: u16, ring_size: i64) -> impl Display {
    let place = i64::from(index).checked_rem(ring_size).unwrap_or(0);
    fmt::from_fn(move |f| write!(f, "{index} ({place} % {ring_size})"))
}

/// An element of a queue.
pub(crate) fn queue_element(element: &DebugVirtioQueueElement) -> impl Display {
    fmt::from_fn(|f| {
        writeln!(f, "index:  {}", element.index)?;
        writeln!(f, "ndescs: {}", element.ndescs)?;
        let descriptors = element.descs.iter().map(|desc| descriptor(desc.addr, desc.len, &desc.flags));
        writeln!(f, "descs:  {}", descriptors.collect::<Vec<_>>().join(", "))
    })
}
