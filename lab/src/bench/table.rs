//! All figures of all monitors side by side.

use std::fmt::Write;

use super::figure::Figure;
use crate::monitor::Monitor;

/// What was measured of one monitor.
pub(super) struct Series {
    pub(super) monitor: Monitor,
    /// Of each figure, a value a round.
    pub(super) values: Vec<Vec<f64>>,
}

impl Series {
    /// Nothing yet, of so many figures.
    pub(super) fn new(monitor: Monitor, figures: usize) -> Self {
        Self { monitor, values: vec![Vec::new(); figures] }
    }
}

/// A row for each figure, with the ratio of each monitor to the first.
pub(super) fn table(figures: &[&Figure], all: &[Series]) -> String {
    let mut text = "\n|".to_owned();
    for series in all {
        // Writing to a String does not fail.
        let _ = write!(text, " | {}", series.monitor);
    }
    text.push_str(" |\n|---");
    all.iter().for_each(|_| text.push_str("|---"));
    text.push_str("|\n");
    for (row, figure) in figures.iter().enumerate() {
        let _ = write!(text, "| {}", figure.name);
        let of = |series: &Series| series.values.get(row).cloned().unwrap_or_default();
        let base = all.first().and_then(|first| median(&of(first)));
        for series in all {
            let _ = write!(text, " | {}", cell(figure, &of(series), base));
        }
        text.push_str(" |\n");
    }
    text.push_str(
        "\nMedians, in parentheses the least and the most, behind them the ratio to the first column. Of times and memory \
         less is better, of all else more.\n",
    );
    text
}

fn cell(figure: &Figure, values: &[f64], base: Option<f64>) -> String {
    let Some(median) = median(values) else { return "-".to_owned() };
    let (least, most) = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(*value), most.max(*value)));
    let ratio = base.map_or_else(String::new, |base| format!(", **{:.2}**", median / base));
    format!("{} ({} to {}){ratio}", figure.text(median), figure.number(least), figure.number(most))
}

/// The one in the middle, or the mean of the two there.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied()?;
    let lower = if sorted.len().is_multiple_of(2) { sorted.get(middle - 1).copied()? } else { upper };
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::figure::FIGURES;
    use crate::monitor::Transport;

    #[test]
    fn the_middle_is_found() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn monitors_are_compared_with_the_first() {
        let figures = [&FIGURES[0], &FIGURES[1], &FIGURES[2], &FIGURES[6]];
        let text = table(
            &figures,
            &[
                Series {
                    monitor: Monitor::Microvm,
                    values: vec![vec![4.0], vec![92_160.0], vec![900.0, 1000.0, 1100.0], vec![50.25]],
                },
                Series {
                    monitor: Monitor::Ringscope(Transport::Mmio),
                    values: vec![vec![2.0], vec![4608.0], vec![2400.0, 2500.0, 2600.0], vec![]],
                },
            ],
        );
        insta::assert_snapshot!(text);
    }
}
