//! When the device interrupts the driver (virtio 1.3, 2.8.10).

use super::super::error::RingError;
use super::layout::{PackedRing, Suppression};
use super::position::{Position, passes_event};
use std::sync::atomic::{Ordering, fence};

/// Remembers what the last interrupt decision was about.
#[derive(Debug, Default)]
pub(super) struct InterruptDecision {
    /// The place of the next descriptor to give back, at the last decision; `None` before the first. Only kept with
    /// event index.
    signalled: Option<Position>,
    /// Slots given back since then.
    since: u32,
}

impl InterruptDecision {
    /// The slot at the last decision, while the distance from there can still be told.
    pub(super) fn signalled_used(&self, size: u16) -> Option<u16> {
        self.signalled.filter(|_| self.since < 2 * u32::from(size)).map(|position| position.slot)
    }

    /// So many slots were given back.
    pub(super) fn completed(&mut self, slots: u16) {
        self.since = self.since.saturating_add(u32::from(slots));
    }

    /// Decides, and remembers the decision. `used` is the place of the next descriptor to give back.
    pub(super) fn wants_interrupt(
        &mut self,
        ring: &PackedRing,
        event_index: bool,
        used: Position,
    ) -> Result<bool, RingError> {
        let steps = std::mem::take(&mut self.since);
        if steps == 0 {
            return Ok(false);
        }
        // The driver stores its wish and then looks for used descriptors; we have stored those and now look at its wish.
        // Without a full fence on both sides each could miss the other's store.
        fence(Ordering::SeqCst);
        let suppression = ring.driver_suppression()?;
        let first = event_index && self.signalled.replace(used).is_none();
        Ok(match suppression {
            Suppression::Disable => false,
            Suppression::Descriptor(event) if event_index && !first => {
                passes_event(event, used, steps, ring.size())
            }
            // What a driver must not say is taken for the wish that loses nothing.
            Suppression::Enable | Suppression::Descriptor(_) | Suppression::Reserved => true,
        })
    }
}
