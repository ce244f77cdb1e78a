//! The screen that explains the keys.

use ratatui::style::Style;

use super::canvas::Canvas;
use crate::keys::KEYS;

/// What the columns mean.
const COLUMNS: [(&str, &str); 5] = [
    ("req/s", "requests; read and write are what the device reads and writes"),
    ("p50 p99", "of the latest: half, or 99 of 100, took no longer than this"),
    ("wait work irq", "the three parts of it: until taken, until done, until told"),
    ("%", "of a time: how much of every second (200%: of two at once)"),
    ("-", "not counted, or nothing to compare with yet"),
];

/// Draws it.
pub(super) fn render(canvas: &mut Canvas<'_>) {
    canvas.blank();
    for (name, meaning) in KEYS {
        canvas.line(&format!("  {name:14}{meaning}"), Style::new());
    }
    canvas.blank();
    for (name, meaning) in COLUMNS {
        canvas.line(&format!("  {name:14}{meaning}"), Style::new());
    }
}
