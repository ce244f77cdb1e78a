//! vCPUs. What is counted about them is known to the kernel alone, so the columns are those of its statistics that
//! have moved most.

use std::collections::HashMap;

use qapi_schema::statistics::StatisticsTarget;

use super::cell::{Aspect, cell};
use super::{Activity, Choice, Group, sorted};
use crate::machine::Machine;
use crate::quantity::{Scale, float};
use crate::statistics::Reading;
use crate::table::{Row, Table, Tone};

/// Of so many columns one is about time, if times are counted.
const TIME_EVERY: usize = 3;

/// A vCPU, with what all providers say of it.
struct Vcpu<'a> {
    label: String,
    readings: Vec<&'a Reading>,
}

impl Vcpu<'_> {
    fn reading(&self, name: &str) -> Option<&Reading> {
        self.readings.iter().copied().find(|reading| reading.name == name)
    }
}

/// The vCPUs of `machine`.
pub(crate) fn vcpus(machine: &Machine, choice: &Choice) -> Table {
    let vcpus = gather(machine);
    let some_are_named = vcpus.iter().any(|vcpu| choice.filter.passes(&vcpu.label));
    let columns: Vec<_> =
        columns(&vcpus).into_iter().filter(|name| some_are_named || choice.filter.passes(name)).collect();
    let mut table = Table::default().words("vCPU");
    for name in &columns {
        table = table.numbers(name);
    }
    let shown = vcpus
        .iter()
        .filter(|vcpu| if some_are_named { choice.filter.passes(&vcpu.label) } else { !columns.is_empty() });
    let groups = shown.map(|vcpu| {
        let cells = columns.iter().map(|name| cell(vcpu.reading(name), Aspect::Rate));
        let cells = std::iter::once(vcpu.label.clone()).chain(cells).collect();
        Group { activity: activity(vcpu), rows: vec![Row { cells, tone: Tone::Plain }] }
    });
    table.rows = sorted(groups.collect(), choice.sort);
    table
}

/// The vCPUs that the machine has, also where nothing is counted about them, and then others that are counted.
fn gather(machine: &Machine) -> Vec<Vcpu<'_>> {
    let mut places = HashMap::new();
    let mut vcpus = Vec::new();
    for (number, path) in machine.vcpus().iter().enumerate() {
        places.insert(path.as_str(), vcpus.len());
        vcpus.push(Vcpu { label: format!("vCPU {number}"), readings: Vec::new() });
    }
    for object in machine.objects(StatisticsTarget::Vcpu) {
        let path = object.subject.path.as_deref().unwrap_or_default();
        let place = *places.entry(path).or_insert_with(|| {
            vcpus.push(Vcpu { label: machine.label(&object.subject), readings: Vec::new() });
            vcpus.len() - 1
        });
        if let Some(vcpu) = vcpus.get_mut(place) {
            vcpu.readings.extend(&object.readings);
        }
    }
    vcpus
}

/// The names of what is counted, what has moved most first: times and other things by turns, for they cannot be
/// compared.
fn columns(vcpus: &[Vcpu<'_>]) -> Vec<String> {
    let mut totals: HashMap<&str, (bool, f64)> = HashMap::new();
    for reading in vcpus.iter().flat_map(|vcpu| &vcpu.readings) {
        if reading.meaning.grows && reading.meaning.buckets.is_none() {
            let entry = totals.entry(&reading.name).or_insert((reading.is_time(), 0.0));
            entry.1 += float(reading.total);
        }
    }
    let mut moved: Vec<_> = totals.into_iter().filter(|(_, (_, total))| *total > 0.0).collect();
    moved.sort_by(|(left, (_, most)), (right, (_, least))| least.total_cmp(most).then(left.cmp(right)));
    let (times, events): (Vec<_>, Vec<_>) = moved.into_iter().partition(|(_, (is_time, _))| *is_time);
    let mut times = times.into_iter();
    let mut columns = Vec::new();
    for (index, event) in events.into_iter().enumerate() {
        columns.push(event);
        if (index + 2).is_multiple_of(TIME_EVERY) {
            columns.extend(times.next());
        }
    }
    columns.extend(times);
    columns.into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// What a vCPU has to do is how many things happen to it.
fn activity(vcpu: &Vcpu<'_>) -> Activity {
    let events = vcpu.readings.iter().filter(|reading| reading.meaning.grows && !reading.is_time());
    events.fold(Activity::default(), |sum, reading| Activity {
        rate: sum.rate + reading.rate.unwrap_or_default(),
        total: sum.total + float(reading.total),
    })
}

/// The rate of the statistic that moves fastest over all vCPUs of `machine`, and its name.
pub(super) fn busiest(machine: &Machine) -> Option<(f64, String)> {
    let mut rates: HashMap<&str, f64> = HashMap::new();
    for reading in machine.objects(StatisticsTarget::Vcpu).flat_map(|vcpu| &vcpu.readings) {
        if let Some(rate) = reading.rate.filter(|_| reading.meaning.scale == Scale::PLAIN) {
            *rates.entry(&reading.name).or_default() += rate;
        }
    }
    let faster =
        |left: &(&str, f64), right: &(&str, f64)| left.1.total_cmp(&right.1).then(right.0.cmp(left.0));
    let (name, rate) = rates.into_iter().filter(|(_, rate)| *rate > 0.0).max_by(faster)?;
    Some((rate, name.to_owned()))
}
