//! A few words that one thread writes and any number read, without a lock: the writer never waits.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::thread::yield_now;

/// `N` words that are always read as they stood together at one moment.
///
/// The sequence number is odd while the writer is at work. There must be one writer at a time: whoever owns the state
/// that the words are a copy of.
#[derive(Debug)]
pub(super) struct SequenceLock<const N: usize> {
    sequence: AtomicU64,
    words: [AtomicU64; N],
}

impl<const N: usize> SequenceLock<N> {
    pub(super) fn new(words: [u64; N]) -> Self {
        Self { sequence: AtomicU64::new(0), words: words.map(AtomicU64::new) }
    }

    /// Replaces the words from number `first` on.
    pub(super) fn write<const M: usize>(&self, first: usize, words: [u64; M]) {
        let sequence = self.sequence.load(Ordering::Relaxed);
        self.sequence.store(sequence.wrapping_add(1), Ordering::Relaxed);
        // Whoever reads one of the new words will also see the odd number.
        fence(Ordering::Release);
        for (target, word) in self.words.iter().skip(first).zip(words) {
            target.store(word, Ordering::Relaxed);
        }
        self.sequence.store(sequence.wrapping_add(2), Ordering::Release);
    }

    /// The words as they stood at one moment, and how many writes there had been. Tries again while the writer is in
    /// between, which is a few nanoseconds unless it has been preempted there.
    pub(super) fn read(&self) -> ([u64; N], u64) {
        loop {
            let before = self.sequence.load(Ordering::Acquire);
            let mut copy = [0; N];
            for (target, word) in copy.iter_mut().zip(&self.words) {
                *target = word.load(Ordering::Relaxed);
            }
            fence(Ordering::Acquire);
            if before.is_multiple_of(2) && self.sequence.load(Ordering::Relaxed) == before {
                return (copy, before / 2);
            }
            yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::thread;

    #[test]
    fn only_the_words_named_are_replaced() {
        let lock = SequenceLock::new([1, 2, 3, 4]);
        lock.write(1, [20, 30]);
        assert_eq!(lock.read(), ([1, 20, 30, 4], 1));
    }

    #[test]
    fn readers_never_see_half_a_write() {
        let lock = SequenceLock::new([0_u64; 4]);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let ([first, second, third, fourth], _) = lock.read();
                        assert_eq!((second, third, fourth), (first * 3, first * 5, first * 7));
                    }
                });
            }
            for value in 0..50_000 {
                lock.write(0, [value, value * 3, value * 5, value * 7]);
            }
            done.store(true, Ordering::Relaxed);
        });
        assert_eq!(lock.read().0[0], 49_999);
    }
}
