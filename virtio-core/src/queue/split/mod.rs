//! A split ring, the device's side (virtio 1.3, 2.7).

pub(crate) mod event_index;
mod interrupts;
pub(crate) mod layout;
pub(super) mod walk;

use super::QueueConfiguration;
use super::chain::Segment;
use super::error::RingError;
use super::ring::{Returned, Ring, Taken};
use crate::GuestMemory;
use crate::introspection::QueueIndices;
use event_index::distance;
use interrupts::InterruptDecision;
use layout::{SplitRing, USED_NO_NOTIFY};
use std::sync::atomic::{Ordering, fence};

/// What the device knows of a split ring.
#[derive(Debug)]
pub(super) struct SplitQueue {
    ring: SplitRing,
    indirect_descriptors: bool,
    event_index: bool,
    /// Free-running count of chains taken.
    last_available: u16,
    /// The driver's index when it was last looked at.
    shadow_available: u16,
    /// Free-running count of chains given back.
    used: u16,
    /// Chains taken and not given back.
    in_flight: u16,
    decision: InterruptDecision,
}

impl SplitQueue {
    /// A ring at its beginning.
    ///
    /// # Errors
    /// A layout that breaks the rules.
    pub(super) fn new(configuration: &QueueConfiguration, memory: GuestMemory) -> Result<Self, RingError> {
        Ok(Self {
            ring: SplitRing::new(memory, configuration.layout, configuration.maximum_size)?,
            indirect_descriptors: configuration.indirect_descriptors,
            event_index: configuration.event_index,
            last_available: 0,
            shadow_available: 0,
            used: 0,
            in_flight: 0,
            decision: InterruptDecision::default(),
        })
    }

    /// Whether there is a chain to take; looks at the driver's index only if all known ones are taken.
    fn is_available(&mut self) -> Result<bool, RingError> {
        if self.shadow_available == self.last_available {
            self.look_at_available_index()?;
        }
        Ok(self.shadow_available != self.last_available)
    }

    /// Reads the driver's index and checks that the ring can hold what it claims.
    fn look_at_available_index(&mut self) -> Result<(), RingError> {
        let available = self.ring.available_index()?;
        let ahead = distance(available, self.last_available);
        if u32::from(ahead) + u32::from(self.in_flight) > u32::from(self.size()) {
            return Err(RingError::AvailableIndexJump {
                available,
                last_available: self.last_available,
                distance: ahead,
                in_flight: self.in_flight,
                size: self.size(),
            });
        }
        self.shadow_available = available;
        Ok(())
    }
}

impl Ring for SplitQueue {
    fn size(&self) -> u16 {
        self.ring.size()
    }

    fn take(&mut self, segments: &mut Vec<Segment>) -> Result<Option<Taken>, RingError> {
        if !self.is_available()? {
            return Ok(None);
        }
        let position = self.last_available;
        let head = self.ring.available_entry(position)?;
        let readable = walk::collect(&self.ring, self.indirect_descriptors, head, segments)?;
        self.last_available = position.wrapping_add(1);
        self.in_flight += 1;
        Ok(Some(Taken { head, position, slots: 1, readable }))
    }

    fn put_back(&mut self, slots: u16) {
        self.last_available = self.last_available.wrapping_sub(slots);
        self.in_flight = self.in_flight.saturating_sub(slots);
    }

    fn give_back(&mut self, chains: &[Returned]) -> Result<(), RingError> {
        for chain in chains {
            self.ring.store_used_element(self.used, chain.head, chain.written)?;
            self.used = self.used.wrapping_add(1);
            self.in_flight = self.in_flight.saturating_sub(chain.slots);
            self.decision.completed(self.used);
        }
        self.ring.store_used_index(self.used)
    }

    fn wants_interrupt(&mut self) -> Result<bool, RingError> {
        self.decision.wants_interrupt(&self.ring, self.event_index, self.used)
    }

    fn disable_kicks(&mut self) -> Result<(), RingError> {
        if self.event_index {
            // The driver kicks at one index only, which it passes at most once.
            return Ok(());
        }
        self.ring.store_used_flags(USED_NO_NOTIFY)
    }

    fn enable_kicks(&mut self) -> Result<bool, RingError> {
        let seen = self.shadow_available;
        if self.event_index {
            self.ring.store_available_event(seen)?;
        } else {
            self.ring.store_used_flags(0)?;
        }
        // As in `wants_interrupt`, with the roles exchanged.
        fence(Ordering::SeqCst);
        self.look_at_available_index()?;
        Ok(self.shadow_available != seen)
    }

    fn look(&mut self) -> Result<u16, RingError> {
        self.look_at_available_index()?;
        Ok(distance(self.shadow_available, self.last_available))
    }

    fn indices(&self) -> QueueIndices {
        QueueIndices {
            last_available: self.last_available,
            shadow_available: self.shadow_available,
            used: self.used,
            in_flight: self.in_flight,
            signalled_used: self.decision.signalled_used(),
            seen: distance(self.shadow_available, self.last_available),
            wrap_counters: None,
        }
    }
}
