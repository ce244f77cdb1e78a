//! Virtqueues, the device's side: taking chains from the driver and giving them back.
//!
//! [`Queue`] is what a device works with. Only split rings exist so far; packed ones will hide behind the same type.

mod chain;
mod chain_io;
pub(crate) mod check;
mod error;
pub(crate) mod event_index;
mod notification;
pub(crate) mod ring;
mod walk;

pub use chain::{Chain, Segment};
pub use chain_io::{ChainReader, ChainWriter};
pub use error::{QueueError, RingError};
pub use ring::{RingForm, RingLayout};

use crate::GuestMemory;
use crate::interrupt::Interrupt;
use crate::introspection::{InFlightChain, PublishedQueue, QueueIndices};
use event_index::distance;
use notification::InterruptDecision;
use ring::SplitRing;
use std::sync::Arc;

/// What a queue is made of.
#[derive(Clone, Debug)]
pub struct QueueConfiguration {
    /// The queue's number in its device.
    pub index: u16,
    /// The largest size that the device allows.
    pub maximum_size: u16,
    /// Where the driver has put the ring.
    pub layout: RingLayout,
    /// Whether the driver has acknowledged VIRTIO_F_INDIRECT_DESC.
    pub indirect_descriptors: bool,
    /// Whether the driver has acknowledged VIRTIO_F_EVENT_IDX.
    pub event_index: bool,
}

/// One virtqueue. It is owned by the device's thread; monitors see what it publishes.
#[derive(Debug)]
pub struct Queue {
    index: u16,
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
    /// Chains that may still be popped before the runner has to look at its other duties.
    budget: u32,
    /// Entries of the published table without a chain: as many as the ring can have in flight.
    free_entries: Vec<u16>,
    /// Chains ever taken.
    taken: u64,
    /// Emptied segment lists, to be used again: no allocation per chain in steady state.
    spare: Vec<Vec<Segment>>,
    published: Arc<PublishedQueue>,
    interrupt: Arc<Interrupt>,
}

impl Queue {
    /// A queue at its beginning: nothing taken, nothing given back.
    ///
    /// # Errors
    /// A ring layout that breaks the rules.
    pub fn new(
        configuration: &QueueConfiguration,
        memory: GuestMemory,
        published: Arc<PublishedQueue>,
        interrupt: Arc<Interrupt>,
    ) -> Result<Self, QueueError> {
        let ring = SplitRing::new(memory, configuration.layout, configuration.maximum_size)
            .map_err(|error| QueueError { queue: configuration.index, error })?;
        Ok(Self {
            index: configuration.index,
            ring,
            indirect_descriptors: configuration.indirect_descriptors,
            event_index: configuration.event_index,
            last_available: 0,
            shadow_available: 0,
            used: 0,
            in_flight: 0,
            decision: InterruptDecision::default(),
            budget: u32::MAX,
            free_entries: (0..configuration.layout.size).rev().collect(),
            taken: 0,
            spare: Vec::new(),
            published,
            interrupt,
        })
    }

    /// The queue's number in its device.
    pub fn index(&self) -> u16 {
        self.index
    }

    /// The number of descriptors.
    pub fn size(&self) -> u16 {
        self.ring.size()
    }

    /// Takes the next chain, checked from end to end. `None` if the driver has made no more available, or if it is
    /// the turn of the device's other duties; the worker will then be called again.
    ///
    /// # Errors
    /// Anything on the ring that breaks the rules; nothing has been taken then.
    pub fn pop(&mut self) -> Result<Option<Chain>, QueueError> {
        if self.budget == 0 {
            return Ok(None);
        }
        self.pop_next().map_err(self.named())
    }

    /// Gives back the chain that was popped last, as if it had not been taken. Several go back in reverse order.
    ///
    /// # Errors
    /// A chain that is not the last one.
    pub fn undo_pop(&mut self, chain: Chain) -> Result<(), QueueError> {
        if chain.position.wrapping_add(1) != self.last_available || self.in_flight == 0 {
            return Err(self.named()(RingError::UndoOutOfOrder { head: chain.head }));
        }
        self.last_available = chain.position;
        self.in_flight -= 1;
        self.taken -= 1;
        self.recycle(chain);
        self.publish();
        Ok(())
    }

