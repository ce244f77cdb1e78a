//! Virtqueues, the device's side: taking chains from the driver and giving them back.
//!
//! [`Queue`] is what a device works with, whichever form its ring has. What the two forms, `split` and `packed`, differ
//! in stands behind the trait in `ring`.

mod chain;
mod chain_io;
pub(crate) mod check;
mod counters;
pub(crate) mod descriptor;
mod error;
mod gather;
pub(crate) mod packed;
mod recorder;
mod ring;
pub(crate) mod split;

pub use chain::{Chain, Segment};
pub use chain_io::{ChainReader, ChainWriter};
pub use counters::{DESCRIPTOR_BUCKETS, QueueCounters, Stages, TIME_BUCKETS, TimeHistogram};
pub use error::{QueueError, RingError};
pub use ring::{RingForm, RingLayout};

use crate::GuestMemory;
use crate::interrupt::{Cause, Interrupt};
use crate::introspection::{InFlightChain, PublishedQueue};
use packed::PackedQueue;
use recorder::Recorder;
use ring::{Returned, Ring, Taken};
use split::SplitQueue;
use std::sync::Arc;

/// What a queue is made of.
#[derive(Clone, Debug)]
pub struct QueueConfiguration {
    /// The queue's number in its device.
    pub index: u16,
    /// The largest size that the device allows.
    pub maximum_size: u16,
    /// Where the driver has put the ring, and which form it has.
    pub layout: RingLayout,
    /// Whether the driver has acknowledged VIRTIO_F_INDIRECT_DESC.
    pub indirect_descriptors: bool,
    /// Whether the driver has acknowledged VIRTIO_F_EVENT_IDX.
    pub event_index: bool,
    /// Whether to take the times of requests.
    pub stage_clocks: bool,
}

