//! What can be known of a queue that another process works on: only what stands in guest memory.

use super::published::{QueueIndices, QueueSnapshot};
use crate::GuestMemory;
use crate::queue::RingForm;
use crate::queue::split::layout::SplitRing;

/// A queue's snapshot with the indices that a ring in guest memory tells. What the driver has offered and not got back is
/// taken for in flight: nobody here knows how much of it the back end has looked at.
///
/// On a packed ring nobody but the back end knows where it is; the indices stay zero.
pub(super) fn snapshot(memory: &GuestMemory, queue: QueueSnapshot) -> QueueSnapshot {
    if !queue.ready || queue.layout.form == RingForm::Packed {
        return queue;
    }
    let indices = split_indices(memory, &queue).unwrap_or(queue.indices);
    QueueSnapshot { indices, ..queue }
}

fn split_indices(memory: &GuestMemory, queue: &QueueSnapshot) -> Option<QueueIndices> {
    let ring = SplitRing::new(memory.clone(), queue.layout, queue.default_size).ok()?;
    // In this order: what is given back meanwhile makes fewer in flight, and never fewer than none.
    let used = ring.used_index().ok()?;
    let available = ring.available_index().ok()?;
    Some(QueueIndices {
        last_available: available,
        shadow_available: available,
        used,
        in_flight: available.wrapping_sub(used),
        ..QueueIndices::default()
    })
}
