//! The copies that a device's threads keep up to date for monitors. Writing costs a few plain stores.

use super::sequence_lock::SequenceLock;
use crate::queue::RingLayout;

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
}

/// The moving part of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueIndices {
    /// Free-running count of chains that the device has taken.
    pub last_available: u16,
    /// The driver's index when the device last looked at it.
    pub shadow_available: u16,
    /// Free-running count of chains given back.
    pub used: u16,
    /// Chains taken and not given back.
    pub in_flight: u16,
    /// The used index at the last decision whether to interrupt (with event index only), while it can be compared.
    pub signalled_used: Option<u16>,
}

/// What is published of one queue. Written by the transport until the device starts, then by the device's thread.
#[derive(Debug)]
pub struct PublishedQueue {
    index: u16,
    default_size: u16,
    words: SequenceLock<6>,
}

/// The first of the words that hold [`QueueIndices`]; those before hold the layout.
const FIRST_INDEX_WORD: usize = 4;
/// In the word after the indices: above the 16 bits of `in_flight`.
const SIGNALLED_USED_VALID: u64 = 1 << 16;
/// In the first word: above the 16 bits of the size.
const READY: u64 = 1 << 16;

impl PublishedQueue {
    /// A queue that the driver has not set up.
    pub fn new(index: u16, default_size: u16) -> Self {
        let published = Self { index, default_size, words: SequenceLock::new([0; 6]) };
        published.reset();
        published
    }

    /// The queue is as it was at first.
    pub(crate) fn reset(&self) {
        self.publish_layout(&RingLayout { size: self.default_size, ..RingLayout::default() }, false);
        self.publish_indices(&QueueIndices::default());
    }

    /// The driver has set up the queue, or a part of it.
    pub(crate) fn publish_layout(&self, layout: &RingLayout, ready: bool) {
        let size = u64::from(layout.size) | if ready { READY } else { 0 };
        self.words.write(0, [size, layout.descriptor_area, layout.driver_area, layout.device_area]);
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
        self.words.write(FIRST_INDEX_WORD, [moving, u64::from(indices.in_flight) | signalled.1]);
    }

    /// The queue as it stands now.
    pub fn snapshot(&self) -> QueueSnapshot {
        let [size, descriptor_area, driver_area, device_area, moving, rest] = self.words.read();
        QueueSnapshot {
            index: self.index,
            default_size: self.default_size,
            ready: size & READY != 0,
            layout: RingLayout { size: part(size, 0), descriptor_area, driver_area, device_area },
            indices: QueueIndices {
                last_available: part(moving, 0),
                shadow_available: part(moving, 1),
                used: part(moving, 2),
                in_flight: part(rest, 0),
                signalled_used: (rest & SIGNALLED_USED_VALID != 0).then(|| part(moving, 3)),
            },
        }
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
            size: u16, areas: (u64, u64, u64), ready: bool,
            indices: (u16, u16, u16, u16), signalled_used: Option<u16>,
        ) {
            let published = PublishedQueue::new(3, 256);
            let (descriptor_area, driver_area, device_area) = areas;
            let layout = RingLayout { size, descriptor_area, driver_area, device_area };
            let (last_available, shadow_available, used, in_flight) = indices;
            let indices = QueueIndices { last_available, shadow_available, used, in_flight, signalled_used };
            published.publish_layout(&layout, ready);
            published.publish_indices(&indices);
            let expected = QueueSnapshot { index: 3, default_size: 256, ready, layout, indices };
            prop_assert_eq!(published.snapshot(), expected);
            published.reset();
            let reset = RingLayout { size: 256, ..RingLayout::default() };
            prop_assert_eq!(
                published.snapshot(),
                QueueSnapshot { index: 3, default_size: 256, layout: reset, ..QueueSnapshot::default() }
            );
        }
    }
}
