//! The tables of the selected machine.

use ratatui::style::Style;

use super::canvas::Canvas;
use super::{BAD, DIM, HEADER, name_part};
use crate::app::{App, Screen};
use crate::machine::{Link, Machine};
use crate::quantity::seconds;
use crate::table::{Table, Tone};
use crate::tables::{devices, statistics, vcpus};

/// How a row of this tone looks.
pub(super) fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Dim => DIM,
        Tone::Bad => BAD,
    }
}

/// Draws the selected machine; how many rows are really scrolled past.
pub(super) fn render(app: &App, canvas: &mut Canvas<'_>) -> usize {
    let Some(machine) = app.selected() else { return 0 };
    if let Some(notice) = notice(machine) {
        canvas.blank();
        for line in notice {
            lines(canvas, &line);
        }
        return 0;
    }
    let tables = tables(app, machine);
    if tables.is_empty() {
        canvas.blank();
        lines(canvas, nothing(app));
        return 0;
    }
    let needs: Vec<_> = tables.iter().map(|table| table.rows.len() + 1).collect();
    let rooms = share(canvas.room(), &needs);
    let mut offset = 0;
    let last = tables.len() - 1;
    for (index, (table, room)) in tables.into_iter().zip(rooms).enumerate() {
        // Scrolling moves the lowest table.
        offset = if index == last { app.offset } else { 0 };
        offset = draw(table, room, offset, canvas);
    }
    offset
}

/// Why there are no tables.
fn notice(machine: &Machine) -> Option<Vec<String>> {
    match &machine.link {
        Link::Connecting => Some(vec![format!("Connecting to {}.", machine.address())]),
        Link::Gone { reason, retry } => Some(vec![
            format!("{} is gone: {reason}.", machine.title()),
            format!("It is tried again after {}.", seconds(*retry)),
        ]),
        Link::Up => None,
    }
}

/// The tables that have something to show.
fn tables(app: &App, machine: &Machine) -> Vec<Table> {
    let choice = &app.effective_choice();
    let mut tables = match app.screen {
        Screen::Overview => {
            vec![devices(machine, choice, false), vcpus(machine, choice), statistics(machine, choice)]
        }
        Screen::Devices => vec![devices(machine, choice, true)],
        Screen::Vcpus => vec![vcpus(machine, choice)],
        Screen::Statistics => vec![statistics(machine, choice)],
    };
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// Why no table has anything to show.
fn nothing(app: &App) -> &'static str {
    match app.screen {
        _ if !app.effective_choice().filter.text().is_empty() => {
            "Nothing here passes the filter (Esc takes it away)."
        }
        Screen::Overview | Screen::Statistics => "Nothing has moved yet (z shows every statistic).",
        Screen::Devices => "This server counts nothing about devices.",
        Screen::Vcpus => "This machine has no vCPUs.",
    }
}

/// Words on as many lines as they take.
fn lines(canvas: &mut Canvas<'_>, text: &str) {
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + word.chars().count() + 3 > canvas.width() {
            canvas.line(&line, Style::new());
            line.clear();
        }
        line = format!("{line} {word}");
    }
    canvas.line(&line, Style::new());
}

/// Gives each table a line in turn until it has what it needs.
fn share(room: usize, needs: &[usize]) -> Vec<usize> {
    let mut rooms = vec![0; needs.len()];
    let mut left = room;
    while left > 0 {
        let before = left;
        for (room, &need) in rooms.iter_mut().zip(needs) {
            if *room < need && left > 0 {
                *room += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    rooms
}

/// Draws a table in `room` lines from row `offset` on, or from the last row on that leaves no line empty.
fn draw(mut table: Table, room: usize, offset: usize, canvas: &mut Canvas<'_>) -> usize {
    let rows = room.saturating_sub(1);
    let offset = offset.min(table.rows.len().saturating_sub(rows));
    let shown = offset..table.rows.len().min(offset + rows);
    name_part(&mut table, &shown);
    // The marks of the machine list have their place here, too.
    let widths = table.widths(canvas.width().saturating_sub(2));
    canvas.line(&format!("  {}", table.header(&widths)), HEADER);
    for row in table.rows.iter().skip(offset).take(rows) {
        canvas.line(&format!("  {}", table.row(row, &widths)), style(row.tone));
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn small_tables_are_shown_whole_and_large_ones_share_the_rest() {
        assert_eq!(share(19, &[6, 2, 40]), [6, 2, 11]);
        assert_eq!(share(19, &[300, 2, 40]), [9, 2, 8]);
        assert_eq!(share(100, &[6, 2, 40]), [6, 2, 40]);
        assert_eq!(share(0, &[6, 2]), [0, 0]);
        assert_eq!(share(5, &[]), [0; 0]);
    }
}
