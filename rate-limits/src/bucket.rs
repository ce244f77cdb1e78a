//! A token bucket, as the time at which it will be full again: one number, and no clock of its own.

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;
/// Whoever has to wait waits so long at least, if the bucket does not run over meanwhile: several requests go at once then,
/// instead of one a wake-up.
const SHORTEST_WAIT: u64 = 1_000_000;

/// A bucket that `rate` tokens a second flow into, until it is full.
///
/// A request passes if one token is there, and takes as many as it costs: what is missing is a debt, which those behind it
/// wait for. So large requests need not wait for a bucket that small ones of other queues empty again and again, and one that
/// costs more than the bucket holds passes too. In any time, what passes is at most what flows in, the bucket's content, and
/// what the last request costs beyond its first token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Tokens a second.
    rate: u64,
    /// How long it takes to fill, in nanoseconds.
    fill_time: u64,
    /// When it will be full, in nanoseconds of the caller's clock; in the past if it is.
    full_at: u64,
}

impl Bucket {
    /// A full bucket for `capacity` tokens. Neither may be 0.
    pub(crate) fn new(rate: u64, capacity: u64) -> Self {
        let mut bucket = Self { rate, fill_time: 0, full_at: 0 };
        // Rounded down: what is not there does not pass. One token has to fit.
        bucket.fill_time = (bucket.time_for(capacity, 0)).max(bucket.time_of(1));
        bucket
    }

    /// When a request may pass that may not pass `now`.
    pub(crate) fn closed_until(&self, now: u64) -> Option<u64> {
        let open_at = self.full_at.saturating_add(self.time_of(1)).saturating_sub(self.fill_time);
        (open_at > now).then(|| open_at.max(now.saturating_add(SHORTEST_WAIT.min(self.fill_time / 2))))
    }

    /// Something passes that costs so many tokens.
    pub(crate) fn take(&mut self, now: u64, tokens: u64) {
        self.full_at = self.full_at.max(now).saturating_add(self.time_of(tokens));
    }

    /// How long it takes for so many tokens to flow in, rounded up.
    fn time_of(&self, tokens: u64) -> u64 {
        self.time_for(tokens, self.rate.saturating_sub(1))
    }

    fn time_for(&self, tokens: u64, round: u64) -> u64 {
        let time =
            (u128::from(tokens) * u128::from(SECOND) + u128::from(round)) / u128::from(self.rate.max(1));
        u64::try_from(time).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What passes of requests that come one behind the other, each as soon as it may: when, and its cost.
    fn serve(bucket: &mut Bucket, requests: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mut now = 0;
        let mut passed = Vec::new();
        for (pause, cost) in requests {
            now += pause;
            while let Some(until) = bucket.closed_until(now) {
                assert!(until > now, "a wait without end");
                now = until;
            }
            bucket.take(now, *cost);
            passed.push((now, *cost));
        }
        passed
    }

    /// The most that may pass in so many nanoseconds.
    fn most(rate: u64, capacity: u64, time: u64) -> u128 {
        u128::from(capacity) + u128::from(rate) * u128::from(time) / u128::from(SECOND)
    }

    proptest! {
        #[test]
        fn in_no_time_more_passes_than_flows_in_and_was_there(
            rate in prop_oneof![1_u64..100, 1_u64..1_000_000_000], capacity in 1_u64..100_000,
            requests in prop::collection::vec((0_u64..3_000_000_000, 1_u64..5_000), 1..40),
        ) {
            let passed = serve(&mut Bucket::new(rate, capacity), &requests);
            for first in 0..passed.len() {
                let mut before: u128 = 0;
                for (at, cost) in &passed[first..] {
                    let allowed = most(rate, capacity, at - passed[first].0);
                    // Its first token has to be there; the rest of the last one is a debt.
                    prop_assert!(before < allowed, "{before} and one more in {} ns, not {allowed}", at - passed[first].0);
                    before += u128::from(*cost);
                }
            }
        }

        #[test]
        fn of_requests_that_cost_one_token_exactly_as_many_pass_as_may(
            rate in 1_u64..10_000_000, capacity in 1_u64..1_000, count in 1_usize..300,
        ) {
            let passed = serve(&mut Bucket::new(rate, capacity), &vec![(0, 1); count]);
            for (index, (at, _)) in (1..).zip(&passed) {
                prop_assert!(index <= most(rate, capacity, *at));
            }
            // And it is not held back for longer than it has to be, but for the shortest wait and what rounding takes.
            let last = passed.last().map_or(0, |(at, _)| *at);
            let flowed = (count as u64).saturating_sub(capacity);
            prop_assert!(last <= flowed * (SECOND / rate + 1) + SHORTEST_WAIT + SECOND / rate + 1);
        }
    }

    #[test]
    fn what_is_larger_than_the_bucket_passes_and_leaves_a_debt() {
        let mut bucket = Bucket::new(1000, 100);
        assert_eq!(bucket.closed_until(0), None);
        bucket.take(0, 5_100);
        // 5000 tokens short, one more is wanted, and the bucket was full.
        assert_eq!(bucket.closed_until(0), Some(5_001 * (SECOND / 1000)));
        assert_eq!(bucket.closed_until(5_001 * (SECOND / 1000)), None);
    }

    #[test]
    fn a_quiet_time_fills_the_bucket_and_no_more_than_that() {
        let mut bucket = Bucket::new(10, 2);
        let later = 1000 * SECOND;
        for _ in 0..2 {
            assert_eq!(bucket.closed_until(later), None);
            bucket.take(later, 1);
        }
        assert_eq!(bucket.closed_until(later), Some(later + SECOND / 10));
    }

    #[test]
    fn numbers_at_the_edge_are_forever_and_not_a_panic() {
        let mut bucket = Bucket::new(1, u64::MAX);
        bucket.take(u64::MAX, u64::MAX);
        assert_eq!(bucket.closed_until(u64::MAX), None);
        let mut bucket = Bucket::new(1, 1);
        bucket.take(5, u64::MAX);
        assert!(bucket.closed_until(5).is_some_and(|until| until > u64::MAX / 2));
    }
}
