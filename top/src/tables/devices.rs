//! Devices and their queues.

use qapi_schema::statistics::StatisticsTarget;

use super::cell::{Aspect, cell};
use super::{Activity, Choice, Group, sorted};
use crate::machine::Machine;
use crate::quantity::float;
use crate::statistics::Object;
use crate::table::{Row, Table, Tone};

/// The median of the latest events.
const P50: Aspect = Aspect::Quantile(0.5);
/// What only one in a hundred of the latest events exceeds.
const P99: Aspect = Aspect::Quantile(0.99);

/// Header, statistic, and what of it is shown; what an operator asks for first comes first.
const COLUMNS: [(&str, &str, Aspect); 18] = [
    ("req/s", "requests", Aspect::Rate),
    ("read/s", "bytes-read", Aspect::Rate),
    ("write/s", "bytes-written", Aspect::Rate),
    ("kicks/s", "kicks", Aspect::Rate),
    ("irqs/s", "interrupts", Aspect::Rate),
    ("p50", "total", P50),
    ("p99", "total", P99),
    ("errors", "errors", Aspect::Total),
    ("wait p50", "kick-to-pop", P50),
    ("wait p99", "kick-to-pop", P99),
    ("work p50", "pop-to-completion", P50),
    ("work p99", "pop-to-completion", P99),
    ("irq p50", "completion-to-interrupt", P50),
    ("irq p99", "completion-to-interrupt", P99),
    ("chain", "descriptors-per-chain", P50),
    ("full", "queue-full", Aspect::Total),
    ("no bufs", "out-of-buffers", Aspect::Total),
    ("requests", "requests", Aspect::Total),
];

/// What a device has to do is how many requests it gets.
const ACTIVITY: &str = "requests";

/// The devices of `machine`, each with its queues if `queues`.
pub(crate) fn devices(machine: &Machine, choice: &Choice, queues: bool) -> Table {
    let devices: Vec<_> = machine.objects(StatisticsTarget::Device).collect();
    let named = |device: &&&Object| choice.filter.passes(&machine.label(&device.subject));
    let some_are_named = devices.iter().any(|device| named(&device));
    // A filter names devices or statistics.
    let columns: Vec<_> = COLUMNS
        .iter()
        .filter(|(_, statistic, _)| some_are_named || choice.filter.passes(statistic))
        .filter(|(_, statistic, _)| devices.iter().any(|device| device.reading(statistic).is_some()))
        .collect();
    let mut table = Table::default().words("device");
    for (header, _, _) in &columns {
        table = table.numbers(header);
    }
    let row = |label: String, object: &Object, tone| {
        let cells = columns.iter().map(|(_, statistic, aspect)| cell(object.reading(statistic), *aspect));
        Row { cells: std::iter::once(label).chain(cells).collect(), tone }
    };
    let shown =
        devices.iter().filter(|device| if some_are_named { named(device) } else { !columns.is_empty() });
    let groups = shown.map(|device| {
        let mut rows = vec![row(machine.label(&device.subject), device, Tone::Plain)];
        if queues {
            let mine = machine.objects(StatisticsTarget::Queue);
            let mine = mine.filter(|queue| queue.subject.path == device.subject.path);
            rows.extend(mine.map(|queue| {
                let number = queue.subject.queue.unwrap_or_default();
                row(format!("  queue {number}"), queue, Tone::Dim)
            }));
        }
        Group { activity: activity(device), rows }
    });
    table.rows = sorted(groups.collect(), choice.sort);
    table
}

fn activity(device: &Object) -> Activity {
    device.reading(ACTIVITY).map_or_else(Activity::default, |reading| Activity {
        rate: reading.rate.unwrap_or_default(),
        total: float(reading.total),
    })
}
