//! A packed ring, the device's side (virtio 1.3, 2.8).

mod interrupts;
pub(crate) mod layout;
pub(crate) mod position;
pub(super) mod walk;

use super::QueueConfiguration;
use super::chain::Segment;
use super::descriptor::DESCRIPTOR_WRITE;
use super::error::RingError;
use super::ring::{Returned, Ring, Taken};
use crate::GuestMemory;
use crate::introspection::{QueueIndices, WrapCounters};
use interrupts::InterruptDecision;
use layout::PackedRing;
use position::Position;
use std::sync::atomic::{Ordering, fence};

/// What the device knows of a packed ring.
#[derive(Debug)]
pub(super) struct PackedQueue {
    ring: PackedRing,
    indirect_descriptors: bool,
    event_index: bool,
    /// Where the next chain begins.
    available: Position,
    /// Slots from there on that were seen to be available and are not taken.
    seen: u16,
    /// Where the next chain is given back.
    used: Position,
    /// Slots of the chains taken and not given back.
    in_flight: u16,
    decision: InterruptDecision,
}

impl PackedQueue {
    /// A ring at its beginning.
    ///
    /// # Errors
    /// A layout that breaks the rules.
    pub(super) fn new(configuration: &QueueConfiguration, memory: GuestMemory) -> Result<Self, RingError> {
        Ok(Self {
            ring: PackedRing::new(memory, configuration.layout, configuration.maximum_size)?,
            indirect_descriptors: configuration.indirect_descriptors,
            event_index: configuration.event_index,
            available: Position::START,
            seen: 0,
            used: Position::START,
            in_flight: 0,
            decision: InterruptDecision::default(),
        })
    }

    fn is_available(&self, position: Position) -> Result<bool, RingError> {
        Ok(position.is_available(self.ring.flags(position.slot)?))
    }

    /// The first slot that was not seen to be available.
    fn after_seen(&self) -> Position {
        self.available.advance(self.seen, self.size())
    }

    /// Looks further on for available slots; no further than slots can be available, however the memory looks.
    fn look_ahead(&mut self) -> Result<(), RingError> {
        while u32::from(self.seen) + u32::from(self.in_flight) < u32::from(self.size())
            && self.is_available(self.after_seen())?
        {
            self.seen += 1;
        }
        Ok(())
    }

    fn store_used(&self, place: Position, chain: &Returned) -> Result<(), RingError> {
        let write = if chain.written > 0 { DESCRIPTOR_WRITE } else { 0 };
        self.ring.store_used(place.slot, (chain.head, chain.written), place.used_flags() | write)
    }

    /// Takes note of a chain that was found at the place where the next one begins.
    fn count_in(&mut self, slots: u16) -> Result<(), RingError> {
        let (slot, in_flight, size) = (self.available.slot, self.in_flight, self.size());
        if u32::from(in_flight) + u32::from(slots) > u32::from(size) {
            return Err(RingError::TooManyDescriptors { slot, slots, in_flight, size });
        }
        self.available = self.available.advance(slots, size);
        self.seen = self.seen.saturating_sub(slots);
        self.in_flight += slots;
        Ok(())
    }
}

impl Ring for PackedQueue {
    fn size(&self) -> u16 {
        self.ring.size()
    }

    fn take(&mut self, segments: &mut Vec<Segment>) -> Result<Option<Taken>, RingError> {
        if !self.is_available(self.available)? {
            return Ok(None);
        }
        let taken = walk::collect(&self.ring, self.indirect_descriptors, self.available.slot, segments)?;
        self.count_in(taken.slots)?;
        Ok(Some(taken))
    }

    fn put_back(&mut self, slots: u16) {
        self.available = self.available.go_back(slots, self.size());
        self.seen = (self.seen + slots).min(self.size());
        self.in_flight = self.in_flight.saturating_sub(slots);
    }

    fn give_back(&mut self, chains: &[Returned]) -> Result<(), RingError> {
        let Some((first, others)) = chains.split_first() else { return Ok(()) };
        let size = self.size();
        // The driver comes to the first one before it comes to the others: that is written last.
        let first_place = self.used;
        self.used = first_place.advance(first.slots, size);
        for chain in others {
            self.store_used(self.used, chain)?;
            self.used = self.used.advance(chain.slots, size);
        }
        self.store_used(first_place, first)?;
        for chain in chains {
            self.in_flight = self.in_flight.saturating_sub(chain.slots);
            self.decision.completed(chain.slots);
        }
        Ok(())
    }

