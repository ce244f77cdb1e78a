//! Which chains a device has in its hands.

use std::sync::atomic::{AtomicU64, Ordering};

/// A chain that the device has taken and not given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlightChain {
    /// What the driver knows the chain by: its first descriptor's number, or on a packed ring its buffer id.
    pub head: u16,
    /// Where it was taken: the (free-running) available index, or on a packed ring the slot of its first descriptor.
    pub position: u16,
}

/// The chains in flight, each in an entry that the device's thread chooses for as long as it has the chain. The thread
/// stores one word a chain; readers copy word by word.
#[derive(Debug)]
pub(super) struct InFlightTable {
    /// Zero for an entry without a chain; otherwise number in order of taking, position and head.
    entries: Box<[AtomicU64]>,
}

impl InFlightTable {
    /// Room for `size` chains.
    pub(super) fn new(size: u16) -> Self {
        Self { entries: (0..size).map(|_| AtomicU64::new(0)).collect() }
    }

    /// There is a chain in this entry now. `number` counts the chains taken: later ones have larger ones.
    pub(super) fn set(&self, entry: u16, number: u64, chain: InFlightChain) {
        // Never zero, and in order for 2^32 chains.
        let number = number % u64::from(u32::MAX) + 1;
        let word = number << 32 | u64::from(chain.position) << 16 | u64::from(chain.head);
        self.store(entry, word);
    }

    /// There is none any more.
    pub(super) fn clear(&self, entry: u16) {
        self.store(entry, 0);
    }

    /// There is none anywhere.
    pub(super) fn clear_all(&self) {
        self.entries.iter().for_each(|entry| entry.store(0, Ordering::Relaxed));
    }

    /// The chains in the order in which they were taken. Each was in flight when its entry was read; while the device
    /// works, these moments differ.
    pub(super) fn read(&self) -> Vec<InFlightChain> {
        let words = self.entries.iter().map(|entry| entry.load(Ordering::Relaxed));
        let mut words: Vec<u64> = words.filter(|word| *word != 0).collect();
        words.sort_unstable();
        words.into_iter().map(chain_of).collect()
    }

    fn store(&self, entry: u16, word: u64) {
        if let Some(entry) = self.entries.get(usize::from(entry)) {
            entry.store(word, Ordering::Relaxed);
        }
    }
}

fn chain_of(word: u64) -> InFlightChain {
    let [h0, h1, p0, p1, ..] = word.to_le_bytes();
    InFlightChain { head: u16::from_le_bytes([h0, h1]), position: u16::from_le_bytes([p0, p1]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_read_in_the_order_in_which_they_were_taken() {
        let table = InFlightTable::new(4);
        let chain = |head, position| InFlightChain { head, position };
        table.set(3, 1, chain(0, 0));
        table.set(0, 2, chain(u16::MAX, 7));
        table.set(1, 3, chain(5, u16::MAX));
        table.clear(0);
        table.set(0, 4, chain(1, 1));
        table.set(9, 5, chain(2, 2));
        assert_eq!(table.read(), [chain(0, 0), chain(5, u16::MAX), chain(1, 1)]);
        table.clear_all();
        assert_eq!(table.read(), []);
    }
}
