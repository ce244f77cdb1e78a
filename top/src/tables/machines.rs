//! The machines, a row each.

use qapi_schema::statistics::StatisticsTarget;

use super::cell::{Aspect, NOTHING, cell};
use super::merge::merged;
use super::{Activity, Choice};
use crate::machine::{Link, Machine};
use crate::quantity::{float, short};
use crate::statistics::Reading;
use crate::table::{Row, Table, Tone};

/// Header, statistic of all devices together, and what of it is shown.
const COLUMNS: [(&str, &str, Aspect); 5] = [
    ("req/s", "requests", Aspect::Rate),
    ("p99", "total", Aspect::Quantile(0.99)),
    ("read/s", "bytes-read", Aspect::Rate),
    ("write/s", "bytes-written", Aspect::Rate),
    ("irqs/s", "interrupts", Aspect::Rate),
];
/// How many of them there are in a narrow table, so that what is said last of a machine has room.
const NARROW_COLUMNS: usize = 1;
/// From this width on a table is not narrow.
const WIDE: usize = 120;

/// The machines in the order of the choice, and for each row the machine's place in `machines`.
pub(crate) fn machines(machines: &[Machine], choice: &Choice, width: usize) -> (Table, Vec<usize>) {
    let columns =
        COLUMNS.get(..if width < WIDE { NARROW_COLUMNS } else { COLUMNS.len() }).unwrap_or_default();
    let mut table = Table::default().words("machine").words("state").numbers("vCPUs").numbers("CPU");
    for (header, _, _) in columns {
        table = table.numbers(header);
    }
    table = table.words("busiest of vCPUs");
    let with_activity = |(place, machine)| (place, machine, activity(machine));
    let mut order: Vec<_> = machines.iter().enumerate().map(with_activity).collect();
    order.sort_by(|(_, _, left), (_, _, right)| choice.sort.compare(*left, *right));
    let rows = order.iter().map(|(_, machine, _)| {
        let sums = columns.iter().map(|(_, name, aspect)| cell(sum(machine, name).as_ref(), *aspect));
        let vcpus = match machine.vcpus().len() {
            0 => NOTHING.to_owned(),
            count => count.to_string(),
        };
        let mut cells =
            vec![machine.title().to_owned(), machine.state().to_owned(), vcpus, cpu_time(machine)];
        cells.extend(sums);
        cells.push(note(machine));
        let tone = if matches!(machine.link, Link::Gone { .. }) { Tone::Bad } else { Tone::Plain };
        Row { cells, tone }
    });
    table.rows = rows.collect();
    (table, order.into_iter().map(|(place, _, _)| place).collect())
}

/// The statistic `name` of all devices together.
fn sum(machine: &Machine, name: &str) -> Option<Reading> {
    let mut readings = machine.objects(StatisticsTarget::Device).filter_map(|device| device.reading(name));
    let first = readings.next()?;
    Some(merged(first, readings))
}

/// How much of every second the host works for the program: all times of its process together.
fn cpu_time(machine: &Machine) -> String {
    let readings = machine.objects(StatisticsTarget::Process).flat_map(|process| &process.readings);
    let mut times = readings.filter(|reading| reading.is_time());
    let Some(first) = times.next() else { return NOTHING.to_owned() };
    cell(Some(&merged(first, times)), Aspect::Rate)
}

/// What moves fastest, or why nothing does.
fn note(machine: &Machine) -> String {
    match &machine.link {
        Link::Gone { reason, .. } => reason.clone(),
        Link::Connecting => NOTHING.to_owned(),
        Link::Up => match super::vcpus::busiest(machine) {
            Some((rate, name)) => format!("{name} {}/s", short(rate)),
            None => NOTHING.to_owned(),
        },
    }
}

fn activity(machine: &Machine) -> Activity {
    let requests = sum(machine, "requests");
    let busiest = super::vcpus::busiest(machine).map_or(0.0, |(rate, _)| rate);
    let rate = requests.as_ref().and_then(|requests| requests.rate).unwrap_or_default() + busiest;
    Activity { rate, total: requests.map_or(0.0, |requests| float(requests.total)) }
}
