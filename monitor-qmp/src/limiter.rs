//! How often a kind of event is told: a matter of instants, without a clock of its own.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What has an interval of its own: the event's name, and whom it is about if that makes a difference.
pub(crate) type KindName = (&'static str, Option<String>);

/// Holds back events that come too fast; of each kind it keeps the last.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    kinds: BTreeMap<KindName, Kind>,
}

#[derive(Debug)]
struct Kind {
    interval: Duration,
    /// Until when no other is told.
    quiet_until: Instant,
    /// What will be told then.
    held: Option<Vec<u8>>,
}

impl Limiter {
    /// Returns `line` if it may be told at `now`; else keeps it, in place of an earlier one of its kind.
    pub(crate) fn admit(
        &mut self,
        name: KindName,
        interval: Duration,
        line: Vec<u8>,
        now: Instant,
    ) -> Option<Vec<u8>> {
        if let Some(kind) = self.kinds.get_mut(&name).filter(|kind| now < kind.quiet_until) {
            kind.held = Some(line);
            return None;
        }
        // Whom events are about comes and goes; those that could be told at once need no place.
        self.kinds.retain(|_, kind| kind.held.is_some() || now < kind.quiet_until);
        self.kinds.insert(name, Kind { interval, quiet_until: now + interval, held: None });
        Some(line)
    }

    /// When the next of those that are held back is due.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.kinds.values().filter(|kind| kind.held.is_some()).map(|kind| kind.quiet_until).min()
    }

    /// Takes what is due at `now`.
    pub(crate) fn take_due(&mut self, now: Instant) -> Vec<Vec<u8>> {
        let mut due = Vec::new();
        for kind in self.kinds.values_mut().filter(|kind| kind.quiet_until <= now) {
            if let Some(line) = kind.held.take() {
                kind.quiet_until = now + kind.interval;
                due.push(line);
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Tells the limiter of `line`, of the kind `A`.
    fn admit(limiter: &mut Limiter, line: &str, now: Instant) -> Option<String> {
        limiter.admit(("A", None), SECOND, line.into(), now).map(|line| String::from_utf8(line).unwrap())
    }

    #[test]
    fn the_first_goes_at_once_and_the_last_when_the_time_is_over() {
        let (mut limiter, start) = (Limiter::default(), Instant::now());
        assert_eq!(admit(&mut limiter, "1", start).as_deref(), Some("1"));
        assert_eq!(limiter.next_due(), None);
        assert_eq!(admit(&mut limiter, "2", start + SECOND / 4), None);
        assert_eq!(admit(&mut limiter, "3", start + SECOND / 2), None);
        assert_eq!(limiter.next_due(), Some(start + SECOND));
        assert!(limiter.take_due(start + SECOND - Duration::from_nanos(1)).is_empty());
        assert_eq!(limiter.take_due(start + SECOND), [b"3"]);
        // What was told late begins an interval of its own.
        assert_eq!(admit(&mut limiter, "4", start + SECOND * 3 / 2), None);
        assert_eq!(limiter.take_due(start + SECOND * 2), [b"4"]);
        assert_eq!(limiter.next_due(), None);
        assert!(limiter.take_due(start + SECOND * 9).is_empty());
        assert_eq!(admit(&mut limiter, "5", start + SECOND * 3).as_deref(), Some("5"));
    }

    #[test]
    fn a_new_one_takes_the_place_of_one_that_nobody_took() {
        let (mut limiter, start) = (Limiter::default(), Instant::now());
        admit(&mut limiter, "1", start);
        admit(&mut limiter, "2", start);
        assert_eq!(admit(&mut limiter, "3", start + SECOND).as_deref(), Some("3"));
        assert_eq!(limiter.next_due(), None);
    }

    #[test]
    fn kinds_do_not_hold_each_other_back() {
        let (mut limiter, start) = (Limiter::default(), Instant::now());
        admit(&mut limiter, "1", start);
        admit(&mut limiter, "2", start);
        let about_b = || ("A", Some("b".to_owned()));
        assert!(limiter.admit(about_b(), 2 * SECOND, b"b1".into(), start).is_some());
        assert!(limiter.admit(about_b(), 2 * SECOND, b"b2".into(), start).is_none());
        assert_eq!(limiter.next_due(), Some(start + SECOND));
        assert_eq!(limiter.take_due(start + SECOND), [b"2"]);
        assert_eq!(limiter.next_due(), Some(start + 2 * SECOND));
        assert_eq!(limiter.take_due(start + 2 * SECOND), [b"b2"]);
        // In time, nothing is kept of either.
        admit(&mut limiter, "3", start + 9 * SECOND);
        assert_eq!(limiter.kinds.len(), 1);
    }
}
