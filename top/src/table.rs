//! A table as text: what fits into a width, whole columns at a time.

/// Between two columns.
const GAP: usize = 2;
/// The least width of a column of numbers, so that it does not jump when they change.
const NUMBER_WIDTH: usize = 7;
/// How wide the first column may be anyhow; in wide tables it may take a part of the width.
const NAME_WIDTH: usize = 24;
/// That part.
const NAME_PART: usize = 4;
/// The least width that a last column of words is worth showing in.
const WORDS_WIDTH: usize = 12;

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words. The first column may be cut; the last one takes what is left.
    Left,
    /// Numbers. They are never cut.
    Right,
}

/// How a row looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As any other.
    #[default]
    Plain,
    /// It belongs to the row above it.
    Dim,
    /// Something is wrong with it.
    Bad,
}

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// What stands above it.
    pub header: String,
    /// How it stands.
    pub align: Align,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// A text for each column.
    pub cells: Vec<String>,
    /// How it looks.
    pub tone: Tone,
}

/// Rows under headers. The columns that matter most come first: those that do not fit are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// Adds a column of words.
    #[must_use]
    pub(crate) fn words(mut self, header: &str) -> Self {
        self.columns.push(Column { header: header.to_owned(), align: Align::Left });
        self
    }

    /// Adds a column of numbers.
    #[must_use]
    pub(crate) fn numbers(mut self, header: &str) -> Self {
        self.columns.push(Column { header: header.to_owned(), align: Align::Right });
        self
    }

    /// The widths of the columns that fit into `width`.
    pub(crate) fn widths(&self, width: usize) -> Vec<usize> {
        let mut widths = Vec::new();
        let mut left = width;
        for (index, column) in self.columns.iter().enumerate() {
            let gap = if index == 0 { 0 } else { GAP };
            let room = left.saturating_sub(gap);
            let is_last = index + 1 == self.columns.len();
            let wanted = match column.align {
                Align::Right => self.natural_width(index).max(NUMBER_WIDTH),
                Align::Left if index == 0 => {
                    self.natural_width(index).min(NAME_WIDTH.max(width / NAME_PART)).min(width)
                }
                Align::Left if is_last && room >= WORDS_WIDTH => self.natural_width(index).min(room),
                Align::Left => self.natural_width(index),
            };
            if wanted > room {
                break;
            }
            left = room - wanted;
            widths.push(wanted);
        }
        widths
    }

    fn natural_width(&self, index: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.cells.get(index));
        let headers = self.columns.get(index).map(|column| &column.header);
        cells.chain(headers).map(|text| columns_of(text)).max().unwrap_or_default()
    }

    /// The line of headers.
    pub(crate) fn header(&self, widths: &[usize]) -> String {
        self.line(self.columns.iter().map(|column| column.header.as_str()), widths)
    }

    /// The line of a row.
    pub(crate) fn row(&self, row: &Row, widths: &[usize]) -> String {
        self.line(row.cells.iter().map(String::as_str), widths)
    }

    fn line<'a>(&self, cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
        let cells = self.columns.iter().zip(cells).zip(widths).enumerate().map(
            |(index, ((column, cell), &width))| {
                let cell = fitted(cell, width, index == 0);
                let blanks = " ".repeat(width.saturating_sub(columns_of(&cell)));
                match column.align {
                    Align::Left => cell + &blanks,
                    Align::Right => blanks + &cell,
                }
            },
        );
        cells.collect::<Vec<_>>().join(&" ".repeat(GAP))
    }
}

/// How many columns of a terminal `text` takes.
fn columns_of(text: &str) -> usize {
    ratatui::text::Span::raw(text).width()
}

/// `text` in at most `width` columns; dots stand for what is left out. Of a name the end tells more than the middle.
fn fitted(text: &str, width: usize, is_name: bool) -> String {
    if columns_of(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let tail = if is_name { room * 2 / 3 } else { 0 };
    let tail: Vec<_> = up_to(text.chars().rev(), tail);
    let head = up_to(text.chars(), room.saturating_sub(tail.len()));
    head.into_iter().chain(['…']).chain(tail.into_iter().rev()).collect()
}

/// As many of `characters` as fit into `width` columns.
fn up_to(characters: impl Iterator<Item = char>, width: usize) -> Vec<char> {
    let mut left = width;
    let fits = |character: &char| {
        let columns = columns_of(character.encode_utf8(&mut [0; 4]));
        let fits = columns <= left;
        left = left.saturating_sub(columns);
        fits
    };
    characters.take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table =
            Table::default().words("device").numbers("req/s").numbers("a longer one").words("about");
        let row = |cells: [&str; 4]| Row { cells: cells.map(str::to_owned).to_vec(), tone: Tone::Plain };
        table.rows.push(row(["disk0", "1.23k", "-", "requests of the driver's"]));
        table.rows.push(row(["a-disk-with-a-name-that-is-too-long-to-be-read", "7", "8", "磁盘"]));
        table
    }

    fn shown(width: usize) -> Vec<String> {
        let table = table();
        let widths = table.widths(width);
        let rows = table.rows.iter().map(|row| table.row(row, &widths));
        std::iter::once(table.header(&widths)).chain(rows).map(|line| line.trim_end().to_owned()).collect()
    }

    #[test]
    fn all_columns_where_there_is_room() {
        assert_eq!(
            shown(200),
            [
                "device                                            req/s  a longer one  about",
                "disk0                                             1.23k             -  requests of the driver's",
                "a-disk-with-a-name-that-is-too-long-to-be-read        7             8  磁盘",
            ]
        );
    }

    #[test]
    fn whole_columns_are_left_out_and_only_words_are_cut() {
        assert_eq!(
            shown(65),
            [
                "device                      req/s  a longer one  about",
                "disk0                       1.23k             -  requests of the…",
                "a-disk-w…long-to-be-read        7             8  磁盘",
            ]
        );
        assert_eq!(
            shown(46),
            [
                "device                      req/s",
                "disk0                       1.23k",
                "a-disk-w…long-to-be-read        7",
            ]
        );
        assert_eq!(shown(5), ["de…ce", "disk0", "a-…ad"]);
        assert_eq!(shown(1), ["…", "…", "…"]);
    }
}
