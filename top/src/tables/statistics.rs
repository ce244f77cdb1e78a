//! Every statistic, a row each: of one object, or of all objects of a sort together.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsUnit;

use super::cell::{Aspect, NOTHING, cell};
use super::merge::merged;
use super::{Activity, Choice, Sort};
use crate::machine::Machine;
use crate::quantity::{float, percent};
use crate::statistics::{Reading, Subject};
use crate::table::{Row, Table, Tone};

/// What the exact sum of a histogram's sizes is called, behind the histogram's own name.
const SUM: &str = "-sum";

/// A statistic before it is text.
struct Line<'a> {
    of: String,
    subject: &'a Subject,
    reading: Reading,
}

/// The statistics of `machine`.
pub(crate) fn statistics(machine: &Machine, choice: &Choice) -> Table {
    let mut lines = if choice.each { each(machine) } else { together(machine) };
    let means = take_means(&mut lines);
    lines.retain(|line| {
        let named = choice.filter.passes(&line.reading.name) || choice.filter.passes(&line.of);
        named && (choice.idle || line.reading.total > 0)
    });
    lines.sort_by(|left, right| compare(left, right, choice.sort));
    let events = lines.iter().filter(|line| class(&line.reading) == Class::Events);
    let all: f64 = events.filter_map(|line| line.reading.rate).sum();
    let mut table = Table::default()
        .words("statistic")
        .words("of")
        .numbers("rate/s")
        .numbers("total")
        .numbers("p50")
        .numbers("p99")
        .numbers("mean")
        .numbers("share")
        .words("about");
    let rows = lines.iter().map(|line| {
        let text = |aspect| cell(Some(&line.reading), aspect);
        let rate = line.reading.rate.filter(|_| class(&line.reading) == Class::Events && all > 0.0);
        let share = rate.map_or_else(|| NOTHING.to_owned(), |rate| percent(rate / all));
        let about = machine.statistics.description(line.subject, &line.reading.name).to_owned();
        let (p50, p99) = (text(Aspect::Quantile(0.5)), text(Aspect::Quantile(0.99)));
        let name = line.reading.name.clone();
        let mean = means
            .get(&(line.of.clone(), name.clone()))
            .map_or_else(|| NOTHING.to_owned(), |&mean| line.reading.meaning.scale.amount(mean));
        let of = line.of.clone();
        let cells = vec![name, of, text(Aspect::Rate), text(Aspect::Total), p50, p99, mean, share, about];
        Row { cells, tone: Tone::Plain }
    });
    table.rows = rows.collect();
    table
}

/// The mean size of the latest events, by whose and which histogram, from the sums, which are no lines of their own
/// then.
fn take_means(lines: &mut Vec<Line<'_>>) -> HashMap<(String, String), f64> {
    let histograms = lines.iter().filter(|line| line.reading.meaning.buckets.is_some());
    let key = |line: &Line<'_>, name: &str| (line.of.clone(), name.to_owned());
    let rates: HashMap<_, _> = histograms
        .map(|line| (key(line, &line.reading.name), line.reading.rate.unwrap_or_default()))
        .collect();
    let mut means = HashMap::new();
    lines.retain(|line| {
        let Some(name) = line.reading.name.strip_suffix(SUM) else { return true };
        let Some(&events) = rates.get(&key(line, name)) else { return true };
        if let Some(sum) = line.reading.rate.filter(|_| events > 0.0) {
            means.insert(key(line, name), sum / events);
        }
        false
    });
    means
}

/// Every statistic of every object.
fn each(machine: &Machine) -> Vec<Line<'_>> {
    let objects = machine.statistics.objects().iter();
    let lines = objects.flat_map(|object| {
        let of = machine.label(&object.subject);
        let line = move |reading: &Reading| Line {
            of: of.clone(),
            subject: &object.subject,
            reading: reading.clone(),
        };
        object.readings.iter().map(line)
    });
    lines.collect()
}

/// Every statistic of all objects of a sort. What a device counts its queues have counted: that is told once.
fn together(machine: &Machine) -> Vec<Line<'_>> {
    type Place<'a> = (StatisticsTarget, StatisticsProvider, &'a str);
    let mut sorts: BTreeMap<Place<'_>, Vec<(&Subject, &Reading)>> = BTreeMap::new();
    for object in machine.statistics.objects() {
        let Subject { target, provider, .. } = object.subject;
        for reading in &object.readings {
            sorts.entry((target, provider, &reading.name)).or_default().push((&object.subject, reading));
        }
    }
    let told: BTreeSet<_> = sorts.keys().copied().collect();
    let lines = sorts.into_iter().filter_map(|((target, provider, name), readings)| {
        if target == StatisticsTarget::Queue && told.contains(&(StatisticsTarget::Device, provider, name)) {
            return None;
        }
        let (&(subject, first), others) = readings.split_first()?;
        let of = match others.len() {
            0 => machine.label(subject),
            more => format!("{} {}", more + 1, plural(target)),
        };
        Some(Line { of, subject, reading: merged(first, others.iter().map(|(_, reading)| *reading)) })
    });
    lines.collect()
}

fn plural(target: StatisticsTarget) -> &'static str {
    match target {
        StatisticsTarget::Machine => "machines",
        StatisticsTarget::Vcpu => "vCPUs",
        StatisticsTarget::Device => "devices",
        StatisticsTarget::Queue => "queues",
        StatisticsTarget::Monitor => "monitors",
        StatisticsTarget::Process => "processes",
    }
}

/// What can be compared with each other; what an operator looks for first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Events,
    /// Histograms: what they count is mostly among the events already.
    Sizes,
    Bytes,
    Times,
    Levels,
}

fn class(reading: &Reading) -> Class {
    match reading.meaning.scale.unit {
        _ if !reading.meaning.grows => Class::Levels,
        _ if reading.meaning.buckets.is_some() => Class::Sizes,
        Some(StatsUnit::Bytes) => Class::Bytes,
        Some(StatsUnit::Seconds) => Class::Times,
        _ => Class::Events,
    }
}

fn compare(left: &Line<'_>, right: &Line<'_>, sort: Sort) -> Ordering {
    let activity = |reading: &Reading| {
        // A histogram counts events; its scale is that of their sizes.
        let factor = if reading.meaning.buckets.is_some() { 1.0 } else { reading.meaning.scale.factor };
        Activity { rate: reading.rate.unwrap_or_default() * factor, total: float(reading.total) * factor }
    };
    let by_name = || left.reading.name.cmp(&right.reading.name);
    if sort == Sort::Name {
        return by_name();
    }
    let by_class = class(&left.reading).cmp(&class(&right.reading));
    by_class.then_with(|| sort.compare(activity(&left.reading), activity(&right.reading))).then_with(by_name)
}
