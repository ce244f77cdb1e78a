//! Tables for a terminal whose width is known.

/// Blanks between two columns.
const GAP: usize = 2;

/// `rows` below `heading`, in columns as wide as they must be. If the terminal is narrower than that, the cells of a row
/// stand one below the other.
pub(super) fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]], columns: usize) -> String {
    let heading = heading.map(str::to_owned);
    let width = |column: usize| {
        let cells = rows.iter().chain([&heading]).filter_map(|row| row.get(column));
        cells.map(String::len).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let total = widths.iter().sum::<usize>().saturating_add(GAP.saturating_mul(N.saturating_sub(1)));
    if total > columns {
        return rows.iter().map(|row| row.join("\n  ") + "\n").collect();
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
        format!("{}\n", line.trim_end())
    };
    [&heading].into_iter().chain(rows).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [[String; 2]; 2] {
        [["/machine/a", "virtio-rng"], ["/machine/longer", "b"]].map(|row| row.map(str::to_owned))
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let expected = "PATH             DEVICE\n/machine/a       virtio-rng\n/machine/longer  b\n";
        assert_eq!(table(["PATH", "DEVICE"], &rows(), 27), expected);
    }

    #[test]
    fn where_there_is_no_room_cells_stand_below_each_other() {
        let expected = "/machine/a\n  virtio-rng\n/machine/longer\n  b\n";
        assert_eq!(table(["PATH", "DEVICE"], &rows(), 26), expected);
    }
}
