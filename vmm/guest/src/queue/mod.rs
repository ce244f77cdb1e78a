//! The driver side of a virtqueue, whichever form its ring has.
//!
//! Each request owns a fixed run of descriptors, so there is no free list: a request's head is all its driver needs to
//! know, and all that the device is believed about. On a packed ring the head is the buffer id.

mod packed;
mod split;

use crate::driver::Broken;
use crate::platform::Platform;
use packed::PackedQueue;
use split::SplitQueue;

/// Most entries the guest gives a queue.
pub(crate) const LARGEST: u16 = 64;
/// Distances of the descriptor, driver and device areas from the first one: room for `LARGEST` descriptors.
const AREAS: [u64; 3] = [0, 0x400, 0x800];

/// A part of a request.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    address: u64,
    length: u32,
    writable: bool,
}

impl Buffer {
    /// For the device to read.
    pub(crate) fn readable(address: u64, length: u32) -> Self {
        Self { address, length, writable: false }
    }

    /// For the device to write.
    pub(crate) fn writable(address: u64, length: u32) -> Self {
        Self { address, length, writable: true }
    }
}

/// A request that the device has given back.
#[derive(Clone, Copy)]
pub(crate) struct Completion {
    /// The head it was offered with, if the device tells the truth.
    pub(crate) head: u16,
    /// Bytes that the device says it has written.
    pub(crate) written: u32,
}

/// Where a queue is.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The first of its three areas.
    pub(crate) table: u64,
    /// Entries: a power of two up to [`LARGEST`].
    pub(crate) size: u16,
    /// The register that takes `index` when there is something new.
    pub(crate) notify: u64,
    /// The queue's number in its device.
    pub(crate) index: u16,
}

impl Place {
    fn notify<P: Platform>(&self, platform: &mut P) {
        platform.write_register(self.notify, u32::from(self.index));
    }
}

/// The features of rings that were negotiated.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) event_index: bool,
    pub(crate) indirect: bool,
    pub(crate) packed: bool,
}

/// A virtqueue in the guest's memory.
pub(crate) struct Queue {
    areas: [u64; 3],
    ring: Ring,
}

#[allow(clippy::large_enum_variant, reason = "there is no heap to box with, and a hundred bytes are nothing")]
enum Ring {
    Split(SplitQueue),
    Packed(PackedQueue),
}

impl Queue {
    /// A queue with nothing on it.
    pub(crate) fn new<P: Platform>(platform: &mut P, place: Place, options: Options) -> Self {
        let ring = if options.packed {
            Ring::Packed(PackedQueue::new(platform, place, options))
        } else {
            Ring::Split(SplitQueue::new(platform, place, options))
        };
        Self { areas: AREAS.map(|distance| place.table + distance), ring }
    }

    /// Guest-physical addresses of the descriptor area, the driver area and the device area.
    pub(crate) fn areas(&self) -> [u64; 3] {
        self.areas
    }

    /// Makes a chain of `buffers` available, in the descriptors from `head` on where these have fixed places;
    /// [`Queue::publish`] shows it to the device.
    pub(crate) fn offer<P: Platform>(&mut self, platform: &mut P, head: u16, buffers: &[Buffer]) {
        match &mut self.ring {
            Ring::Split(ring) => ring.offer(platform, head, buffers),
            Ring::Packed(ring) => ring.offer(platform, head, buffers),
        }
    }

    /// As [`Queue::offer`], but the chain stands in an indirect table at `table` where the device can do that.
    pub(crate) fn offer_indirect<P: Platform>(
        &mut self,
        platform: &mut P,
        head: u16,
        table: u64,
        buffers: &[Buffer],
    ) {
        match &mut self.ring {
            Ring::Split(ring) => ring.offer_indirect(platform, head, table, buffers),
            Ring::Packed(ring) => ring.offer_indirect(platform, head, table, buffers),
        }
    }

    /// Shows the device what was offered since, and notifies it if it wants that.
    pub(crate) fn publish<P: Platform>(&mut self, platform: &mut P) {
        match &mut self.ring {
            Ring::Split(ring) => ring.publish(platform),
            Ring::Packed(ring) => ring.publish(platform),
        }
    }

    /// The next request that the device has given back.
    pub(crate) fn take<P: Platform>(&mut self, platform: &mut P) -> Result<Option<Completion>, Broken> {
        match &mut self.ring {
            Ring::Split(ring) => ring.take(platform),
            Ring::Packed(ring) => ring.take(platform),
        }
    }
}
