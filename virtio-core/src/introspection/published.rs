//! The copies that a device's threads keep up to date for monitors. Writing costs a few plain stores.

use super::in_flight::{InFlightChain, InFlightTable};
use super::sequence_lock::SequenceLock;
use crate::queue::{QueueCounters, RingForm, RingLayout};

/// A queue as it stood at one moment. All indices are the device's own copies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueSnapshot {
    /// The queue's number in its device.
    pub index: u16,
    /// The size until the driver chooses one.
    pub default_size: u16,
    /// Whether the driver has set QueueReady.
    pub ready: bool,
    /// Where the ring lies; zero addresses until the driver has said.
    pub layout: RingLayout,
    /// What happens on the ring.
    pub indices: QueueIndices,
    /// How often any of this has been published: two snapshots with the same number are the same.
    pub generation: u64,
}

/// The moving part of a queue. On a packed ring the indices are slots, below the size, and there is no index of the
/// driver's: `shadow_available` is `last_available`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueIndices {
    /// Free-running count of chains that the device has taken.
    pub last_available: u16,
    /// The driver's index when the device last looked at it.
    pub shadow_available: u16,
    /// Free-running count of chains given back.
    pub used: u16,
    /// Chains taken and not given back; on a packed ring their descriptors.
    pub in_flight: u16,
    /// The used index at the last decision whether to interrupt (with event index only), while it can be compared.
    pub signalled_used: Option<u16>,
    /// Chains (on a packed ring: descriptors) that the device knows to be available and has not taken.
    pub seen: u16,
    /// On a packed ring, the wrap counters that belong to the indices.
    pub wrap_counters: Option<WrapCounters>,
}

/// The device's wrap counters on a packed ring (virtio 1.3, 2.8.1). Both are true at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapCounters {
    /// Goes with the slot that the device will look at next.
    pub available: bool,
    /// Goes with the slot that the device will give back next.
    pub used: bool,
}

/// What is published of one queue. Written by the transport until the device starts, then by the device's thread.
#[derive(Debug)]
pub struct PublishedQueue {
    index: u16,
    default_size: u16,
    words: SequenceLock<6>,
    in_flight: InFlightTable,
    counters: QueueCounters,
}

/// The first of the words that hold [`QueueIndices`]; those before hold the layout.
const FIRST_INDEX_WORD: usize = 4;
/// In the word after the indices: above the 16 bits of `in_flight`.
const SIGNALLED_USED_VALID: u64 = 1 << 16;
/// In the same word, only set on a packed ring: the wrap counter is false.
const AVAILABLE_WRAP_CLEAR: u64 = 1 << 17;
/// As the one before.
const USED_WRAP_CLEAR: u64 = 1 << 18;
/// In the first word: above the 16 bits of the size.
const READY: u64 = 1 << 16;
/// In the first word: the ring is a packed one.
const PACKED: u64 = 1 << 17;

impl PublishedQueue {
    /// A queue that the driver has not set up.
    pub fn new(index: u16, default_size: u16) -> Self {
        let in_flight = InFlightTable::new(default_size);
        let (words, counters) = (SequenceLock::new([0; 6]), QueueCounters::default());
        let published = Self { index, default_size, words, in_flight, counters };
        published.reset();
        published
    }

    /// The queue is as it was at first.
    pub(crate) fn reset(&self) {
        self.publish_layout(&RingLayout { size: self.default_size, ..RingLayout::default() }, false);
        self.publish_indices(&QueueIndices::default());
        self.in_flight.clear_all();
    }

    /// The driver has set up the queue, or a part of it.
    pub(crate) fn publish_layout(&self, layout: &RingLayout, ready: bool) {
        let mut first = u64::from(layout.size) | if ready { READY } else { 0 };
        if layout.form == RingForm::Packed {
            first |= PACKED;
        }
        self.words.write(0, [first, layout.descriptor_area, layout.driver_area, layout.device_area]);
    }

