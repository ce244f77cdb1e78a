//! Numbers that are counted on the way and read by others, without a lock on either side.

use std::sync::atomic::{AtomicU64, Ordering};

/// A count that only grows. Readers see a value that it had a moment ago; of two counters read one after the other,
/// either may be the newer.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds `amount`, for a counter that only this thread changes: a load and a store, and nothing that other
    /// processors have to hear of. Of two threads that did this at once, one would lose its share.
    pub fn add(&self, amount: u64) {
        self.0.store(self.get().wrapping_add(amount), Ordering::Relaxed);
    }

    /// Adds `amount`, whoever else adds to it at the same time.
    pub fn add_shared(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    /// The count so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn threads_that_share_a_counter_lose_nothing() {
        let counter = Counter::default();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..10_000).for_each(|_| counter.add_shared(3)));
            }
        });
        assert_eq!(counter.get(), 120_000);
        counter.add(5);
        assert_eq!(counter.get(), 120_005);
    }
}
