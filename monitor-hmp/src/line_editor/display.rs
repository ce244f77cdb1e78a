//! What the terminal shows of the line, and the bytes that bring it up to date.

use std::iter::repeat_n;

/// Printed where a line can be typed.
pub(crate) const PROMPT: &str = "(qemu) ";

/// The width of a terminal that does not tell its own: that of the narrowest usual one.
pub(super) const USUAL_COLUMNS: usize = 80;

/// The picture of the line on the terminal.
///
/// Where the terminal's width is known, a line goes over as many rows as it needs. Elsewhere the cursor can only be
/// moved along one row, and so is this.
#[derive(Debug, Default)]
pub(super) struct Display {
    /// How wide the terminal is, if that is known.
    columns: Option<usize>,
    /// The prompt stands out.
    bold: bool,
    /// What stands behind the prompt, and where in it the cursor is.
    shown: Vec<u8>,
    cursor: usize,
}

impl Display {
    /// A terminal of this width, of which more is known if the width is.
    pub(super) fn new(columns: Option<usize>, bold: bool) -> Self {
        Self { columns, bold, ..Self::default() }
    }

    /// The terminal may have become wider or narrower.
    pub(super) fn resize(&mut self, columns: Option<usize>) {
        self.columns = columns;
    }

    /// How many columns can be used.
    pub(super) fn columns(&self) -> usize {
        self.columns.unwrap_or(USUAL_COLUMNS)
    }

    /// Writes the prompt; the terminal shows nothing behind it.
    pub(super) fn prompt(&mut self, output: &mut Vec<u8>) {
        let (bold, plain) = if self.bold { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        output.extend_from_slice(format!("{bold}{PROMPT}{plain}").as_bytes());
        self.shown.clear();
        self.cursor = 0;
    }

    /// Makes the terminal show `line` with its cursor at `cursor`.
    pub(super) fn show(&mut self, line: &[u8], cursor: usize, output: &mut Vec<u8>) {
        if self.shown != line {
            let at_end = self.cursor == self.shown.len();
            match line.strip_prefix(self.shown.as_slice()) {
                // The cursor may be on a second row, from where it could not be moved to the first.
                Some(added) if at_end && self.is_beyond_first_row(line.len()) => {
                    output.extend_from_slice(added);
                }
                _ => {
                    self.move_cursor(0, output);
                    output.extend_from_slice(line);
                    output.extend_from_slice(if self.columns.is_some() { b"\x1b[J" } else { b"\x1b[K" });
                }
            }
            self.shown = line.to_vec();
            self.cursor = line.len();
            self.leave_last_column(output);
        }
        self.move_cursor(cursor, output);
    }

    /// Moves the cursor behind the line, so that what is written next does not stand in it.
    pub(super) fn finish(&mut self, output: &mut Vec<u8>) {
        if self.columns.is_some() {
            self.move_cursor(self.shown.len(), output);
        }
        // After a full row the cursor stands where the next line begins.
        output.extend_from_slice(if self.fills_its_rows() { b"\r" } else { b"\r\n" });
    }

    fn is_beyond_first_row(&self, length: usize) -> bool {
        length > self.columns().saturating_sub(PROMPT.len())
    }

    /// A terminal whose last column was written goes to the next row only with the next character.
    fn leave_last_column(&self, output: &mut Vec<u8>) {
        if self.fills_its_rows() {
            output.extend_from_slice(b" \r");
        }
    }

    fn fills_its_rows(&self) -> bool {
        let is_at_edge = |columns| self.place(self.shown.len(), columns).1 == 0;
        !self.shown.is_empty() && self.columns.is_some_and(is_at_edge)
    }

    /// Row and column of a place in the line.
    fn place(&self, place: usize, columns: usize) -> (usize, usize) {
        let place = place.saturating_add(PROMPT.len());
        (place.checked_div(columns).unwrap_or(0), place.checked_rem(columns).unwrap_or(0))
    }

    fn move_cursor(&mut self, to: usize, output: &mut Vec<u8>) {
        let from = std::mem::replace(&mut self.cursor, to);
        let (rows, columns) = match self.columns {
            None => ((0, 0), (from, to)),
            Some(width) => {
                let ((from_row, from_column), (row, column)) =
                    (self.place(from, width), self.place(to, width));
                ((from_row, row), (from_column, column))
            }
        };
        steps(rows, [b"\x1b[A", b"\x1b[B"], output);
        steps(columns, [b"\x1b[D", b"\x1b[C"], output);
    }
}

/// One sequence a step, towards smaller or towards larger numbers.
fn steps((from, to): (usize, usize), [down, up]: [&[u8]; 2], output: &mut Vec<u8>) {
    let step = if to < from { down } else { up };
    output.extend(repeat_n(step, from.abs_diff(to)).flatten());
}