/// One virtqueue. It is owned by the device's thread; monitors see what it publishes.
#[derive(Debug)]
pub struct Queue {
    index: u16,
    ring: Box<dyn Ring>,
    /// Chains that may still be popped before the runner has to look at its other duties.
    budget: u32,
    /// Entries of the published table without a chain: as many as the ring can have in flight.
    free_entries: Vec<u16>,
    /// Chains ever taken.
    taken: u64,
    /// Emptied segment lists, to be used again: no allocation per chain in steady state.
    spare: Vec<Vec<Segment>>,
    /// Room for chains that go back together; as `spare`, empty in between.
    returned: Vec<Returned>,
    /// The last look for a chain found none.
    ran_dry: bool,
    recorder: Recorder,
    published: Arc<PublishedQueue>,
    interrupt: Arc<dyn Interrupt>,
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
        interrupt: Arc<dyn Interrupt>,
    ) -> Result<Self, QueueError> {
        let index = configuration.index;
        let ring = make_ring(configuration, memory).map_err(|error| QueueError { queue: index, error })?;
        Ok(Self {
            index,
            free_entries: (0..ring.size()).rev().collect(),
            recorder: Recorder::new(configuration.stage_clocks, ring.size()),
            ring,
            budget: u32::MAX,
            taken: 0,
            spare: Vec::new(),
            returned: Vec::new(),
            ran_dry: false,
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
        let mut segments = self.spare.pop().unwrap_or_default();
        match self.ring.take(&mut segments).map_err(self.named()) {
            Ok(Some(taken)) => Ok(Some(self.new_chain(taken, segments))),
            nothing => {
                self.ran_dry = true;
                self.keep_spare(segments);
                nothing.map(|_| None)
            }
        }
    }

    /// Gives back the chain that was popped last, as if it had not been taken. Several go back in reverse order.
    ///
    /// # Errors
    /// A chain that is not the last one.
    pub fn undo_pop(&mut self, chain: Chain) -> Result<(), QueueError> {
        if chain.number != self.taken {
            return Err(self.named()(RingError::UndoOutOfOrder { head: chain.head }));
        }
        self.taken -= 1;
        self.ring.put_back(chain.slots);
        self.recorder.put_back(chain.slots, chain.arrival);
        self.recycle(chain);
        Ok(())
    }

    /// Gives a chain back to the driver, with the number of bytes written, counted from the first writable one.
    /// The driver sees it at once and hears of it at the next [`interrupt`](Self::interrupt).
    ///
    /// # Errors
    /// More bytes than the chain takes.
    pub fn complete(&mut self, chain: Chain, written: u32) -> Result<(), QueueError> {
        let returned = self.returned(&chain, written)?;
        self.ring.give_back(&[returned]).map_err(self.named())?;
        self.count(&chain, written);
        self.recycle(chain);
        Ok(())
    }

    /// Takes the first `count` of `chains` out and gives them back, as one answer of `written` bytes that fills each to its
    /// end before the next one has anything. The driver sees all of them or none.
    ///
    /// # Errors
    /// More bytes than the chains take.
    pub fn complete_together(
        &mut self,
        chains: &mut Vec<Chain>,
        count: usize,
        written: u32,
    ) -> Result<(), QueueError> {
        let count = count.min(chains.len());
        let mut returned = std::mem::take(&mut self.returned);
        let mut left = written;
        for chain in chains.iter().take(count) {
            let part = u32::try_from(chain.writable_len()).unwrap_or(u32::MAX).min(left);
            left -= part;
            returned.push(self.returned(chain, part)?);
        }
        if let (Some(first), 1..) = (chains.first(), left) {
            let (head, writable) = (first.head, u64::from(written - left));
            return Err(self.named()(RingError::WrittenTooMuch { head, written, writable }));
        }
        self.ring.give_back(&returned).map_err(self.named())?;
        for (chain, Returned { written, .. }) in chains.drain(..count).zip(returned.drain(..)) {
            self.count(&chain, written);
            self.recycle(chain);
        }
        self.returned = returned;
        Ok(())
    }

    /// As [`complete`](Self::complete), for a request that failed: the device could not do what the driver wanted, or
    /// has lost what it was given. Whether the driver is told is the device's affair; monitors count it.
    ///
    /// # Errors
    /// More bytes than the chain takes.
    pub fn complete_failed(&mut self, chain: Chain, written: u32) -> Result<(), QueueError> {
        self.counters().errors.add(1);
        self.complete(chain, written)
    }

    /// Counts something for the driver that was lost without a chain for it, for example because no buffer was large enough.
    pub fn count_loss(&mut self) {
        self.counters().errors.add(1);
    }

    /// Tells the driver that chains have come back, unless none has since the last time or the driver does not want
    /// to know (2.7.7, 2.8.10).
    ///
    /// # Errors
    /// The ring cannot be read.
    pub fn interrupt(&mut self) -> Result<(), QueueError> {
        let wanted = self.ring.wants_interrupt().map_err(self.named())?;
        if wanted {
            self.interrupt.raise(Cause::UsedBuffer(self.index));
        }
        if self.recorder.has_completed() {
            let now = self.recorder.now();
            self.recorder.settled(wanted, now, self.published.counters());
        }
        self.publish();
        Ok(())
    }

    /// A chain that the ring has found; monitors see it in flight from now on.
    fn new_chain(&mut self, taken: Taken, segments: Vec<Segment>) -> Chain {
        let Taken { head, position, slots, readable } = taken;
        let arrival = self.recorder.taken(slots, self.recorder.now());
        self.budget -= 1;
        self.taken += 1;
        // The ring holds no more chains than there are entries: it has checked that.
        let entry = self.free_entries.pop().unwrap_or(u16::MAX);
        self.published.publish_taken(entry, self.taken, InFlightChain { head, position });
        self.publish();
        Chain { head, entry, slots, number: self.taken, segments, readable, arrival }
    }

    /// The chain as the ring is to give it back.
    fn returned(&self, chain: &Chain, written: u32) -> Result<Returned, QueueError> {
        let Chain { head, slots, .. } = *chain;
        let writable = chain.writable_len();
        if u64::from(written) > writable {
            return Err(self.named()(RingError::WrittenTooMuch { head, written, writable }));
        }
        Ok(Returned { head, slots, written })
    }

    /// The chain has come back to the driver.
    fn count(&mut self, chain: &Chain, written: u32) {
        let counters = self.published.counters();
        counters.requests.add(1);
        counters.bytes_read.add(chain.readable_len());
        counters.bytes_written.add(written.into());
        counters.descriptors_per_chain.record(u64::try_from(chain.segments.len()).unwrap_or(u64::MAX));
        self.recorder.completed(chain.arrival, self.recorder.now(), counters);
    }

    fn counters(&self) -> &QueueCounters {
        self.published.counters()
    }

    /// The chain is no longer in flight, and what it was made of is used again.
    fn recycle(&mut self, chain: Chain) {
        self.published.publish_returned(chain.entry);
        self.free_entries.push(chain.entry);
        self.keep_spare(chain.segments);
        self.publish();
    }

    fn keep_spare(&mut self, mut segments: Vec<Segment>) {
        segments.clear();
        self.spare.push(segments);
    }

    /// For `map_err`: says which queue it was.
    fn named(&self) -> impl FnOnce(RingError) -> QueueError + use<> {
        let queue = self.index;
        move |error| QueueError { queue, error }
    }

    fn publish(&self) {
        self.published.publish_indices(&self.ring.indices());
    }
}

/// The runner's part of a queue: kicks, and the share of time that a queue may take.
impl Queue {
    /// So many kicks have come since the last time.
    pub(crate) fn kicked(&mut self, count: u64) {
        self.counters().kicks.add(count);
        self.recorder.kick_arrived(self.recorder.now());
    }

    /// The worker will be called for this queue: looks how much the driver has for it, and asks it not to kick
    /// meanwhile. That is a wish: kicks may still come.
    pub(crate) fn begin_service(&mut self) -> Result<(), QueueError> {
        self.ring.disable_kicks().map_err(self.named())?;
        let available = self.ring.look().map_err(self.named())?;
        self.recorder.turn_begins(available);
        if self.ring.indices().in_flight.saturating_add(available) >= self.size() {
            self.counters().queue_full.add(1);
        }
        Ok(())
    }

    /// The worker was called.
    pub(crate) fn end_service(&mut self) {
        self.recorder.turn_ends();
    }

    /// The worker was called to bring the driver something, and stopped.
    pub(crate) fn end_delivery(&mut self) {
        if self.ran_dry {
            self.counters().out_of_buffers.add(1);
        }
    }

    /// Asks the driver to kick for the next chain, and then looks again. True if chains have become available since
    /// the last look: there may be no kick for those.
    pub(crate) fn enable_kicks(&mut self) -> Result<bool, QueueError> {
        let more = self.ring.enable_kicks().map_err(self.named())?;
        self.publish();
        Ok(more)
    }

    /// Lets the worker pop as many chains as the ring has entries. A driver that refills the ring as fast as it is
    /// emptied must not keep the device's thread from being paused or stopped.
    pub(crate) fn begin_turn(&mut self) {
        self.budget = u32::from(self.size());
        self.ran_dry = false;
    }

    /// Whether the worker was cut short by the end of its turn.
    pub(crate) fn is_turn_over(&self) -> bool {
        self.budget == 0
    }
}

/// The ring that a queue works on.
fn make_ring(configuration: &QueueConfiguration, memory: GuestMemory) -> Result<Box<dyn Ring>, RingError> {
    Ok(match configuration.layout.form {
        RingForm::Split => Box::new(SplitQueue::new(configuration, memory)?),
        RingForm::Packed => Box::new(PackedQueue::new(configuration, memory)?),
    })
}

#[cfg(test)]
mod tests;
