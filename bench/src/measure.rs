//! Medians of repeated measurements.

use crate::allocations;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Measurements of which the median is taken.
const SAMPLES: usize = 31;
/// How long one of them lasts, about.
const SAMPLE: Duration = Duration::from_millis(10);

/// What one call costs.
#[derive(Debug)]
pub(crate) struct Cost {
    /// Nanoseconds, the median.
    pub(crate) nanoseconds: f64,
    /// Allocations.
    pub(crate) allocations: u64,
}

/// Measures a call, again and again.
pub(crate) fn cost<T>(mut call: impl FnMut() -> T) -> Cost {
    let before = allocations::count();
    black_box(call());
    let allocations = allocations::count() - before;
    let calls = calls_per_sample(&mut call);
    let samples = (0..SAMPLES).map(|_| time(calls, &mut call).as_secs_f64() * 1e9 / f64::from(calls));
    Cost { nanoseconds: median(samples.collect()), allocations }
}

/// The one in the middle.
pub(crate) fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How many calls fill a sample. Also warms up.
fn calls_per_sample<T>(call: &mut impl FnMut() -> T) -> u32 {
    let mut calls = 1;
    while time(calls, call) < SAMPLE {
        calls *= 2;
    }
    calls
}

fn time<T>(calls: u32, call: &mut impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    start.elapsed()
}
