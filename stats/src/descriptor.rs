//! What one statistic means.

use std::borrow::Cow;

use qapi_schema::stats::{StatsType, StatsUnit};

/// What a statistic means. A value stands for `value * base ^ exponent` units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// Its name, without the unit.
    pub name: Cow<'static, str>,
    /// How it behaves.
    pub kind: StatsType,
    /// What it counts, or for a histogram, what the sizes are measured in; `None` for a plain number.
    pub unit: Option<StatsUnit>,
    /// 10 or 2; `None` if the exponent is 0.
    pub base: Option<i8>,
    /// The exponent of the base.
    pub exponent: i16,
    /// The width of a bucket, for linear histograms only.
    pub bucket_size: Option<u32>,
    /// How many values it has: more than one for the buckets of a histogram.
    pub length: u16,
    /// What is counted, for people; `None` if only the kernel knows.
    pub description: Option<Cow<'static, str>>,
}

impl Descriptor {
    /// A count of what has happened: it only grows.
    pub const fn cumulative(name: &'static str, description: &'static str) -> Self {
        Self::plain(name, StatsType::Cumulative, 1, description)
    }

    /// How much there is right now: it goes up and down.
    pub const fn instant(name: &'static str, description: &'static str) -> Self {
        Self::plain(name, StatsType::Instant, 1, description)
    }

    /// The largest value so far.
    pub const fn peak(name: &'static str, description: &'static str) -> Self {
        Self::plain(name, StatsType::Peak, 1, description)
    }

    /// Counts of events by size, in `buckets` buckets that double: bucket 0 covers size 0, bucket N the sizes
    /// from 2^(N - 1) up to, but without, 2^N; the last bucket has no upper end.
    pub const fn log2_histogram(name: &'static str, buckets: u16, description: &'static str) -> Self {
        Self::plain(name, StatsType::Log2Histogram, buckets, description)
    }

    const fn plain(name: &'static str, kind: StatsType, length: u16, description: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            kind,
            unit: None,
            base: None,
            exponent: 0,
            bucket_size: None,
            length,
            description: Some(Cow::Borrowed(description)),
        }
    }

    /// The same, counting `unit`.
    #[must_use]
    pub const fn unit(mut self, unit: StatsUnit) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The same in multiples of `base ^ exponent` units: `scale(10, -9)` makes seconds nanoseconds.
    #[must_use]
    pub const fn scale(mut self, base: i8, exponent: i16) -> Self {
        self.base = if exponent == 0 { None } else { Some(base) };
        self.exponent = exponent;
        self
    }
}
