//! The replies of the second generation of commands (`x-query-virtio…`): names with a description behind a colon.

use super::{ElementError, Introspect, RING_ALIGNMENT, element_error, queue_of, unknown_members};
use crate::DeviceKind;
use crate::feature_map::{
    EVENT_IDX, FeatureText, PROTOCOL_FEATURES, TRANSPORT, VHOST_USER_PROTOCOL_FEATURES,
};
use crate::queue::RingForm;
use crate::roles::vhost::VhostBackEnd;
use crate::transport::status as bits_of_status;
use qapi_schema::runtime::Error;
use qapi_schema::virtio::{
    VhostDeviceProtocols, VhostStatus, VirtQueueStatus, VirtVhostQueueStatus, VirtioDeviceFeatureNames,
    VirtioDeviceStatus, VirtioInfo, VirtioQueueElement, VirtioRingAvail, VirtioRingDesc, VirtioRingUsed,
    VirtioStatus,
};
use qapi_schema::virtio_debug::VirtioTransportFeature;
use vm_memory::{GuestAddress, GuestMemoryBackend};

/// A device's entry in the reply of `x-query-virtio`.
pub fn info(path: &str, device: &dyn Introspect) -> VirtioInfo {
    VirtioInfo { path: path.to_owned(), name: device.kind().name.to_owned() }
}

/// The reply of `x-query-virtio-status`.
pub fn status(device: &dyn Introspect) -> VirtioStatus {
    let (kind, snapshot) = (device.kind(), device.status());
    let running = device.back_end().filter(|back_end| back_end.running);
    VirtioStatus {
        name: kind.name.to_owned(),
        device_id: u16::try_from(kind.id).unwrap_or(u16::MAX),
        vhost_started: running.is_some(),
        // All devices here have VERSION_1.
        device_endian: "little".to_owned(),
        guest_features: features(kind, snapshot.acknowledged_features),
        host_features: features(kind, snapshot.offered_features),
        backend_features: features(kind, snapshot.backend_features),
        num_vqs: i64::from(snapshot.queue_count),
        status: device_status(snapshot.status),
        isr: snapshot.interrupt_status,
        queue_sel: u16::try_from(snapshot.queue_select).unwrap_or(u16::MAX),
        vm_running: snapshot.running,
        broken: snapshot.failure.is_some(),
        disabled: false,
        use_started: true,
        started: snapshot.status & bits_of_status::DRIVER_OK != 0,
        start_on_kick: false,
        disable_legacy_check: false,
        bus_name: String::new(),
        use_guest_notifier_mask: true,
        vhost_dev: running.map(|back_end| vhost_status(kind, &back_end)),
    }
}

/// A back end that works on a device's queues.
fn vhost_status(kind: &DeviceKind, back_end: &VhostBackEnd) -> VhostStatus {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let regions = count(back_end.memory_regions);
    let queues = u32::try_from(back_end.queues.len()).unwrap_or(u32::MAX);
    VhostStatus {
        n_mem_sections: regions,
        n_tmp_sections: regions,
        nvqs: queues,
        vq_index: 0,
        features: features(kind, back_end.features.into()),
        acked_features: features(kind, back_end.acknowledged_features.into()),
        backend_features: features(kind, u128::from(back_end.features) & protocol_feature_bit()),
        protocol_features: protocol_features(back_end.protocol_features),
        max_queues: back_end.maximum_queues.unwrap_or_else(|| queues.into()),
        backend_cap: 0,
        log_enabled: false,
        log_size: 0,
    }
}

/// The feature of a device that says that its back end has features of the protocol.
fn protocol_feature_bit() -> u128 {
    1_u128.checked_shl(VHOST_USER_PROTOCOL_FEATURES.bit.into()).unwrap_or(0)
}

/// The reply of `x-query-virtio-queue-status`.
///
/// # Errors
/// The device has no such queue.
pub fn queue_status(device: &dyn Introspect, queue: u16) -> Result<VirtQueueStatus, Error> {
    let snapshot = queue_of(device, queue)?;
    let (layout, indices) = (snapshot.layout, snapshot.indices);
    let back_end = device.back_end().is_some();
    let is_drained = layout.form == RingForm::Split && indices.in_flight == 0;
    Ok(VirtQueueStatus {
        name: device.kind().name.to_owned(),
        queue_index: snapshot.index,
        inuse: u32::from(indices.in_flight),
        vring_num: u32::from(layout.size),
        vring_num_default: u32::from(snapshot.default_size),
        vring_align: RING_ALIGNMENT,
        vring_desc: layout.descriptor_area,
        vring_avail: layout.driver_area,
        vring_used: layout.device_area,
        // What a back end has taken only it knows, unless it has nothing left to take.
        last_avail_idx: (!back_end || is_drained).then_some(indices.last_available),
        shadow_avail_idx: (!back_end).then_some(indices.shadow_available),
        used_idx: indices.used,
        signalled_used: indices.signalled_used.unwrap_or(0),
        signalled_used_valid: indices.signalled_used.is_some(),
    })
}

