//! A thread that asks, and what it holds back.

use std::os::fd::RawFd;
use std::sync::Arc;

use crate::alarm::{Alarm, now};
use crate::limiter::Limiter;
use crate::rules::Direction;
use crate::statistics::HeldBack;

/// A thread's way to ask whether something may go on. It never waits: what may not is kept by the thread, which asks again
/// when its alarm has gone off.
#[derive(Debug)]
pub struct Waiter {
    limiter: Arc<Limiter>,
    alarm: Arc<Alarm>,
}

impl Waiter {
    pub(crate) fn new(limiter: Arc<Limiter>, alarm: Arc<Alarm>) -> Self {
        Self { limiter, alarm }
    }

    /// Whether something of so many bytes may go this way now. If so, it counts as gone; if not, the alarm is set.
    pub fn pass(&self, direction: Direction, bytes: u64) -> bool {
        !self.limiter.is_limited() || self.limiter.ask(&self.alarm, direction, Some(bytes))
    }

    /// As [`pass`](Self::pass), for a queue that waits as a whole: `held` is there while it does. Without `bytes` it is not known
    /// yet how much it is, and what comes of it has to be [charged](Self::charge).
    pub fn pass_or_hold(&self, held: &mut Option<Wait>, direction: Direction, bytes: Option<u64>) -> bool {
        let open = !self.limiter.is_limited() || self.limiter.ask(&self.alarm, direction, bytes);
        if open {
            *held = None;
        } else {
            held.get_or_insert_with(|| self.hold());
        }
        open
    }

    /// So much has gone this way.
    pub fn charge(&self, direction: Direction, bytes: u64) {
        self.limiter.charge(direction, bytes);
    }

    /// Readable when the alarm has gone off, until it is [put off](Self::put_off). It stays open as long as this is there.
    pub fn source(&self) -> RawFd {
        self.alarm.as_raw_fd()
    }

    /// Whether the alarm was set, and may have gone off.
    pub fn is_set(&self) -> bool {
        self.alarm.is_set()
    }

    /// Puts the alarm off: whoever does that asks for everything that it holds back.
    pub fn put_off(&self) {
        if self.is_set() {
            self.limiter.put_off(&self.alarm);
        }
    }

    /// Something is held back from now on, until what this returns is dropped.
    pub fn hold(&self) -> Wait {
        self.limiter.counters().for_each(HeldBack::begin);
        Wait { limiter: Arc::clone(&self.limiter), since: now() }
    }
}

/// Something that is held back.
#[derive(Debug)]
#[must_use = "what is dropped is held back no longer"]
pub struct Wait {
    limiter: Arc<Limiter>,
    since: u64,
}

impl Drop for Wait {
    fn drop(&mut self) {
        let time = now().saturating_sub(self.since);
        self.limiter.counters().for_each(|counters| counters.end(time));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::unlimited;
    use qapi_schema::rate_limits::{RateLimit, RateLimits};
    use rustix::event::{PollFd, PollFlags, poll};
    use std::os::fd::BorrowedFd;
    use std::thread;

    /// The first request passes, and leaves a debt of more time than any test takes.
    fn narrow() -> RateLimits {
        let bytes = RateLimit { rate: 1, burst: None, burst_seconds: None };
        RateLimits { bytes: Some(bytes), ..unlimited() }
    }

    #[allow(unsafe_code, reason = "the waiter keeps its descriptor open")]
    fn rang(waiter: &Waiter) -> bool {
        // SAFETY: the waiter is there, and with it its alarm.
        let source = unsafe { BorrowedFd::borrow_raw(waiter.source()) };
        let now = rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 };
        poll(&mut [PollFd::new(&source, PollFlags::IN)], Some(&now)).unwrap() > 0
    }

    #[test]
    fn without_a_limit_everything_passes_and_no_alarm_is_set() {
        let limiter = Arc::new(Limiter::default());
        let waiter = limiter.waiter().unwrap();
        assert!((0..1000).all(|_| waiter.pass(Direction::ToGuest, 1 << 40)));
        assert!(!waiter.is_set());
    }

    #[test]
    fn other_limits_ring_the_alarm_of_those_who_wait_and_of_nobody_else() {
        let limiter = Arc::new(Limiter::default());
        limiter.set(narrow()).unwrap();
        let (waiter, other) = (limiter.waiter().unwrap(), limiter.waiter().unwrap());
        assert!(waiter.pass(Direction::ToGuest, 1 << 40));
        assert!(!waiter.pass(Direction::FromGuest, 1), "both directions count");
        assert!(waiter.is_set() && !rang(&waiter));
        limiter.set(unlimited()).unwrap();
        assert!(rang(&waiter) && !rang(&other));
        waiter.put_off();
        assert!(!rang(&waiter) && !waiter.is_set());
        assert!(waiter.pass(Direction::FromGuest, 1));
    }

    #[test]
    fn limits_that_make_no_sense_change_nothing() {
        let limiter = Limiter::default();
        limiter.set(narrow()).unwrap();
        let none = RateLimit { rate: 0, burst: None, burst_seconds: None };
        assert!(limiter.set(RateLimits { operations: Some(none), ..unlimited() }).is_err());
        assert_eq!(limiter.limits(), narrow());
    }

    #[test]
    fn what_is_held_back_is_counted() {
        let (limiter, together) = (Arc::new(Limiter::default()), Arc::default());
        limiter.count_together(&together);
        let waiter = limiter.waiter().unwrap();
        let (first, second) = (waiter.hold(), waiter.hold());
        drop(first);
        for counters in [limiter.held_back(), &together] {
            assert_eq!((counters.waiting(), counters.ever()), (1, 2));
            assert!(counters.nanoseconds() > 0);
        }
        drop(second);
        assert_eq!((limiter.held_back().waiting(), together.waiting()), (0, 0));
    }

    /// A change that comes between a refusal and the alarm would be missed without the lock, and the thread wait for ever.
    #[test]
    fn a_change_at_any_moment_is_noticed() {
        for _ in 0..200 {
            let limiter = Arc::new(Limiter::default());
            limiter.set(narrow()).unwrap();
            limiter.charge(Direction::ToGuest, 1 << 40);
            let waiter = limiter.waiter().unwrap();
            thread::scope(|scope| {
                scope.spawn(|| limiter.set(unlimited()).unwrap());
                while !waiter.pass(Direction::ToGuest, 1) {
                    // SAFETY: the waiter is there, and with it its alarm.
                    #[allow(unsafe_code, reason = "the waiter keeps its descriptor open")]
                    let source = unsafe { BorrowedFd::borrow_raw(waiter.source()) };
                    poll(&mut [PollFd::new(&source, PollFlags::IN)], None).unwrap();
                    waiter.put_off();
                }
            });
        }
    }
}
