//! Numbers with the unit that people would choose.

use qapi_schema::statistics::StatisticDescription;
use qapi_schema::stats::StatsUnit;

/// What a statistic's numbers stand for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quantity {
    unit: Option<StatsUnit>,
    base: u32,
    exponent: i16,
}

const DECIMAL: [&str; 5] = ["n", "u", "m", "", "k"];
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

impl Quantity {
    pub(super) fn of(meaning: &StatisticDescription) -> Self {
        let base = meaning.base.and_then(|base| u32::try_from(base).ok()).unwrap_or(1);
        Self { unit: meaning.unit, base, exponent: meaning.exponent }
    }

    /// A number of these, with three digits that matter unless it is a plain count.
    pub(super) fn text(self, number: u64) -> String {
        let scaled = self.scaled(number);
        match self.unit {
            Some(StatsUnit::Seconds) => seconds(scaled),
            Some(StatsUnit::Bytes) => bytes(scaled),
            Some(unit @ (StatsUnit::Cycles | StatsUnit::Boolean)) => {
                format!("{} {}", self.plain(number), unit.as_str())
            }
            None => self.plain(number),
        }
    }

    fn plain(self, number: u64) -> String {
        if self.exponent == 0 {
            number.to_string()
        } else {
            format!("{number} * {}^{}", self.base, self.exponent)
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    fn scaled(self, number: u64) -> f64 {
        number as f64 * f64::from(self.base.max(1)).powi(self.exponent.into())
    }
}

/// Up to thousands of seconds; more are shown as thousands.
fn seconds(seconds: f64) -> String {
    let mut value = seconds * 1e9;
    let mut prefixes = DECIMAL.iter().peekable();
    let mut prefix = prefixes.next().copied().unwrap_or_default();
    while value >= 999.5 && prefixes.peek().is_some() {
        value /= 1000.0;
        prefix = prefixes.next().copied().unwrap_or_default();
    }
    format!("{} {prefix}s", digits(value))
}

fn bytes(bytes: f64) -> String {
    let mut value = bytes;
    let mut prefixes = BINARY.iter().peekable();
    let mut prefix = prefixes.next().copied().unwrap_or_default();
    while value >= 1023.5 && prefixes.peek().is_some() {
        value /= 1024.0;
        prefix = prefixes.next().copied().unwrap_or_default();
    }
    format!("{} {prefix}B", digits(value))
}

/// Three digits, or all in front of the point; none behind it for whole numbers.
fn digits(value: f64) -> String {
    let decimals = match value {
        99.95.. => 0,
        9.995.. => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(unit: Option<StatsUnit>, base: u32, exponent: i16) -> Quantity {
        Quantity { unit, base, exponent }
    }

    #[test]
    fn people_see_the_unit_that_they_would_choose() {
        let nanoseconds = quantity(Some(StatsUnit::Seconds), 10, -9);
        let texts =
            [0, 1, 999, 1000, 1024, 12_345, 999_499, 999_500, 1_500_000_000, 4_000_000_000_000, u64::MAX]
                .map(|number| nanoseconds.text(number));
        assert_eq!(
            texts,
            [
                "0 ns",
                "1 ns",
                "999 ns",
                "1 us",
                "1.02 us",
                "12.3 us",
                "999 us",
                "1 ms",
                "1.50 s",
                "4 ks",
                "18446744 ks"
            ]
        );
        let bytes = quantity(Some(StatsUnit::Bytes), 1, 0);
        assert_eq!(
            [0, 512, 1023, 1024, 1536, 64 << 20].map(|number| bytes.text(number)),
            ["0 B", "512 B", "1023 B", "1 KiB", "1.50 KiB", "64 MiB"]
        );
        assert_eq!(quantity(Some(StatsUnit::Bytes), 2, 10).text(3), "3 KiB");
        assert_eq!(quantity(Some(StatsUnit::Cycles), 10, 3).text(7), "7 * 10^3 cycles");
        assert_eq!(quantity(None, 1, 0).text(u64::MAX), "18446744073709551615");
        assert_eq!(Quantity::default().text(5), "5");
    }
}
