//! Histograms over powers of two, in the form that KVM gives to its own.

use crate::Counter;
use std::array;

/// How often values of each magnitude were recorded, and their exact sum. Bucket 0 holds the value 0, bucket i the
/// values from 2^(i-1) to below 2^i, and the last bucket all that are larger as well.
#[derive(Debug)]
pub struct Log2Histogram<const BUCKETS: usize> {
    buckets: [Counter; BUCKETS],
    sum: Counter,
}

impl<const BUCKETS: usize> Log2Histogram<BUCKETS> {
    /// Records one value; only the calling thread ever may.
    pub fn record(&self, value: u64) {
        if let Some(bucket) = self.bucket_of(value) {
            bucket.add(1);
        }
        self.sum.add(value);
    }

    /// Records one value, whoever else records at the same time.
    pub fn record_shared(&self, value: u64) {
        if let Some(bucket) = self.bucket_of(value) {
            bucket.add_shared(1);
        }
        self.sum.add_shared(value);
    }

    /// The buckets, the smallest values first.
    pub fn buckets(&self) -> [u64; BUCKETS] {
        array::from_fn(|bucket| self.buckets.get(bucket).map_or(0, Counter::get))
    }

    /// The sum of all values recorded.
    pub fn sum(&self) -> u64 {
        self.sum.get()
    }

    fn bucket_of(&self, value: u64) -> Option<&Counter> {
        self.buckets.get(bucket_index(value, BUCKETS))
    }
}

impl<const BUCKETS: usize> Default for Log2Histogram<BUCKETS> {
    fn default() -> Self {
        Self { buckets: array::from_fn(|_| Counter::default()), sum: Counter::default() }
    }
}

/// The bucket for `value` in a histogram of `buckets` buckets (at least one).
const fn bucket_index(value: u64, buckets: usize) -> usize {
    // The number of bits that the value takes: at most 64.
    let magnitude = (u64::BITS - value.leading_zeros()) as usize;
    if magnitude < buckets { magnitude } else { buckets.saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Where the bucket begins and ends, from the definition; the last one has no end.
    fn holds(bucket: usize, buckets: usize, value: u64) -> bool {
        let exponent = u32::try_from(bucket).unwrap();
        let first = if bucket == 0 { 0 } else { 1_u128 << (exponent - 1) };
        let end = if bucket + 1 == buckets { 1 << 64 } else { 1_u128 << exponent };
        (first..end).contains(&u128::from(value))
    }

    proptest! {
        #[test]
        fn every_value_is_in_the_bucket_that_holds_it(value: u64, shift in 0_u32..64, buckets in 1_usize..70) {
            // Small values are as likely as large ones.
            let value = value >> shift;
            let index = bucket_index(value, buckets);
            prop_assert!(index < buckets);
            prop_assert!(holds(index, buckets, value));
        }

        #[test]
        fn nothing_recorded_is_lost(values in prop::collection::vec(0_u64..1 << 40, 0..50)) {
            let histogram = Log2Histogram::<16>::default();
            for value in &values {
                histogram.record(*value);
                histogram.record_shared(*value);
            }
            let count: u64 = histogram.buckets().iter().sum();
            prop_assert_eq!(count, 2 * u64::try_from(values.len()).unwrap());
            prop_assert_eq!(histogram.sum(), 2 * values.iter().sum::<u64>());
        }
    }

    #[test]
    fn a_boundary_belongs_to_the_bucket_above() {
        let histogram = Log2Histogram::<5>::default();
        [0, 1, 2, 3, 4, 7, 8, 15, 16, u64::MAX].into_iter().for_each(|value| histogram.record(value));
        assert_eq!(histogram.buckets(), [1, 1, 2, 2, 4]);
    }
}
