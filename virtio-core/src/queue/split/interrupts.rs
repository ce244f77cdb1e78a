//! When the device interrupts the driver (virtio 1.3, 2.7.7).

use super::super::error::RingError;
use super::event_index::passes_event;
use super::layout::{AVAILABLE_NO_INTERRUPT, SplitRing};
use std::sync::atomic::{Ordering, fence};

/// Remembers what the last interrupt decision was about.
#[derive(Debug, Default)]
pub(super) struct InterruptDecision {
    /// The used index at the last decision; `None` before the first, and once the used index has gone all the way
    /// round since, so that the distance can no longer be told. Only kept with event index.
    signalled_used: Option<u16>,
    /// Whether a chain has been given back since the last decision.
    completed: bool,
}

impl InterruptDecision {
    pub(super) fn signalled_used(&self) -> Option<u16> {
        self.signalled_used
    }

    /// A chain was given back, which made the used index `used`.
    pub(super) fn completed(&mut self, used: u16) {
        self.completed = true;
        if self.signalled_used == Some(used) {
            self.signalled_used = None;
        }
    }

    /// Decides, and remembers the decision.
    pub(super) fn wants_interrupt(
        &mut self,
        ring: &SplitRing,
        event_index: bool,
        used: u16,
    ) -> Result<bool, RingError> {
        if !std::mem::take(&mut self.completed) {
            return Ok(false);
        }
        // The driver stores its wish and then looks at the used index; we have stored the used index and now look at
        // its wish. Without a full fence on both sides each could miss the other's store.
        fence(Ordering::SeqCst);
        if !event_index {
            return Ok(ring.available_flags()? & AVAILABLE_NO_INTERRUPT == 0);
        }
        let event = ring.used_event()?;
        Ok(match self.signalled_used.replace(used) {
            Some(signalled) => passes_event(event, used, signalled),
            None => true,
        })
    }
}
