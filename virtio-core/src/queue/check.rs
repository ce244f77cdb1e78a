//! Asks of a chain what [`Queue::pop`](super::Queue::pop) would say of it, without taking it.

use super::error::RingError;
use super::ring::SplitRing;
use super::walk;
use crate::GuestMemory;
use crate::feature_map::INDIRECT_DESC;
use crate::introspection::QueueSnapshot;

/// Whether the device would take the chain whose first descriptor has this number.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn would_take(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
    features: u64,
    first: u16,
) -> Result<(), RingError> {
    let ring = SplitRing::new(memory.clone(), queue.layout, queue.default_size)?;
    walk::collect(&ring, features & INDIRECT_DESC != 0, first, &mut Vec::new()).map(|_| ())
}
