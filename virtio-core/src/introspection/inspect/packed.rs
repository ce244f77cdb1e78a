//! A packed ring as it stands in guest memory, beside what the device knows of it.

use super::next::{Returned, RingFacts};
use crate::GuestMemory;
use crate::introspection::{QueueSnapshot, WrapCounters};
use crate::queue::RingError;
use crate::queue::packed::layout::{PackedRing, Suppression};
use crate::queue::packed::position::Position;
use qapi_schema::inspect::{VirtioNotification, VirtioNotificationWish, VirtioPackedRing, VirtioRing};

/// Both sides of a packed ring, and what follows from them. `chains` are in flight.
pub(super) fn ring(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
    chains: u16,
) -> Result<(VirtioRing, RingFacts), RingError> {
    let ring = PackedRing::new(memory.clone(), queue.layout, queue.default_size)?;
    let (indices, size) = (queue.indices, ring.size());
    let wrap = indices.wrap_counters.unwrap_or(WrapCounters { available: true, used: true });
    let next = Position { slot: indices.last_available % size, wrap: wrap.available };
    let used = Position { slot: indices.used % size, wrap: wrap.used };
    let available = available_descriptors(&ring, next)?;
    let (driver, device) = (ring.driver_suppression()?, ring.device_suppression()?);
    let facts = RingFacts {
        waiting: available,
        unseen: available > indices.seen,
        kick_due: device != Suppression::Disable,
        in_flight: chains,
        returned: returned(driver, used),
    };
    let branch = VirtioPackedRing {
        available_descriptors: available,
        device_seen_available: indices.seen,
        device_position: next.slot,
        device_wrap: next.wrap,
        used_position: used.slot,
        used_wrap: used.wrap,
    };
    let (driver_notification, device_notification) = (wish(driver), wish(device));
    Ok((VirtioRing { driver_notification, device_notification, branch: branch.into() }, facts))
}

/// How many descriptors from the device's position on carry the driver's mark.
fn available_descriptors(ring: &PackedRing, mut position: Position) -> Result<u16, RingError> {
    for count in 0..ring.size() {
        if !position.is_available(ring.flags(position.slot)?) {
            return Ok(count);
        }
        position = position.advance(1, ring.size());
    }
    Ok(ring.size())
}

fn wish(suppression: Suppression) -> VirtioNotification {
    let (wish, at) = match suppression {
        Suppression::Disable => (VirtioNotificationWish::Never, None),
        Suppression::Descriptor(position) => (VirtioNotificationWish::AtPosition, Some(position)),
        // What must not be said is taken for the wish that loses nothing.
        Suppression::Enable | Suppression::Reserved => (VirtioNotificationWish::Always, None),
    };
    VirtioNotification { wish, position: at.map(|at| at.slot), wrap: at.map(|at| at.wrap) }
}

/// A driver that has taken all asks for an interrupt at the very next one.
fn returned(driver: Suppression, used: Position) -> Returned {
    match driver {
        Suppression::Enable | Suppression::Reserved => Returned::AsInterrupted,
        Suppression::Disable if used == Position::START => Returned::Nothing,
        Suppression::Disable => Returned::Poll,
        Suppression::Descriptor(position) if position == used => Returned::Nothing,
        Suppression::Descriptor(_) => Returned::Take,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_has_left_to_do_is_told_by_its_wish() {
        let at = |slot, wrap| Position { slot, wrap };
        assert_eq!(returned(Suppression::Enable, at(3, true)), Returned::AsInterrupted);
        assert_eq!(returned(Suppression::Disable, Position::START), Returned::Nothing);
        assert_eq!(returned(Suppression::Disable, at(0, false)), Returned::Poll);
        assert_eq!(returned(Suppression::Descriptor(at(3, true)), at(3, true)), Returned::Nothing);
        assert_eq!(returned(Suppression::Descriptor(at(3, true)), at(3, false)), Returned::Take);
        assert_eq!(returned(Suppression::Descriptor(at(2, true)), at(3, true)), Returned::Take);
    }
}
