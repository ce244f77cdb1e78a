//! When to look for a back end again: soon at first, and then less and less often.

use std::time::{Duration, Instant};

/// A back end that is started anew by whoever watches over it is there in no time.
const FIRST: Duration = Duration::from_millis(10);
/// The longest that a guest waits for a back end that is there again.
const LONGEST: Duration = Duration::from_secs(1);

/// The next look.
#[derive(Debug)]
pub(super) struct Retry {
    at: Instant,
    pause: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { at: Instant::now(), pause: FIRST }
    }
}

impl Retry {
    /// The back end has just gone.
    pub(super) fn begin(&mut self) {
        *self = Self { at: Instant::now() + FIRST, pause: FIRST };
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
        retry.begin();
        assert!(!retry.is_due());
        let pauses: Vec<u128> = (0..9)
            .map(|_| {
                retry.again();
                retry.pause.as_millis()
            })
            .collect();
        assert_eq!(pauses, [20, 40, 80, 160, 320, 640, 1000, 1000, 1000]);
        retry.begin();
        assert_eq!(retry.pause, FIRST);
    }
}
