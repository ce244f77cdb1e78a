//! Whether it pays to do a transfer oneself rather than to have the kernel's threads do it.

use std::time::{Duration, Instant};

/// A transfer that takes longer than this waits for something: it has held up all others.
const LONG: Duration = Duration::from_millis(1);
/// So many transfers are then left to others before another one is tried.
const LEFT_TO_OTHERS: u32 = 256;

/// Remembers how transfers went that were done here.
#[derive(Debug, Default)]
pub(super) struct Patience {
    left_to_others: u32,
}

impl Patience {
    /// Does `work` here, unless it is to be left to others: `None`.
    pub(super) fn try_here<T>(&mut self, work: impl FnOnce() -> T) -> Option<T> {
        if self.left_to_others > 0 {
            self.left_to_others -= 1;
            return None;
        }
        let start = Instant::now();
        let result = work();
        self.took(start.elapsed());
        Some(result)
    }

    fn took(&mut self, time: Duration) {
        if time > LONG {
            self.left_to_others = LEFT_TO_OTHERS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_to_wait_leaves_the_next_ones_to_others_and_then_tries_again() {
        let mut patience = Patience::default();
        patience.took(LONG);
        assert_eq!(patience.try_here(|| 1), Some(1));
        patience.took(LONG + Duration::from_nanos(1));
        let left = (0..).take_while(|_| patience.try_here(|| ()).is_none()).count();
        assert_eq!(left, 256);
    }
}