/// The reply of `x-query-virtio-vhost-queue-status`.
///
/// # Errors
/// No back end works on the device's queues, or not on this one.
pub fn vhost_queue_status(device: &dyn Introspect, queue: u16) -> Result<VirtVhostQueueStatus, Error> {
    // The first word belongs to the text that clients know.
    let not_started = || Error::generic("Error: vhost device has not started yet");
    let back_end = device.back_end().filter(|back_end| back_end.running).ok_or_else(not_started)?;
    let shared = back_end.queues.iter().find(|shared| shared.index == queue);
    let (Some(shared), Some(snapshot)) = (shared, device.queue(queue)) else {
        return Err(Error::generic(format!("Invalid vhost virtqueue number {queue}")));
    };
    let layout = snapshot.layout;
    let events = device.status().acknowledged_features & EVENT_IDX != 0;
    let [desc_size, avail_size, used_size] = area_sizes(layout.form, layout.size.into(), events);
    let host = |address| {
        let host = device.memory().get_host_address(GuestAddress(address)).ok();
        host.and_then(|host| u64::try_from(host.addr()).ok()).unwrap_or(0)
    };
    Ok(VirtVhostQueueStatus {
        name: device.kind().name.to_owned(),
        kick: shared.kick.into(),
        call: shared.call.into(),
        desc: host(layout.descriptor_area),
        avail: host(layout.driver_area),
        used: host(layout.device_area),
        num: layout.size.into(),
        desc_phys: layout.descriptor_area,
        avail_phys: layout.driver_area,
        used_phys: layout.device_area,
        desc_size,
        avail_size,
        used_size,
    })
}

/// Bytes of a ring's three areas (virtio 1.3, 2.7 and 2.8). The last field of a split ring's is there for events only.
fn area_sizes(form: RingForm, size: u32, events: bool) -> [u32; 3] {
    let event = if events { 2 } else { 0 };
    match form {
        RingForm::Split => [16 * size, 4 + 2 * size + event, 4 + 8 * size + event],
        RingForm::Packed => [16 * size, 4, 4],
    }
}

/// The reply of `x-query-virtio-queue-element`.
///
/// # Errors
/// The device has no such queue, or its ring cannot be read.
pub fn queue_element(
    device: &dyn Introspect,
    queue: u16,
    index: Option<u16>,
) -> Result<VirtioQueueElement, Error> {
    let element = device.element(queue, index).map_err(|error: ElementError| element_error(&error))?;
    // The last descriptor of the chain comes first.
    let descs = element.descriptors.iter().rev().map(|descriptor| VirtioRingDesc {
        addr: descriptor.address,
        len: descriptor.length,
        flags: descriptor_flags(descriptor.flags),
    });
    Ok(VirtioQueueElement {
        name: device.kind().name.to_owned(),
        index: u32::from(element.head),
        descs: descs.collect(),
        avail: VirtioRingAvail {
            flags: element.available.flags,
            idx: element.available.index,
            ring: element.head,
        },
        used: VirtioRingUsed { flags: element.used.flags, idx: element.used.index },
    })
}

/// The flags that have names, in reverse order of the table.
fn descriptor_flags(flags: u16) -> Vec<String> {
    let table =
        [(0x8000, "used"), (0x0080, "avail"), (0x0004, "indirect"), (0x0002, "write"), (0x0001, "next")];
    table.into_iter().filter(|(mask, _)| flags & mask != 0).map(|(_, name)| name.to_owned()).collect()
}

/// Feature bits decoded for a kind of device.
pub fn features(kind: &DeviceKind, mut bits: u128) -> VirtioDeviceFeatureNames {
    // Bit 30 has no meaning here for the transport: it is a vhost-user backend's.
    let transport = TRANSPORT.iter().filter(|row| row.value != Some(VirtioTransportFeature::BadFeature));
    let transport: Vec<FeatureText> = transport.map(|row| row.text).collect();
    let transports = take_names(&transport, &mut bits);
    let dev_features = Some(take_names(&kind.features.texts(), &mut bits));
    let [unknown_dev_features, unknown_dev_features2] = unknown_members(bits);
    VirtioDeviceFeatureNames { transports, dev_features, unknown_dev_features, unknown_dev_features2 }
}

/// The features of the vhost-user protocol that a backend and we have agreed on, decoded.
pub fn protocol_features(bits: u64) -> VhostDeviceProtocols {
    let mut bits = u128::from(bits);
    let protocols = take_names(PROTOCOL_FEATURES, &mut bits);
    let [unknown_protocols, _] = unknown_members(bits);
    VhostDeviceProtocols { protocols, unknown_protocols }
}

/// Name and description of each row whose bit is set, in reverse table order. Clears those bits.
fn take_names(rows: &[FeatureText], bits: &mut u128) -> Vec<String> {
    let set = rows.iter().rev().filter(|row| row.take_from(bits));
    set.map(|row| format!("{}: {}", row.name, row.description)).collect()
}

/// The status register decoded, in the order in which a driver sets the bits.
fn device_status(status: u8) -> VirtioDeviceStatus {
    let table = [
        (bits_of_status::ACKNOWLEDGE, "VIRTIO_CONFIG_S_ACKNOWLEDGE: The driver has noticed the device"),
        (bits_of_status::FAILED, "VIRTIO_CONFIG_S_FAILED: The driver has given up on the device"),
        (
            bits_of_status::DEVICE_NEEDS_RESET,
            "VIRTIO_CONFIG_S_NEEDS_RESET: The device has met an error and needs a reset",
        ),
        (bits_of_status::DRIVER, "VIRTIO_CONFIG_S_DRIVER: The driver knows how to drive the device"),
        (bits_of_status::FEATURES_OK, "VIRTIO_CONFIG_S_FEATURES_OK: The features are negotiated"),
        (bits_of_status::DRIVER_OK, "VIRTIO_CONFIG_S_DRIVER_OK: The driver is ready"),
    ];
    let known = table.iter().fold(0, |known, (mask, _)| known | mask);
    let statuses = table.into_iter().filter(|(mask, _)| status & mask != 0);
    VirtioDeviceStatus {
        statuses: statuses.map(|(_, text)| text.to_owned()).collect(),
        unknown_statuses: (status & !known != 0).then_some(status & !known),
    }
}
