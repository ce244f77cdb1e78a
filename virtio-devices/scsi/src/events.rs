//! What the device tells the driver of its own accord (virtio 1.3, 5.6.6.3), and what waits to be told.

use std::collections::VecDeque;

use crate::address::UnitAddress;

/// Bytes of an event, and what drivers are told that they need (`event_info_size`).
pub(crate) const EVENT_SIZE: usize = 16;
/// Events that wait for buffers. A driver that is told that it has missed some looks at everything anew.
const MOST_WAITING: usize = 64;

/// Some events could not be told (VIRTIO_SCSI_T_EVENTS_MISSED).
const EVENTS_MISSED: u32 = 1 << 31;
const NO_EVENT: u32 = 0;
const TRANSPORT_RESET: u32 = 1;
const PARAMETERS_CHANGED: u32 = 3;
/// Reasons of a transport reset.
const RESCAN: u32 = 1;
const REMOVED: u32 = 2;
/// The reason of a change of parameters: the additional sense code and its qualifier, here of a changed capacity.
const CAPACITY_CHANGED: u32 = 0x092a;

/// Something that a driver is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A unit has come.
    Added(UnitAddress),
    /// A unit has gone.
    Removed(UnitAddress),
    /// A unit's size has changed.
    Resized(UnitAddress),
}

/// Events that wait for the driver to make buffers available.
#[derive(Debug, Default)]
pub(crate) struct WaitingEvents {
    waiting: VecDeque<Event>,
    missed: bool,
}

impl WaitingEvents {
    /// Waits with the others; if they are too many, all the driver will hear of it is that it has missed something.
    pub(crate) fn push(&mut self, event: Event) {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push_back(event);
        } else {
            self.missed = true;
        }
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && !self.missed
    }

    /// What goes into the next buffer, if there is anything to tell.
    pub(crate) fn next(&mut self) -> Option<[u8; EVENT_SIZE]> {
        if self.is_empty() {
            return None;
        }
        Some(bytes(self.waiting.pop_front(), std::mem::take(&mut self.missed)))
    }
}

fn bytes(event: Option<Event>, missed: bool) -> [u8; EVENT_SIZE] {
    let (kind, lun, reason) = match event {
        None => (NO_EVENT, [0; 8], 0),
        Some(Event::Added(unit)) => (TRANSPORT_RESET, unit.bytes(), RESCAN),
        Some(Event::Removed(unit)) => (TRANSPORT_RESET, unit.bytes(), REMOVED),
        Some(Event::Resized(unit)) => (PARAMETERS_CHANGED, unit.bytes(), CAPACITY_CHANGED),
    };
    let kind = if missed { kind | EVENTS_MISSED } else { kind };
    let mut event = [0; EVENT_SIZE];
    let fields = kind.to_le_bytes().into_iter().chain(lun).chain(reason.to_le_bytes());
    event.iter_mut().zip(fields).for_each(|(place, byte)| *place = byte);
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: UnitAddress = UnitAddress { target: 3, lun: 0x102 };

    #[test]
    fn events_have_the_bytes_of_the_specification() {
        let hex = |event| bytes(Some(event), false).map(|byte| format!("{byte:02x}")).concat();
        insta::assert_snapshot!(hex(Event::Added(UNIT)), @"01000000010341020000000001000000");
        insta::assert_snapshot!(hex(Event::Removed(UNIT)), @"01000000010341020000000002000000");
        insta::assert_snapshot!(hex(Event::Resized(UNIT)), @"0300000001034102000000002a090000");
    }

    #[test]
    fn too_many_events_are_told_as_missed_with_the_next_one() {
        let mut events = WaitingEvents::default();
        assert_eq!(events.next(), None);
        for _ in 0..=MOST_WAITING {
            events.push(Event::Added(UNIT));
        }
        assert_eq!(events.next(), Some(bytes(Some(Event::Added(UNIT)), true)));
        for _ in 1..MOST_WAITING {
            assert_eq!(events.next(), Some(bytes(Some(Event::Added(UNIT)), false)));
        }
        assert_eq!(events.next(), None);
    }
}
