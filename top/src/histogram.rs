//! What a histogram says about the sizes that it counted.

use qapi_schema::stats::StatsType;

use crate::quantity::float;

/// How the buckets of a histogram are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Buckets {
    /// They double: 0, 1, 2 to 3, 4 to 7, and so on.
    Log2,
    /// They are equally wide.
    Linear {
        /// How wide.
        width: f64,
    },
}

impl Buckets {
    /// The buckets of a statistic of this type; none if it is no histogram.
    pub fn of(kind: StatsType, bucket_size: Option<u32>) -> Option<Self> {
        match kind {
            StatsType::Log2Histogram => Some(Self::Log2),
            StatsType::LinearHistogram => Some(Self::Linear { width: f64::from(bucket_size.unwrap_or(1)) }),
            StatsType::Cumulative | StatsType::Instant | StatsType::Peak => None,
        }
    }

    /// Where bucket number `index` begins.
    fn start(self, index: usize) -> f64 {
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        match self {
            Self::Log2 if index == 0 => 0.0,
            Self::Log2 => 2f64.powi(index - 1),
            Self::Linear { width } => width * f64::from(index),
        }
    }

    /// The size that the share `part` of all counted events does not exceed; in the bucket where that size lies, the
    /// events count as evenly spread. The last bucket has no end: of what is in it only its beginning is known.
    /// Nothing was counted: none.
    pub fn quantile(self, counts: &[u64], part: f64) -> Option<f64> {
        let total: f64 = counts.iter().copied().map(float).sum();
        if total == 0.0 {
            return None;
        }
        let mut before = 0.0;
        for (index, count) in counts.iter().copied().map(float).enumerate() {
            let wanted = total * part - before;
            if count > 0.0 && wanted <= count {
                let start = self.start(index);
                let end = if index + 1 == counts.len() { start } else { self.start(index + 1) };
                return Some(start + (end - start) * (wanted / count));
            }
            before += count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log2_buckets_double() {
        let bounds: Vec<_> = (0..5).map(|index| Buckets::Log2.start(index)).collect();
        assert_eq!(bounds, [0.0, 1.0, 2.0, 4.0, 8.0]);
    }

    #[test]
    fn quantiles_lie_in_the_bucket_where_the_events_are() {
        let counts = [0, 0, 0, 100, 0, 0];
        assert_eq!(Buckets::Log2.quantile(&counts, 0.5), Some(6.0));
        assert_eq!(Buckets::Log2.quantile(&counts, 1.0), Some(8.0));
        let linear = Buckets::Linear { width: 10.0 };
        assert_eq!(linear.quantile(&counts, 0.5), Some(35.0));
        assert_eq!(linear.quantile(&[98, 1, 1, 0], 0.99), Some(20.0));
    }

    #[test]
    fn the_last_bucket_has_no_end() {
        assert_eq!(Buckets::Log2.quantile(&[0, 0, 0, 7], 0.99), Some(4.0));
    }

    #[test]
    fn nothing_counted_has_no_quantile() {
        assert_eq!(Buckets::Log2.quantile(&[0; 32], 0.5), None);
        assert_eq!(Buckets::Log2.quantile(&[], 0.5), None);
    }

    #[test]
    fn counts_beyond_all_measure_are_survived() {
        assert_eq!(Buckets::Log2.quantile(&[u64::MAX; 3], 0.5).map(f64::round), Some(2.0));
    }
}
