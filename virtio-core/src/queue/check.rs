//! Asks of a chain what [`Queue::pop`](super::Queue::pop) would say of it, without taking it.

use super::error::RingError;
use super::packed::layout::PackedRing;
use super::ring::{RingForm, RingLayout};
use super::split::layout::SplitRing;
use super::{packed, split};
use crate::GuestMemory;
use crate::feature_map::INDIRECT_DESC;
use crate::introspection::QueueSnapshot;

/// Whether a ring can lie so: a size that it can have, areas that are aligned and in guest memory.
///
/// # Errors
/// What is wrong.
pub(crate) fn check_layout(memory: &GuestMemory, layout: RingLayout, maximum: u16) -> Result<(), RingError> {
    match layout.form {
        RingForm::Split => SplitRing::new(memory.clone(), layout, maximum).map(|_| ()),
        RingForm::Packed => PackedRing::new(memory.clone(), layout, maximum).map(|_| ()),
    }
}

/// Whether the device would take the chain whose first descriptor has this number.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn would_take(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
    features: u128,
    first: u16,
) -> Result<(), RingError> {
    let indirect = features & INDIRECT_DESC != 0;
    let (memory, layout, maximum) = (memory.clone(), queue.layout, queue.default_size);
    let mut segments = Vec::new();
    match layout.form {
        RingForm::Split => {
            let ring = SplitRing::new(memory, layout, maximum)?;
            split::walk::collect(&ring, indirect, first, &mut segments).map(|_| ())
        }
        RingForm::Packed => {
            let ring = PackedRing::new(memory, layout, maximum)?;
            packed::walk::collect(&ring, indirect, first, &mut segments).map(|_| ())
        }
    }
}
