//! Lines from the top of an area downwards; what does not fit is left out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What is left of an area.
pub(super) struct Canvas<'a> {
    area: Rect,
    buffer: &'a mut Buffer,
    /// The next line.
    next: u16,
    /// The line after the last one.
    end: u16,
}

impl<'a> Canvas<'a> {
    /// All of `area`.
    pub(super) fn new(area: Rect, buffer: &'a mut Buffer) -> Self {
        let area = area.intersection(buffer.area);
        Self { area, buffer, next: area.top(), end: area.bottom() }
    }

    /// The width of a line, in columns.
    pub(super) fn width(&self) -> usize {
        self.area.width.into()
    }

    /// The number of lines of the whole area.
    pub(super) fn height(&self) -> usize {
        self.area.height.into()
    }

    /// The number of lines that are left.
    pub(super) fn room(&self) -> usize {
        self.end.saturating_sub(self.next).into()
    }

    /// Keeps the last line for [`last_line`](Self::last_line).
    pub(super) fn reserve_last_line(&mut self) {
        self.end = self.end.saturating_sub(1).max(self.area.top());
    }

    /// Writes the next line.
    pub(super) fn line(&mut self, text: &str, style: Style) {
        if self.next < self.end {
            self.put(self.next, text, style);
            self.next += 1;
        }
    }

    /// Writes the line that was kept.
    pub(super) fn last_line(&mut self, text: &str, style: Style) {
        if self.end < self.area.bottom() {
            self.put(self.end, text, style);
        }
    }

    /// Leaves a line empty.
    pub(super) fn blank(&mut self) {
        self.line("", Style::new());
    }

    fn put(&mut self, y: u16, text: &str, style: Style) {
        let x = self.area.left();
        self.buffer.set_stringn(x, y, text, self.width(), style);
        self.buffer.set_style(Rect { y, height: 1, ..self.area }, style);
    }
}