    /// The device has moved an index.
    pub(crate) fn publish_indices(&self, indices: &QueueIndices) {
        let signalled = match indices.signalled_used {
            Some(used) => (u64::from(used), SIGNALLED_USED_VALID),
            None => (0, 0),
        };
        let moving = u64::from(indices.last_available)
            | u64::from(indices.shadow_available) << 16
            | u64::from(indices.used) << 32
            | signalled.0 << 48;
        let wrap = indices.wrap_counters.map_or(0, WrapCounters::to_bits);
        let counts = u64::from(indices.in_flight) | u64::from(indices.seen) << 32;
        self.words.write(FIRST_INDEX_WORD, [moving, counts | signalled.1 | wrap]);
    }

    /// The device has taken a chain, which stands in `entry` until it is given back. `number` counts the chains taken.
    pub(crate) fn publish_taken(&self, entry: u16, number: u64, chain: InFlightChain) {
        self.in_flight.set(entry, number, chain);
    }

    /// The chain of `entry` is no longer in flight.
    pub(crate) fn publish_returned(&self, entry: u16) {
        self.in_flight.clear(entry);
    }

    /// The chains in flight, in the order in which they were taken.
    pub fn in_flight(&self) -> Vec<InFlightChain> {
        self.in_flight.read()
    }

    /// What has happened on the queue so far. A reset of the device does not change it.
    pub fn counters(&self) -> &QueueCounters {
        &self.counters
    }

    /// The queue as it stands now.
    pub fn snapshot(&self) -> QueueSnapshot {
        let (words, generation) = self.words.read();
        let [first, descriptor_area, driver_area, device_area, moving, rest] = words;
        let packed = first & PACKED != 0;
        let form = if packed { RingForm::Packed } else { RingForm::Split };
        QueueSnapshot {
            index: self.index,
            default_size: self.default_size,
            ready: first & READY != 0,
            layout: RingLayout { form, size: part(first, 0), descriptor_area, driver_area, device_area },
            indices: QueueIndices {
                last_available: part(moving, 0),
                shadow_available: part(moving, 1),
                used: part(moving, 2),
                in_flight: part(rest, 0),
                signalled_used: (rest & SIGNALLED_USED_VALID != 0).then(|| part(moving, 3)),
                seen: part(rest, 2),
                wrap_counters: packed.then(|| WrapCounters::from_bits(rest)),
            },
            generation,
        }
    }
}

impl WrapCounters {
    fn to_bits(self) -> u64 {
        let available = if self.available { 0 } else { AVAILABLE_WRAP_CLEAR };
        let used = if self.used { 0 } else { USED_WRAP_CLEAR };
        available | used
    }

    fn from_bits(bits: u64) -> Self {
        Self { available: bits & AVAILABLE_WRAP_CLEAR == 0, used: bits & USED_WRAP_CLEAR == 0 }
    }
}

/// The 16 bits number `number` of a word, counted from the lowest.
fn part(word: u64, number: usize) -> u16 {
    let [b0, b1, b2, b3, b4, b5, b6, b7] = word.to_le_bytes();
    let parts = [[b0, b1], [b2, b3], [b4, b5], [b6, b7]];
    parts.get(number).copied().map_or(0, u16::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_published_is_what_is_read(
            size: u16, packed: bool, areas: (u64, u64, u64), ready: bool, wrap: (bool, bool),
            indices: (u16, u16, u16, u16), seen: u16, signalled_used: Option<u16>,
        ) {
            let published = PublishedQueue::new(3, 256);
            let (descriptor_area, driver_area, device_area) = areas;
            let form = if packed { RingForm::Packed } else { RingForm::Split };
            let layout = RingLayout { form, size, descriptor_area, driver_area, device_area };
            let wrap_counters = packed.then_some(WrapCounters { available: wrap.0, used: wrap.1 });
            let (last_available, shadow_available, used, in_flight) = indices;
            let indices =
                QueueIndices { last_available, shadow_available, used, in_flight, signalled_used, seen, wrap_counters };
            published.publish_layout(&layout, ready);
            published.publish_indices(&indices);
            // The beginning counts as two.
            let expected = QueueSnapshot { index: 3, default_size: 256, ready, layout, indices, generation: 4 };
            prop_assert_eq!(published.snapshot(), expected);
            published.reset();
            let reset = RingLayout { size: 256, ..RingLayout::default() };
            prop_assert_eq!(
                published.snapshot(),
                QueueSnapshot { index: 3, default_size: 256, layout: reset, generation: 6, ..QueueSnapshot::default() }
            );
        }
    }
}
