//! The tables as plain text.

use std::fmt::Write;

use crate::app::App;
use crate::machine::{Link, Machine};
use crate::table::Table;
use crate::tables::{devices, machines, statistics, vcpus};

/// Wider than any table: text is for other programs, and for a pager.
const WIDTH: usize = 4000;

/// Everything that the screens would show, machine by machine.
pub(crate) fn text(app: &App) -> String {
    let mut text = String::new();
    append(&mut text, &machines(app.machines(), &app.choice, WIDTH).0);
    for machine in app.machines().iter().filter(|machine| machine.link == Link::Up) {
        for table in tables(machine, app) {
            // Writing to a String does not fail.
            let _ = write!(text, "\n{}\n", machine.title());
            append(&mut text, &table);
        }
    }
    text
}

fn tables(machine: &Machine, app: &App) -> impl Iterator<Item = Table> {
    let tables =
        [devices(machine, &app.choice, true), vcpus(machine, &app.choice), statistics(machine, &app.choice)];
    tables.into_iter().filter(|table| !table.rows.is_empty())
}

fn append(text: &mut String, table: &Table) {
    let widths = table.widths(WIDTH);
    let rows = table.rows.iter().map(|row| table.row(row, &widths));
    for line in std::iter::once(table.header(&widths)).chain(rows) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}
