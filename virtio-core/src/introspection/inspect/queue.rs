//! A queue: what the device publishes of it beside what stands in guest memory.

use super::next::{DeviceFacts, RingFacts, next};
use super::{failure, packed, split};
use crate::feature_map::EVENT_IDX;
use crate::interrupt::USED_BUFFER;
use crate::introspection::{DeviceSnapshot, Introspect, QueueSnapshot};
use crate::queue::{RingError, RingForm};
use crate::transport::status::{DEVICE_NEEDS_RESET, DRIVER_OK, FAILED};
use qapi_schema::inspect::{VirtioQueue, VirtioRing};

/// How often to try again when the device has moved while guest memory was read.
const ATTEMPTS: usize = 4;

/// A queue's entry in a reply; `None` if there is no such queue.
pub(super) fn queue(device: &dyn Introspect, index: u16) -> Option<VirtioQueue> {
    for _ in 1..ATTEMPTS {
        let queue = attempt(device, index)?;
        if queue.consistent {
            return Some(queue);
        }
    }
    attempt(device, index)
}

fn attempt(device: &dyn Introspect, index: u16) -> Option<VirtioQueue> {
    // In this order: the device's thread says that it works before it takes a kick, and moves after it has.
    let kick_pending = device.kick_pending(index);
    let awake = kick_pending || device.working(index);
    let status = device.status();
    let snapshot = device.queue(index)?;
    let ring = snapshot.ready.then(|| ring(device, &snapshot, status.acknowledged_features));
    let (ring, facts, ring_failure) = match ring {
        Some(Ok((ring, facts))) => (Some(ring), facts, None),
        Some(Err(error)) => (None, RingFacts::default(), Some(failure::of_ring(index, &error))),
        None => (None, RingFacts::default(), None),
    };
    let layout = snapshot.layout;
    Some(VirtioQueue {
        index,
        ready: snapshot.ready,
        size: layout.size,
        maximum_size: snapshot.default_size,
        descriptor_area: layout.descriptor_area,
        driver_area: layout.driver_area,
        device_area: layout.device_area,
        ring,
        ring_failure,
        waiting: facts.waiting,
        in_flight: facts.in_flight,
        kick_pending,
        next: next(&device_facts(device, &status, snapshot.ready, awake), &facts),
        generation: snapshot.generation,
        consistent: device.queue(index).is_some_and(|after| after.generation == snapshot.generation),
    })
}

/// Both sides of a ring, whatever its form.
fn ring(
    device: &dyn Introspect,
    queue: &QueueSnapshot,
    features: u128,
) -> Result<(VirtioRing, RingFacts), RingError> {
    match queue.layout.form {
        RingForm::Split => split::ring(device.memory(), queue, features & EVENT_IDX != 0),
        RingForm::Packed => {
            // What is published as in flight are descriptors.
            let chains = device.in_flight(queue.index).len();
            packed::ring(device.memory(), queue, u16::try_from(chains).unwrap_or(u16::MAX))
        }
    }
}

fn device_facts(device: &dyn Introspect, status: &DeviceSnapshot, ready: bool, awake: bool) -> DeviceFacts {
    DeviceFacts {
        failed: status.failure.is_some() || status.status & (DEVICE_NEEDS_RESET | FAILED) != 0,
        in_use: ready && status.status & DRIVER_OK != 0,
        running: status.running,
        awake,
        back_end_gone: device.back_end().is_some_and(|back_end| !back_end.connected),
        interrupted: status.interrupt_status & USED_BUFFER != 0,
    }
}
