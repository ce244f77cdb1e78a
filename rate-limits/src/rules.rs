//! The limits of a device as buckets.

use std::num::NonZeroU64;

use qapi_schema::rate_limits::{RateLimit, RateLimits};

use crate::bucket::Bucket;

/// Which way data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What a guest reads or receives.
    ToGuest,
    /// What it writes or sends.
    FromGuest,
}

/// What tokens stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Bytes,
    Operations,
}

/// All buckets of a device, full at the beginning.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// Operations larger than this count as several.
    operation_size: Option<NonZeroU64>,
}

#[derive(Debug)]
struct Rule {
    unit: Unit,
    /// Both, if none.
    direction: Option<Direction>,
    bucket: Bucket,
}

/// Without a burst of its own, what has not been used for so long may be used at once: a part of a second.
const USUAL_BURST_PART: u64 = 10;

impl Rules {
    /// The buckets for limits that were checked.
    pub(crate) fn new(limits: &RateLimits) -> Self {
        use Direction::{FromGuest, ToGuest};
        let all = [
            (Unit::Bytes, None, &limits.bytes),
            (Unit::Bytes, Some(ToGuest), &limits.bytes_to_guest),
            (Unit::Bytes, Some(FromGuest), &limits.bytes_from_guest),
            (Unit::Operations, None, &limits.operations),
            (Unit::Operations, Some(ToGuest), &limits.operations_to_guest),
            (Unit::Operations, Some(FromGuest), &limits.operations_from_guest),
        ];
        let rules = all.into_iter().flat_map(|(unit, direction, limit)| {
            let buckets = limit.iter().flat_map(buckets);
            buckets.map(move |bucket| Rule { unit, direction, bucket })
        });
        Self { rules: rules.collect(), operation_size: limits.operation_size.and_then(NonZeroU64::new) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// When something may go this way that may not go `now`.
    pub(crate) fn closed_until(&self, now: u64, direction: Direction) -> Option<u64> {
        let own = self.rules.iter().filter(|rule| rule.applies(direction));
        own.filter_map(|rule| rule.bucket.closed_until(now)).max()
    }

    /// An operation of so many bytes goes this way.
    pub(crate) fn take(&mut self, now: u64, direction: Direction, bytes: u64) {
        let operations = self.operation_size.map_or(1, |size| bytes.div_ceil(size.get()).max(1));
        for rule in self.rules.iter_mut().filter(|rule| rule.applies(direction)) {
            let tokens = match rule.unit {
                Unit::Bytes => bytes,
                Unit::Operations => operations,
            };
            rule.bucket.take(now, tokens);
        }
    }
}

impl Rule {
    fn applies(&self, direction: Direction) -> bool {
        self.direction.is_none_or(|own| own == direction)
    }
}

/// What passes in the long run; and how fast, where a burst may last for several seconds.
fn buckets(limit: &RateLimit) -> impl Iterator<Item = Bucket> + use<> {
    let part = |rate: u64| (rate / USUAL_BURST_PART).max(1);
    let seconds = u64::from(limit.burst_seconds.unwrap_or(1));
    let capacity = limit.burst.map_or(part(limit.rate), |burst| burst.saturating_mul(seconds));
    let peak = limit.burst.filter(|_| seconds > 1).map(|burst| Bucket::new(burst, part(burst)));
    [Bucket::new(limit.rate, capacity)].into_iter().chain(peak)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::unlimited;

    const SECOND: u64 = 1_000_000_000;

    fn limit(rate: u64, burst: Option<u64>, burst_seconds: Option<u32>) -> Option<RateLimit> {
        Some(RateLimit { rate, burst, burst_seconds })
    }

    /// How many operations of so many bytes pass at once.
    fn at_once(rules: &mut Rules, now: u64, direction: Direction, bytes: u64) -> usize {
        let pass = |_: &usize| {
            let open = rules.closed_until(now, direction).is_none();
            if open {
                rules.take(now, direction, bytes);
            }
            open
        };
        (0..1000).take_while(pass).count()
    }

    #[test]
    fn a_direction_is_held_back_by_its_own_limits_only() {
        let limits = RateLimits {
            operations_to_guest: limit(10, Some(20), None),
            bytes_from_guest: limit(1000, Some(1000), None),
            ..unlimited()
        };
        let mut rules = Rules::new(&limits);
        assert_eq!(at_once(&mut rules, 0, Direction::ToGuest, 1 << 20), 20);
        assert_eq!(
            at_once(&mut rules, 0, Direction::FromGuest, 300),
            4,
            "the fourth is the last to find something"
        );
    }

    #[test]
    fn a_limit_for_both_directions_counts_what_goes_either_way() {
        let limits = RateLimits { operations: limit(10, Some(6), None), ..unlimited() };
        let mut rules = Rules::new(&limits);
        for direction in [Direction::ToGuest, Direction::FromGuest].repeat(3) {
            assert_eq!(rules.closed_until(0, direction), None);
            rules.take(0, direction, 1);
        }
        assert!(rules.closed_until(0, Direction::ToGuest).is_some());
    }

    #[test]
    fn without_a_burst_a_tenth_of_a_second_may_be_had_at_once() {
        let limits = RateLimits { operations: limit(100, None, None), ..unlimited() };
        assert_eq!(at_once(&mut Rules::new(&limits), 0, Direction::ToGuest, 0), 10);
        let limits = RateLimits { operations: limit(1, None, None), ..unlimited() };
        assert_eq!(at_once(&mut Rules::new(&limits), 0, Direction::ToGuest, 0), 1);
    }

    #[test]
    fn a_burst_of_several_seconds_has_a_rate_of_its_own() {
        let limits = RateLimits { operations: limit(10, Some(100), Some(5)), ..unlimited() };
        let mut rules = Rules::new(&limits);
        let mut served = 0;
        for millisecond in 0..20_000 {
            let now = millisecond * SECOND / 1000;
            while rules.closed_until(now, Direction::ToGuest).is_none() {
                rules.take(now, Direction::ToGuest, 0);
                served += 1;
            }
            if millisecond == 4_000 {
                assert!((400..=410).contains(&served), "{served} at the burst's own rate");
            }
        }
        assert!((690..=700).contains(&served), "{served}: 500 of the burst, and 10 a second");
    }

    #[test]
    fn large_operations_count_as_several_if_that_is_wanted() {
        let limits =
            RateLimits { operations: limit(10, Some(10), None), operation_size: Some(4096), ..unlimited() };
        assert_eq!(at_once(&mut Rules::new(&limits), 0, Direction::ToGuest, 4097), 5);
        assert_eq!(at_once(&mut Rules::new(&limits), 0, Direction::ToGuest, 4096), 10);
        assert_eq!(at_once(&mut Rules::new(&limits), 0, Direction::ToGuest, 0), 10);
    }
}
