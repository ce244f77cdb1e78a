//! When to look for a back end again: soon at first, and then less and less often.

use std::time::{Duration, Instant};

/// A back end that is started anew by whoever watches over it is there in no time.
const FIRST: Duration = Duration::from_millis(10);
/// The longest that a guest waits for a back end that is there again. One that was there for as long was a good one.
const LONGEST: Duration = Duration::from_secs(1);

/// The next look.
#[derive(Debug)]
pub(super) struct Retry {
    met: Instant,
    at: Instant,
    pause: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        let now = Instant::now();
        Self { met: now, at: now, pause: FIRST }
    }
}

impl Retry {
    /// There is a back end.
    pub(super) fn met(&mut self) {
        self.met = Instant::now();
    }

    /// The back end has just gone. One that goes as soon as it comes is looked for as one that does not come.
    pub(super) fn lost(&mut self) {
        if self.met.elapsed() < LONGEST {
            return self.again();
        }
        self.pause = FIRST;
        self.at = Instant::now() + FIRST;
    }

    /// It was not there.
    pub(super) fn again(&mut self) {
        self.pause = (self.pause * 2).min(LONGEST);
        self.at = Instant::now() + self.pause;
    }

    /// How long until the next look.
    pub(super) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// It is time.
    pub(super) fn is_due(&self) -> bool {
        self.at <= Instant::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_become_rarer_and_never_too_rare() {
        let mut retry = Retry::default();
        let pauses: Vec<u128> = (0..9)
            .map(|_| {
                retry.again();
                retry.pause.as_millis()
            })
            .collect();
        assert_eq!(pauses, [20, 40, 80, 160, 320, 640, 1000, 1000, 1000]);
        assert!(!retry.is_due());
    }

    #[test]
    fn only_one_that_has_stayed_is_sought_soon() {
        let mut retry = Retry::default();
        retry.again();
        retry.met();
        retry.lost();
        assert_eq!(retry.pause, 4 * FIRST);
        retry.met = Instant::now().checked_sub(LONGEST).unwrap();
        retry.lost();
        assert_eq!(retry.pause, FIRST);
    }
}
