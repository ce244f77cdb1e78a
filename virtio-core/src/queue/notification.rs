//! Telling each other: when the device interrupts the driver, and when it wants to be kicked (virtio 1.3, 2.7.7 and
//! 2.7.10).

use super::Queue;
use super::error::{QueueError, RingError};
use super::event_index::passes_event;
use super::ring::{AVAILABLE_NO_INTERRUPT, SplitRing, USED_NO_NOTIFY};
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

/// The runner's part of a queue: kicks, and the share of time that a queue may take.
impl Queue {
    /// Asks the driver not to kick. It is a wish: kicks may still come.
    pub(crate) fn disable_kicks(&mut self) -> Result<(), QueueError> {
        if self.event_index {
            // The driver kicks at one index only, which it passes at most once.
            return Ok(());
        }
        self.ring.store_used_flags(USED_NO_NOTIFY).map_err(self.named())
    }

    /// Asks the driver to kick for the next chain, and then looks again. True if chains have become available since
    /// the last look: there may be no kick for those.
    pub(crate) fn enable_kicks(&mut self) -> Result<bool, QueueError> {
        let seen = self.shadow_available;
        let wish = if self.event_index {
            self.ring.store_available_event(seen)
        } else {
            self.ring.store_used_flags(0)
        };
        wish.map_err(self.named())?;
        // As in `wants_interrupt`, with the roles exchanged.
        fence(Ordering::SeqCst);
        self.look_at_available_index().map_err(self.named())?;
        self.publish();
        Ok(self.shadow_available != seen)
    }

    /// Lets the worker pop as many chains as the ring has entries. A driver that refills the ring as fast as it is
    /// emptied must not keep the device's thread from being paused or stopped.
    pub(crate) fn begin_turn(&mut self) {
        self.budget = u32::from(self.size());
    }

    /// Whether the worker was cut short by the end of its turn.
    pub(crate) fn is_turn_over(&self) -> bool {
        self.budget == 0
    }
}