    fn wants_interrupt(&mut self) -> Result<bool, RingError> {
        self.decision.wants_interrupt(&self.ring, self.event_index, self.used)
    }

    fn disable_kicks(&mut self) -> Result<(), RingError> {
        if self.event_index {
            // The driver kicks for one slot only, which it passes at most once a round.
            return Ok(());
        }
        self.ring.store_kicks_wanted(false)
    }

    fn enable_kicks(&mut self) -> Result<bool, RingError> {
        let seen = self.seen;
        if self.event_index {
            self.ring.store_kick_event(self.after_seen())?;
        } else {
            self.ring.store_kicks_wanted(true)?;
        }
        // As in `wants_interrupt`, with the roles exchanged.
        fence(Ordering::SeqCst);
        self.look_ahead()?;
        Ok(self.seen != seen)
    }

    fn look(&mut self) -> Result<u16, RingError> {
        self.look_ahead()?;
        Ok(self.seen)
    }

    fn indices(&self) -> QueueIndices {
        QueueIndices {
            last_available: self.available.slot,
            // There is no index of the driver's that could be ahead.
            shadow_available: self.available.slot,
            used: self.used.slot,
            in_flight: self.in_flight,
            signalled_used: self.decision.signalled_used(self.size()),
            seen: self.seen,
            wrap_counters: Some(WrapCounters { available: self.available.wrap, used: self.used.wrap }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::RingForm;
    use crate::driver::{Buffer, DeviceSide, DriverQueue, guest_memory};

    /// An empty ring of four descriptors.
    fn ring(event_index: bool) -> (DriverQueue, DeviceSide) {
        let driver = DriverQueue::with_form(&guest_memory(0x1_0000), RingForm::Packed, 4, 0x1000);
        let device = driver.device_side(true, event_index).unwrap();
        (driver, device)
    }

    fn offer(driver: &mut DriverQueue, buffers: usize) {
        driver.chain(&vec![Buffer::readable(0x8000, 1); buffers]);
        driver.publish();
    }

    /// Slot and wrap counter as in an event suppression structure.
    fn place(slot: u16, wrap: bool) -> u16 {
        slot | if wrap { 1 << 15 } else { 0 }
    }

    #[test]
    fn chains_that_came_before_the_wish_are_noticed_once_and_the_wish_is_for_those_after_them() {
        let (mut driver, mut device) = ring(true);
        assert!(!device.queue.enable_kicks().unwrap());
        assert_eq!(driver.available_event(), place(0, true));
        offer(&mut driver, 2);
        offer(&mut driver, 1);
        // They are there although nobody has kicked, and the worker leaves them.
        assert!(device.queue.enable_kicks().unwrap());
        assert!(!device.queue.enable_kicks().unwrap());
        assert_eq!(driver.available_event(), place(3, true));
        let first = device.queue.pop().unwrap().unwrap();
        let second = device.queue.pop().unwrap().unwrap();
        assert!(!device.queue.enable_kicks().unwrap());
        assert_eq!(driver.available_event(), place(3, true));
        // One that is put back has been seen: the wish is for others.
        device.queue.undo_pop(second).unwrap();
        assert!(!device.queue.enable_kicks().unwrap());
        assert_eq!(driver.available_event(), place(3, true));
        device.queue.complete(first, 0).unwrap();
        assert_eq!(driver.used().len(), 1);
        offer(&mut driver, 3);
        assert!(device.queue.enable_kicks().unwrap());
        assert!(!device.queue.enable_kicks().unwrap());
        assert_eq!(driver.available_event(), place(2, false));
    }

    #[test]
    fn without_event_index_a_flag_says_whether_to_kick() {
        let (mut driver, mut device) = ring(false);
        assert!(driver.wants_kicks());
        device.queue.begin_service().unwrap();
        assert!(!driver.wants_kicks());
        offer(&mut driver, 1);
        assert!(device.queue.enable_kicks().unwrap());
        assert!(driver.wants_kicks());
    }

    /// A ring that looks available all around is not looked at for ever.
    #[test]
    fn looking_ahead_ends_with_the_ring() {
        let (mut driver, mut device) = ring(true);
        offer(&mut driver, 4);
        assert!(device.queue.enable_kicks().unwrap());
        assert!(!device.queue.enable_kicks().unwrap());
        assert_eq!(driver.available_event(), place(0, false));
    }
}
