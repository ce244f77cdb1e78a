//! The table: a row for each value that either monitor tells.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::explanations::explain;
use super::{Capture, THERE, Values};
use crate::monitor::Transport;

/// A value in both monitors.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    device: String,
    what: String,
    reference: Option<String>,
    ours: Option<String>,
    /// Why they differ; nothing if they do not, or if nobody knows.
    why: Option<&'static str>,
}

impl Row {
    fn differs(&self) -> bool {
        self.reference != self.ours
    }
}

/// All values of both monitors.
pub(crate) struct Table {
    title: String,
    rows: Vec<Row>,
}

impl Table {
    /// Puts both side by side.
    pub(crate) fn new(title: String, transport: Transport, reference: &Capture, ours: &Capture) -> Self {
        let devices: BTreeSet<_> = reference.devices.keys().chain(ours.devices.keys()).collect();
        let mut rows = Vec::new();
        for device in devices {
            let of = |capture: &Capture| capture.devices.get(device).cloned().unwrap_or_default();
            let (reference, ours) = (of(reference), of(ours));
            let (reference, ours) = (folded(&reference, &ours), folded(&ours, &reference));
            let names: BTreeSet<_> = reference.keys().chain(ours.keys()).collect();
            for what in names {
                let mut row = Row {
                    device: device.clone(),
                    what: what.clone(),
                    reference: reference.get(what).cloned(),
                    ours: ours.get(what).cloned(),
                    why: None,
                };
                if row.differs() {
                    row.why = explain(transport, device, what, row.reference.as_deref(), row.ours.as_deref());
                }
                rows.push(row);
            }
        }
        Self { title, rows }
    }

    /// The differences that nobody has explained.
    pub(crate) fn unexplained(&self) -> Vec<String> {
        let rows = self.rows.iter().filter(|row| row.differs() && row.why.is_none());
        rows.map(|row| {
            let (reference, ours) = (shown(row.reference.as_ref()), shown(row.ours.as_ref()));
            format!(
                "{}: {}: {reference} in QEMU, {ours} in ringscope, and nobody knows why",
                row.device, row.what
            )
        })
        .collect()
    }

    /// How many values are the same, and how many are not.
    pub(crate) fn summary(&self) -> String {
        let differing = self.rows.iter().filter(|row| row.differs()).count();
        format!("{} values the same, {differing} not", self.rows.len() - differing)
    }

    /// The table in Markdown: all rows, or those that differ. Values of one place that say the same share a row.
    pub(crate) fn markdown(&self, only_differences: bool) -> String {
        let mut text = format!("## {}\n\n{}.\n\n", self.title, self.summary());
        text.push_str("| device | value | QEMU | ringscope | why they differ |\n|---|---|---|---|---|\n");
        let mut rows: Vec<Row> = Vec::new();
        for row in self.rows.iter().filter(|row| row.differs() || !only_differences) {
            match rows.iter_mut().find(|known| alike(known, row)) {
                Some(known) => {
                    known.what.push_str(", ");
                    known.what.push_str(without_place(&row.what));
                }
                None => rows.push(row.clone()),
            }
        }
        for row in rows {
            let why = match row.why {
                Some(why) => why,
                None if row.differs() => "**unexplained**",
                None => "",
            };
            let (reference, ours) = (shown(row.reference.as_ref()), shown(row.ours.as_ref()));
            let _ = writeln!(text, "| {} | {} | {reference} | {ours} | {why} |", row.device, row.what);
        }
        text.push('\n');
        text
    }
}

/// The values, with one for each queue that the other monitor's device does not have instead of all of that queue's.
fn folded(values: &Values, other: &Values) -> Values {
    let place_of = |what: &str| what.split_once(": ").map(|(place, _)| place.to_owned());
    let places: BTreeSet<_> = other.keys().filter_map(|what| place_of(what)).collect();
    let fold = |(what, value): (&String, &String)| match place_of(what) {
        Some(place) if place.starts_with("queue ") && !places.contains(&place) => {
            (format!("queue: {:>2}", place.trim_start_matches("queue ")), THERE.to_owned())
        }
        _ => (what.clone(), value.clone()),
    };
    values.iter().map(fold).collect()
}

/// Values of one place of which the same is to be said.
fn alike(one: &Row, other: &Row) -> bool {
    let place = |row: &Row| row.what.split_once(": ").map(|(place, _)| place.to_owned());
    (&one.device, &one.reference, &one.ours, one.why)
        == (&other.device, &other.reference, &other.ours, other.why)
        && place(one).is_some_and(|place_of_one| Some(place_of_one) == place(other))
}

fn without_place(what: &str) -> &str {
    what.split_once(": ").map_or(what, |(_, name)| name)
}

fn shown(value: Option<&String>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| if value.is_empty() { "(empty)".to_owned() } else { value.clone() },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(values: &[(&str, &str)]) -> Capture {
        let values = values.iter().map(|(what, value)| ((*what).to_owned(), (*value).to_owned())).collect();
        Capture { devices: [("virtio-blk".to_owned(), values)].into() }
    }

    #[test]
    fn differences_are_explained_or_found() {
        let reference = capture(&[
            ("broken", "false"),
            ("host-features: VIRTIO_F_NOTIFY_ON_EMPTY", THERE),
            ("host-features: VIRTIO_F_ANY_LAYOUT", THERE),
            ("queue 0: used-idx", "17"),
            ("queue 10: used-idx", "17"),
            ("queue 0: last-avail-idx", "17"),
            ("queue 1: used-idx", "0"),
            ("queue 1: inuse", "0"),
            ("device-id", "2"),
        ]);
        let ours = capture(&[
            ("broken", "true"),
            ("device-id", "2"),
            ("queue 0: used-idx", "19"),
            ("queue 0: last-avail-idx", "19"),
            ("queue 10: used-idx", "17"),
        ]);
        let table = Table::new("A test".to_owned(), Transport::Mmio, &reference, &ours);
        assert_eq!(
            table.unexplained(),
            [
                "virtio-blk: broken: false in QEMU, true in ringscope, and nobody knows why",
                "virtio-blk: queue:  1: yes in QEMU, – in ringscope, and nobody knows why",
            ]
        );
        insta::assert_snapshot!(table.markdown(true));
        assert!(table.markdown(false).contains("| virtio-blk | device-id | 2 | 2 |  |"));
    }
}
