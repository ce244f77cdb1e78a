//! A machine's statistics as they move: what two reports after each other say together.

use std::collections::HashMap;

use qapi_schema::statistics::{
    StatisticDescription, StatisticsObject, StatisticsProvider, StatisticsReport, StatisticsSchema,
    StatisticsTarget,
};
use qapi_schema::stats::{StatsType, StatsUnit, StatsValue};

use crate::histogram::Buckets;
use crate::quantity::{Scale, float};

/// What statistics are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The sort of object.
    pub target: StatisticsTarget,
    /// Who counts.
    pub provider: StatisticsProvider,
    /// The object's path in the object tree.
    pub path: Option<String>,
    /// The number of the queue.
    pub queue: Option<u16>,
    /// What else tells it from others.
    pub name: Option<String>,
}

impl Subject {
    fn of(object: &StatisticsObject) -> Self {
        Self {
            target: object.target,
            provider: object.provider,
            path: object.path.clone(),
            queue: object.queue,
            name: object.name.clone(),
        }
    }
}

/// How a statistic is to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meaning {
    /// It only grows, and so has a rate.
    pub grows: bool,
    /// What its value, or a histogram's sizes, are measured in.
    pub scale: Scale,
    /// How a histogram is cut.
    pub buckets: Option<Buckets>,
}

impl Meaning {
    /// Of a statistic that nobody has described: a number that goes up and down.
    const UNKNOWN: Self = Self { grows: false, scale: Scale::PLAIN, buckets: None };

    fn of(description: &StatisticDescription) -> Self {
        let factor = f64::from(description.base.unwrap_or(10)).powi(description.exponent.into());
        Self {
            grows: !matches!(description.type_, StatsType::Instant | StatsType::Peak),
            scale: Scale { unit: description.unit, factor },
            buckets: Buckets::of(description.type_, description.bucket_size),
        }
    }
}

/// A statistic of one object at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// How it is to be read.
    pub meaning: Meaning,
    /// Its value; of a histogram how many events it has counted.
    pub total: u64,
    /// By how much it grows a second; none where it does not count, or where there is nothing to compare with.
    pub rate: Option<f64>,
    /// A histogram's buckets.
    pub buckets: Vec<u64>,
    /// What was added to the buckets since the last report; empty where the rate is none.
    pub recent: Vec<u64>,
}

impl Reading {
    /// Whether it is a time that grows, and no distribution of times.
    pub(crate) fn is_time(&self) -> bool {
        let Meaning { grows, scale, buckets } = self.meaning;
        grows && buckets.is_none() && scale.unit == Some(StatsUnit::Seconds)
    }

    /// The size in units that the share `part` of the latest events does not exceed.
    pub fn quantile(&self, part: f64) -> Option<f64> {
        self.meaning.buckets?.quantile(&self.recent, part)
    }
}

/// The statistics of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// What they are about.
    pub subject: Subject,
    /// In the server's order.
    pub readings: Vec<Reading>,
}

impl Object {
    /// The statistic called `name`.
    pub fn reading(&self, name: &str) -> Option<&Reading> {
        self.readings.iter().find(|reading| reading.name == name)
    }
}

/// Who counts what about which sort of object.
type Key = (StatisticsProvider, StatisticsTarget, String);

/// The statistics of one machine.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    meanings: HashMap<Key, (Meaning, String)>,
    objects: Vec<Object>,
    /// The server's clock at the last report, in nanoseconds.
    time: Option<u64>,
}

impl Statistics {
    /// No reports yet, of statistics that mean this.
    pub fn new(schemas: &[StatisticsSchema]) -> Self {
        let mut new = Self::default();
        new.describe(schemas);
        new
    }

    /// From the next report on, statistics mean this.
    pub fn describe(&mut self, schemas: &[StatisticsSchema]) {
        let meanings = schemas.iter().flat_map(|schema| {
            let key = |name: &str| (schema.provider, schema.target, name.to_owned());
            schema.statistics.iter().map(move |statistic| {
                let about = statistic.description.clone().unwrap_or_default();
                (key(&statistic.name), (Meaning::of(statistic), about))
            })
        });
        self.meanings = meanings.collect();
    }

    /// The objects of the last report, in the server's order.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// What the server says about the statistic `name` of `subject`; nothing where only the kernel knows.
    pub fn description(&self, subject: &Subject, name: &str) -> &str {
        let key = (subject.provider, subject.target, name.to_owned());
        self.meanings.get(&key).map(|(_, about)| about.as_str()).unwrap_or_default()
    }

    /// Takes the next report. An object that it does not have is gone; one that is new has no rates yet.
    pub fn take(&mut self, report: &StatisticsReport) {
        let elapsed = self.time.and_then(|time| report.time.checked_sub(time)).filter(|&elapsed| elapsed > 0);
        let seconds = elapsed.map(|elapsed| float(elapsed) / 1e9);
        self.time = Some(report.time);
        let before: HashMap<Subject, Vec<Reading>> =
            self.objects.drain(..).map(|object| (object.subject, object.readings)).collect();
        let meanings = &self.meanings;
        let objects = report.objects.iter().map(|object| {
            let subject = Subject::of(object);
            let before = before.get(&subject).map(Vec::as_slice).unwrap_or_default();
            let readings = object.statistics.iter().enumerate().map(|(index, statistic)| {
                let key = (subject.provider, subject.target, statistic.name.clone());
                let meaning = meanings.get(&key).map_or(Meaning::UNKNOWN, |(meaning, _)| *meaning);
                // The order hardly ever changes.
                let same = |reading: &&Reading| reading.name == statistic.name;
                let before = before.get(index).filter(same).or_else(|| before.iter().find(same));
                reading(&statistic.name, meaning, &statistic.value, before.zip(seconds))
            });
            let readings = readings.collect();
            Object { subject, readings }
        });
        self.objects = objects.collect();
    }
}

/// A statistic with the value `value`, and with the reading before it and the seconds since then.
fn reading(name: &str, meaning: Meaning, value: &StatsValue, before: Option<(&Reading, f64)>) -> Reading {
    let (total, buckets) = match value {
        StatsValue::Scalar(value) => (*value, Vec::new()),
        StatsValue::Boolean(value) => (u64::from(*value), Vec::new()),
        StatsValue::List(values) => {
            (values.iter().fold(0, |sum: u64, &value| sum.saturating_add(value)), values.clone())
        }
    };
    let mut reading =
        Reading { name: name.to_owned(), meaning, total, rate: None, buckets, recent: Vec::new() };
    if let Some((before, seconds)) = before.filter(|_| meaning.grows) {
        if reading.buckets.is_empty() {
            reading.rate = advance(before.total, total).map(|advance| float(advance) / seconds);
        } else if let Some(recent) = advances(&before.buckets, &reading.buckets) {
            reading.rate = Some(recent.iter().copied().map(float).sum::<f64>() / seconds);
            reading.recent = recent;
        }
    }
    reading
}

/// How far a counter has moved. It may have gone past the end of its range and begun at zero again. None if it has
/// gone back: then it began anew, nobody knows when.
fn advance(before: u64, now: u64) -> Option<u64> {
    let advance = now.wrapping_sub(before);
    (advance <= u64::MAX / 2).then_some(advance)
}

/// The same for the buckets of a histogram.
fn advances(before: &[u64], now: &[u64]) -> Option<Vec<u64>> {
    if before.len() != now.len() {
        return None;
    }
    before.iter().zip(now).map(|(&before, &now)| advance(before, now)).collect()
}

#[cfg(test)]
#[path = "statistics_tests.rs"]
mod tests;
