//! One statistic of many objects as if it were one object's.

use qapi_schema::stats::StatsUnit;

use crate::statistics::Reading;

/// The sum of `readings`, of which there is at least the first; of booleans, how many hold.
pub(super) fn merged<'a>(first: &Reading, others: impl Iterator<Item = &'a Reading>) -> Reading {
    let mut merged = first.clone();
    let mut count = 1;
    for reading in others {
        count += 1;
        merged.total = merged.total.saturating_add(reading.total);
        merged.rate = match (merged.rate, reading.rate) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        add(&mut merged.buckets, &reading.buckets);
        add(&mut merged.recent, &reading.recent);
    }
    if count > 1 && merged.meaning.scale.unit == Some(StatsUnit::Boolean) {
        merged.meaning.scale.unit = None;
    }
    merged
}

/// Adds bucket to bucket; who has none adds nothing.
fn add(sum: &mut Vec<u64>, buckets: &[u64]) {
    if sum.len() < buckets.len() {
        sum.resize(buckets.len(), 0);
    }
    for (sum, &count) in sum.iter_mut().zip(buckets) {
        *sum = sum.saturating_add(count);
    }
}
