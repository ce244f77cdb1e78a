//! Medians of repeated measurements.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::allocations;

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

/// Something to measure in turn with others.
pub(crate) struct Turn<'a> {
    name: String,
    /// How much of what is measured one call does.
    times: u32,
    call: Box<dyn FnMut() + 'a>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(name: &str, call: impl FnMut() + 'a) -> Self {
        Self { name: name.to_owned(), times: 1, call: Box::new(call) }
    }

    /// The same; one call does what is measured this often.
    pub(crate) fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }
}

/// What a turn costs.
#[derive(Debug)]
pub(crate) struct TurnCost {
    pub(crate) name: String,
    /// CPU time of this thread, the median.
    pub(crate) nanoseconds: f64,
    /// To the first turn, the median of the rounds.
    pub(crate) ratio: f64,
    /// Allocations of what is measured when it is not the first.
    pub(crate) allocations: u64,
}

/// Measures all, turn by turn in rounds, in CPU time of this thread: others on the host disturb all of them alike.
pub(crate) fn turns(mut turns: Vec<Turn<'_>>) -> Vec<TurnCost> {
    let calls: Vec<u32> = turns.iter_mut().map(|turn| calls_per_sample(&mut turn.call)).collect();
    let allocations: Vec<u64> = turns.iter_mut().map(allocations_of).collect();
    let mut samples = vec![Vec::new(); turns.len()];
    for _ in 0..SAMPLES {
        for ((turn, calls), samples) in turns.iter_mut().zip(&calls).zip(&mut samples) {
            let before = cpu_time();
            for _ in 0..*calls {
                (turn.call)();
            }
            let times = f64::from(*calls) * f64::from(turn.times);
            samples.push((cpu_time() - before).as_secs_f64() * 1e9 / times);
        }
    }
    let floor = samples.first().cloned().unwrap_or_default();
    let cost = |((turn, samples), allocations): ((Turn<'_>, Vec<f64>), u64)| TurnCost {
        name: turn.name,
        ratio: median(samples.iter().zip(&floor).map(|(sample, floor)| sample / floor).collect()),
        nanoseconds: median(samples),
        allocations,
    };
    turns.into_iter().zip(samples).zip(allocations).map(cost).collect()
}

fn allocations_of(turn: &mut Turn<'_>) -> u64 {
    let before = allocations::count();
    (turn.call)();
    (allocations::count() - before) / u64::from(turn.times)
}

fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
