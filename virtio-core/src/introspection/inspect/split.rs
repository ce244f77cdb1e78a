//! A split ring as it stands in guest memory, beside what the device knows of it.

use super::next::{Returned, RingFacts};
use crate::GuestMemory;
use crate::introspection::QueueSnapshot;
use crate::queue::RingError;
use crate::queue::split::event_index::{distance, passes_event};
use crate::queue::split::layout::{AVAILABLE_NO_INTERRUPT, SplitRing, USED_NO_NOTIFY};
use qapi_schema::inspect::{VirtioNotification, VirtioNotificationWish, VirtioRing, VirtioSplitRing};

/// Both sides of a split ring, and what follows from them.
pub(super) fn ring(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
    event_index: bool,
) -> Result<(VirtioRing, RingFacts), RingError> {
    let ring = SplitRing::new(memory.clone(), queue.layout, queue.default_size)?;
    let seen = Seen {
        event_index,
        size: queue.layout.size,
        available: ring.available_index()?,
        available_flags: ring.available_flags()?,
        used_event: ring.used_event()?,
        used_flags: ring.used_flags()?,
        available_event: ring.available_event()?,
    };
    let indices = queue.indices;
    let branch = VirtioSplitRing {
        driver_available: seen.available,
        device_seen_available: indices.shadow_available,
        device_taken: indices.last_available,
        memory_used: ring.used_index()?,
        device_used: indices.used,
    };
    let wire = VirtioRing {
        driver_notification: wish(
            event_index,
            seen.available_flags & AVAILABLE_NO_INTERRUPT,
            seen.used_event,
        ),
        device_notification: wish(event_index, seen.used_flags & USED_NO_NOTIFY, seen.available_event),
        branch: branch.into(),
    };
    Ok((wire, seen.facts(queue)))
}

fn wish(event_index: bool, suppressed: u16, event: u16) -> VirtioNotification {
    let wish = match (event_index, suppressed) {
        (true, _) => VirtioNotificationWish::AtPosition,
        (false, 0) => VirtioNotificationWish::Always,
        (false, _) => VirtioNotificationWish::Never,
    };
    VirtioNotification { wish, position: event_index.then_some(event), wrap: None }
}

/// What stands in guest memory.
struct Seen {
    event_index: bool,
    size: u16,
    available: u16,
    available_flags: u16,
    used_event: u16,
    used_flags: u16,
    available_event: u16,
}

impl Seen {
    fn facts(&self, queue: &QueueSnapshot) -> RingFacts {
        let indices = queue.indices;
        RingFacts {
            waiting: distance(self.available, indices.last_available),
            unseen: self.available != indices.shadow_available,
            kick_due: if self.event_index {
                passes_event(self.available_event, self.available, indices.shadow_available)
            } else {
                self.used_flags & USED_NO_NOTIFY == 0
            },
            in_flight: indices.in_flight,
            returned: if self.event_index {
                self.returned_by_event(indices.used)
            } else if self.available_flags & AVAILABLE_NO_INTERRUPT == 0 {
                Returned::AsInterrupted
            } else if indices.used == 0 {
                Returned::Nothing
            } else {
                Returned::Poll
            },
        }
    }

    /// A driver that has taken all asks for an interrupt at the very next one.
    fn returned_by_event(&self, used: u16) -> Returned {
        let behind = distance(used, self.used_event);
        let ahead = distance(self.used_event, used);
        if behind == 0 {
            Returned::Nothing
        } else if behind <= self.size {
            Returned::Take
        } else if ahead <= self.size && distance(self.available, used) > 0 {
            // It will be interrupted when more have come back.
            Returned::Nothing
        } else {
            Returned::Poll
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::introspection::QueueIndices;

    const QUIET: Seen = Seen {
        event_index: true,
        size: 8,
        available: 0,
        available_flags: 0,
        used_event: 0,
        used_flags: 0,
        available_event: 0,
    };

    fn queue(shadow_available: u16, used: u16) -> QueueSnapshot {
        let indices = QueueIndices {
            last_available: shadow_available,
            shadow_available,
            used,
            ..QueueIndices::default()
        };
        QueueSnapshot { indices, ..QueueSnapshot::default() }
    }

    #[test]
    fn what_the_driver_has_left_to_do_is_told_by_its_event_index() {
        let returned = |available, used, used_event| {
            Seen { available, used_event, ..QUIET }.facts(&queue(available, used)).returned
        };
        assert_eq!(returned(5, 5, 5), Returned::Nothing, "all taken");
        assert_eq!(returned(5, 5, 4), Returned::Take);
        assert_eq!(returned(2, 2, 0xfffa), Returned::Take, "around the end of the numbers");
        assert_eq!(returned(5, 3, 4), Returned::Nothing, "one more, and it is interrupted");
        assert_eq!(returned(5, 5, 7), Returned::Poll, "there will never be an interrupt");
        assert_eq!(returned(500, 500, 0), Returned::Poll, "a driver that does not keep its event index");
    }

    #[test]
    fn without_event_index_flags_tell() {
        let ring = Seen { event_index: false, available: 3, ..QUIET };
        assert_eq!(ring.facts(&queue(3, 3)).returned, Returned::AsInterrupted);
        let polling = Seen { available_flags: AVAILABLE_NO_INTERRUPT, ..ring };
        assert_eq!(polling.facts(&queue(3, 3)).returned, Returned::Poll);
        assert_eq!(polling.facts(&queue(3, 0)).returned, Returned::Nothing);
        assert!(polling.facts(&queue(2, 0)).kick_due);
        assert!(!Seen { used_flags: USED_NO_NOTIFY, ..polling }.facts(&queue(2, 0)).kick_due);
    }

    #[test]
    fn a_kick_is_due_when_the_event_is_passed() {
        let due = |available, shadow, available_event| {
            Seen { available, available_event, ..QUIET }.facts(&queue(shadow, 0)).kick_due
        };
        assert!(due(4, 3, 3));
        assert!(!due(4, 3, 5));
        assert!(!due(3, 3, 3));
        assert!(due(1, 0xffff, 0));
    }
}
