//! What keys do.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{App, Screen};
use crate::filter::Filter;

/// How far a page is scrolled, in rows.
const PAGE: usize = 10;
/// The longest filter, in characters.
const FILTER_LENGTH: usize = 60;

/// What each key does, for the help screen.
pub(crate) const KEYS: [(&str, &str); 13] = [
    ("1 2 3 4", "Overview, Devices (with their queues), vCPUs, Statistics"),
    ("Tab", "the next of these screens"),
    ("Left Right", "the previous or next machine"),
    ("Up Down", "scroll the lowest table; also k j, PageUp PageDown, Home"),
    ("s", "sort by rate, by total, by name"),
    ("f or /", "filter names of statistics and objects (a regular expression)"),
    ("Esc", "take the filter away"),
    ("z", "also show statistics that have never moved"),
    ("e", "statistics of each object instead of all of a sort together"),
    ("+ -", "ask the machines less often, or more often"),
    ("Space", "freeze the screen, and go on"),
    ("h or ?", "this help"),
    ("q", "quit; also Ctrl-C"),
];

/// What is to be done beyond changing the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// The machines are to be asked at the new interval.
    IntervalChanged,
    /// The program is to end.
    Quit,
}

/// The operator has pressed `key`.
pub fn press(app: &mut App, key: KeyEvent) -> Effect {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return if key.code == KeyCode::Char('c') { Effect::Quit } else { Effect::None };
    }
    if app.editing.is_some() {
        edit(app, key.code);
        return Effect::None;
    }
    if std::mem::take(&mut app.help) {
        return Effect::None;
    }
    match key.code {
        KeyCode::Char('q') => return Effect::Quit,
        KeyCode::Char('+') => return interval(app, true),
        KeyCode::Char('-') => return interval(app, false),
        KeyCode::Char('1') => app.show(Screen::Overview),
        KeyCode::Char('2') => app.show(Screen::Devices),
        KeyCode::Char('3') => app.show(Screen::Vcpus),
        KeyCode::Char('4') => app.show(Screen::Statistics),
        KeyCode::Tab => next_screen(app),
        KeyCode::Left => app.select(false),
        KeyCode::Right => app.select(true),
        KeyCode::Char('s') => app.sort_next(),
        KeyCode::Char('f' | '/') => app.editing = Some(app.choice.filter.text().to_owned()),
        KeyCode::Esc => app.choice.filter = Filter::default(),
        KeyCode::Char('z') => app.choice.idle = !app.choice.idle,
        KeyCode::Char('e') => app.choice.each = !app.choice.each,
        KeyCode::Char(' ') => app.frozen = !app.frozen,
        KeyCode::Char('h' | '?') => app.help = true,
        code => scroll(app, code),
    }
    Effect::None
}

fn interval(app: &mut App, longer: bool) -> Effect {
    app.change_interval(longer);
    Effect::IntervalChanged
}

fn next_screen(app: &mut App) {
    let after = Screen::ALL.into_iter().skip_while(|&screen| screen != app.screen).nth(1);
    app.show(after.unwrap_or_default());
}

fn scroll(app: &mut App, code: KeyCode) {
    app.offset = match code {
        KeyCode::Up | KeyCode::Char('k') => app.offset.saturating_sub(1),
        KeyCode::Down | KeyCode::Char('j') => app.offset.saturating_add(1),
        KeyCode::PageUp => app.offset.saturating_sub(PAGE),
        KeyCode::PageDown => app.offset.saturating_add(PAGE),
        KeyCode::Home => 0,
        _ => app.offset,
    };
}

/// A key while the filter is being written.
fn edit(app: &mut App, code: KeyCode) {
    let Some(mut text) = app.editing.take() else { return };
    match code {
        KeyCode::Enter => {
            app.choice.filter = Filter::new(&text);
            return;
        }
        KeyCode::Esc => return,
        KeyCode::Backspace => {
            text.pop();
        }
        KeyCode::Char(character) if text.chars().count() < FILTER_LENGTH => text.push(character),
        _ => {}
    }
    app.offset = 0;
    app.editing = Some(text);
}
