//! The screen: a pure function of the state and the size.

mod body;
mod canvas;
mod help;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use self::canvas::Canvas;
use crate::app::{App, Screen};
use crate::machine::{Link, Machine};
use crate::quantity::seconds;
use crate::table::Table;
use crate::tables;

/// The least number of machines that the list shows at once, if there are as many.
const LEAST_LISTED: usize = 3;
/// The list takes at most this part of the screen.
const LISTED_PART: usize = 4;

const TITLE: Style = Style::new().add_modifier(Modifier::BOLD);
const HEADER: Style = Style::new().add_modifier(Modifier::REVERSED);
const SELECTED: Style = Style::new().add_modifier(Modifier::BOLD);
const DIM: Style = Style::new().fg(Color::DarkGray);
const BAD: Style = Style::new().fg(Color::Red);

/// The keys, for the last line.
const KEYS: &str = " q quit  Tab screen  ←→ machine  s sort  f filter  z idle  e each  ? help";

/// Draws `app` into `area`; how many rows are really scrolled past.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) -> usize {
    let mut canvas = Canvas::new(area, buffer);
    canvas.line(&title(app, canvas.width()), TITLE);
    machine_list(app, &mut canvas);
    canvas.line(&tabs(app), Style::new());
    canvas.reserve_last_line();
    let offset = if app.help {
        help::render(&mut canvas);
        app.offset
    } else {
        body::render(app, &mut canvas)
    };
    canvas.last_line(&footer(app), TITLE);
    offset
}

/// What is shown, and how.
fn title(app: &App, width: usize) -> String {
    let machines = app.machines();
    let gone = machines.iter().filter(|machine| matches!(machine.link, Link::Gone { .. })).count();
    let count = match machines.len() {
        1 => "1 machine".to_owned(),
        count => format!("{count} machines"),
    };
    let gone = if gone == 0 { String::new() } else { format!(", {gone} gone") };
    let mut how = format!("every {}  sort {}", seconds(app.interval), app.choice.sort.as_str());
    let filter = app.choice.filter.text();
    if !filter.is_empty() {
        how += &format!("  filter {filter}");
    }
    if app.frozen {
        how += "  frozen";
    }
    let left = format!(" ringscope-top  {count}{gone}");
    let blanks = width.saturating_sub(left.chars().count() + how.chars().count() + 1).max(2);
    format!("{left}{}{how}", " ".repeat(blanks))
}

/// The machines; where they do not all fit, those around the selected one.
fn machine_list(app: &App, canvas: &mut Canvas<'_>) {
    // Each row begins with a mark.
    let width = canvas.width().saturating_sub(2);
    let (mut table, order) = tables::machines(app.machines(), &app.choice, width);
    let most = LEAST_LISTED.max(canvas.height() / LISTED_PART);
    let selected = order.iter().position(|&place| place == app.selected_place()).unwrap_or_default();
    let first = (selected + 1).saturating_sub(most);
    let shown = first..order.len().min(first + most);
    name_part(&mut table, &shown);
    let widths = table.widths(width);
    canvas.line(&format!("  {}", table.header(&widths)), HEADER);
    for (row, place) in table.rows.iter().zip(&order).skip(first).take(most) {
        let is_selected = *place == app.selected_place();
        let style = if is_selected { body::style(row.tone).patch(SELECTED) } else { body::style(row.tone) };
        let mark = if is_selected && order.len() > 1 { '>' } else { ' ' };
        canvas.line(&format!("{mark} {}", table.row(row, &widths)), style);
    }
}

/// Tells in the first header which rows are shown, if that is not all.
fn name_part(table: &mut Table, shown: &std::ops::Range<usize>) {
    let count = table.rows.len();
    if let Some(column) = table.columns.first_mut().filter(|_| shown.len() < count) {
        column.header = format!("{} {}-{}/{count}", column.header, shown.start + 1, shown.end);
    }
}

/// The screens, with the present one marked.
fn tabs(app: &App) -> String {
    let tabs = Screen::ALL.iter().zip(1..).map(|(screen, number)| {
        let title = screen.title();
        if *screen == app.screen { format!("[{number} {title}]") } else { format!(" {number} {title} ") }
    });
    let machine = app.selected().filter(|_| app.machines().len() > 1).map(Machine::title).unwrap_or_default();
    format!("{}  {machine}", tabs.collect::<String>())
}

fn footer(app: &App) -> String {
    match &app.editing {
        Some(text) => format!(" filter: {text}_   (Enter keeps it, Esc leaves the one before)"),
        None => KEYS.to_owned(),
    }
}