    /// Gives a chain back to the driver, with the number of bytes written, counted from the first writable one.
    /// The driver sees it at once and hears of it at the next [`interrupt`](Self::interrupt).
    ///
    /// # Errors
    /// More bytes than the chain takes.
    pub fn complete(&mut self, chain: Chain, written: u32) -> Result<(), QueueError> {
        self.store_used(&chain, written).map_err(self.named())?;
        self.in_flight = self.in_flight.saturating_sub(1);
        self.decision.completed(self.used);
        self.recycle(chain);
        self.publish();
        Ok(())
    }

    /// Tells the driver that chains have come back, unless none has since the last time or the driver does not want
    /// to know (2.7.7).
    ///
    /// # Errors
    /// The ring cannot be read.
    pub fn interrupt(&mut self) -> Result<(), QueueError> {
        let decision = self.decision.wants_interrupt(&self.ring, self.event_index, self.used);
        if decision.map_err(self.named())? {
            self.interrupt.used_buffer();
        }
        self.publish();
        Ok(())
    }

    fn pop_next(&mut self) -> Result<Option<Chain>, RingError> {
        if !self.is_available()? {
            return Ok(None);
        }
        let position = self.last_available;
        let head = self.ring.available_entry(position)?;
        let mut segments = self.spare.pop().unwrap_or_default();
        let readable = match walk::collect(&self.ring, self.indirect_descriptors, head, &mut segments) {
            Ok(readable) => readable,
            Err(error) => {
                segments.clear();
                self.spare.push(segments);
                return Err(error);
            }
        };
        self.budget -= 1;
        self.last_available = position.wrapping_add(1);
        self.in_flight += 1;
        let entry = self.publish_taken(InFlightChain { head, position });
        self.publish();
        Ok(Some(Chain { head, entry, position, segments, readable }))
    }

    fn store_used(&mut self, chain: &Chain, written: u32) -> Result<(), RingError> {
        let writable = chain.writable_len();
        if u64::from(written) > writable {
            return Err(RingError::WrittenTooMuch { head: chain.head, written, writable });
        }
        self.ring.store_used_element(self.used, chain.head, written)?;
        self.used = self.used.wrapping_add(1);
        self.ring.store_used_index(self.used)
    }

    /// For `map_err`: says which queue it was.
    fn named(&self) -> impl FnOnce(RingError) -> QueueError + use<> {
        let queue = self.index;
        move |error| QueueError { queue, error }
    }

    /// Whether there is a chain to pop; looks at the driver's index only if all known ones are taken.
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

    /// Shows that a chain is in flight; returns its entry in the table.
    fn publish_taken(&mut self, chain: InFlightChain) -> u16 {
        self.taken += 1;
        // Never zero, and in order for 2^32 chains.
        let number = u32::try_from(self.taken % u64::from(u32::MAX)).unwrap_or(0) + 1;
        // The ring holds no more chains than there are entries: that was checked when this one was found.
        let entry = self.free_entries.pop().unwrap_or(u16::MAX);
        self.published.publish_taken(entry, number, chain);
        entry
    }

    /// The chain is no longer in flight, and what it was made of is used again.
    fn recycle(&mut self, chain: Chain) {
        self.published.publish_returned(chain.entry);
        self.free_entries.push(chain.entry);
        let mut segments = chain.segments;
        segments.clear();
        self.spare.push(segments);
    }

    fn publish(&self) {
        self.published.publish_indices(&QueueIndices {
            last_available: self.last_available,
            shadow_available: self.shadow_available,
            used: self.used,
            in_flight: self.in_flight,
            signalled_used: self.decision.signalled_used(),
            wrap_counters: None,
        });
    }
}
