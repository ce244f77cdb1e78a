//! The replies of our own stable commands: `query-virtio` and `query-virtio-chains`.
//!
//! They put side by side what the device publishes and what stands in guest memory at this moment, and say whose turn it
//! is. Read [`device`], then `next.rs`.

mod chain;
mod chains;
mod descriptors;
mod failure;
mod features;
mod next;
mod packed;
mod queue;
mod registers;
mod split;

pub use chains::{MAXIMUM_DUMP, chains};

use super::Introspect;
use crate::feature_map::{FeatureText, PROTOCOL_FEATURES};
use crate::roles::vhost::VhostBackEnd;
use qapi_schema::inspect::{VirtioBackEnd, VirtioConfigurationField, VirtioDevice};
use rustix::time::{ClockId, clock_gettime};

/// A device's entry in the reply of `query-virtio`.
pub fn device(path: &str, device: &dyn Introspect) -> VirtioDevice {
    let count = device.status().queue_count;
    let queues = (0..count).filter_map(|index| queue::queue(device, index)).collect();
    // After the queues: a kick that none of them shows as pending has been taken, and by a thread that works by now.
    let (kind, snapshot) = (device.kind(), device.status());
    let (status, unknown_status) = registers::status(snapshot.status);
    VirtioDevice {
        path: path.to_owned(),
        name: kind.name.to_owned(),
        device_id: u16::try_from(kind.id).unwrap_or(u16::MAX),
        time: now(),
        machine_running: snapshot.running,
        working: snapshot.working,
        status,
        unknown_status,
        failure: snapshot.failure.as_deref().map(failure::of_device),
        features: features::features(kind, device.details(), &snapshot),
        transport: registers::transport(&snapshot),
        configuration: configuration(device, snapshot.offered_features),
        back_end: device.back_end().map(|back_end| back_end_entry(&back_end)),
        queues,
    }
}

/// The process that works on the queues.
fn back_end_entry(back_end: &VhostBackEnd) -> VirtioBackEnd {
    let names = |texts: &[FeatureText], bits: u64| {
        let set = texts.iter().filter(|text| features::has(bits.into(), text.bit));
        set.map(|text| text.name.to_owned()).collect()
    };
    VirtioBackEnd {
        socket: back_end.socket.clone(),
        connected: back_end.connected,
        running: back_end.running,
        connections: back_end.connections,
        lost: back_end.lost.clone(),
        protocol_features: names(PROTOCOL_FEATURES, back_end.protocol_features),
    }
}

/// The fields of the configuration space; `None` if nobody has declared any.
fn configuration(device: &dyn Introspect, offered: u128) -> Option<Vec<VirtioConfigurationField>> {
    let fields = device.details().configuration;
    let space = device.configuration();
    let texts = device.kind().features.texts();
    let entry = |field: &crate::details::ConfigurationField| {
        let name = |bit| texts.iter().find(|text| text.bit == bit).map(|text| text.name.to_owned());
        VirtioConfigurationField {
            offset: field.offset,
            size: field.size,
            feature: field.feature.and_then(name),
            valid: field.feature.is_none_or(|bit| features::has(offered, bit)),
            content: field.decode(&space),
        }
    };
    (!fields.is_empty()).then(|| fields.iter().map(entry).collect())
}

/// Nanoseconds of the host's monotonic clock.
fn now() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    let part = |value: i64| u64::try_from(value).unwrap_or(0);
    part(time.tv_sec).saturating_mul(1_000_000_000).saturating_add(part(time.tv_nsec))
}
