//! Numbers for people: three digits that matter, and a letter for the rest. None is wider than seven characters.

use std::time::Duration;

use qapi_schema::stats::StatsUnit;

/// What a number of a statistic is measured in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The unit; none for plain numbers.
    pub unit: Option<StatsUnit>,
    /// How many units one is.
    pub factor: f64,
}

impl Scale {
    /// Plain numbers.
    pub const PLAIN: Self = Self { unit: None, factor: 1.0 };

    /// `value` as an amount.
    pub fn amount(self, value: f64) -> String {
        let value = value * self.factor;
        match self.unit {
            Some(StatsUnit::Seconds) => time(value),
            Some(StatsUnit::Bytes) => format!("{}B", short(value)),
            Some(StatsUnit::Cycles) | None => short(value),
            Some(StatsUnit::Boolean) => if value == 0.0 { "no" } else { "yes" }.to_owned(),
        }
    }

    /// `value` a second. Time a second is a share of it.
    pub fn rate(self, value: f64) -> String {
        match self.unit {
            Some(StatsUnit::Seconds) => percent(value * self.factor),
            _ => self.amount(value),
        }
    }
}

/// A number of anything: `0`, `0.3`, `12`, `1.23k`, `123M`.
pub(crate) fn short(value: f64) -> String {
    const PREFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    let mut value = value;
    let mut prefixes = PREFIXES.into_iter();
    let mut prefix = prefixes.next().unwrap_or_default();
    while value >= 999.5 {
        let Some(next) = prefixes.next() else { break };
        value /= 1000.0;
        prefix = next;
    }
    if prefix.is_empty() && value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    if value > 0.0 && value < 0.05 {
        return "<0.1".to_owned();
    }
    if prefix.is_empty() && value < 10.0 {
        return format!("{value:.1}");
    }
    format!("{}{prefix}", three_digits(value))
}

/// A time in seconds: `250ns`, `1.23us`, `12.3ms`, `59.9s`, `12m30s`, `3h20m`, `4d07h`.
pub(crate) fn time(seconds: f64) -> String {
    const UNITS: [(&str, f64); 4] = [("ns", 1e9), ("us", 1e6), ("ms", 1e3), ("s", 1.0)];
    if seconds <= 0.0 {
        return "0".to_owned();
    }
    let fits = |&(_, per_second): &(&str, f64)| seconds * per_second < 999.5;
    match UNITS.iter().find(|unit| fits(unit)) {
        Some(&("s", _)) if seconds >= 99.95 => long_time(seconds),
        Some(&(unit, per_second)) => format!("{}{unit}", three_digits(seconds * per_second)),
        None => long_time(seconds),
    }
}

fn long_time(seconds: f64) -> String {
    // A time that no Duration holds has no better text either.
    let seconds = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}m{:02}s", seconds % 60),
        (0, _) => format!("{hours}h{minutes:02}m"),
        (1..1000, _) => format!("{days}d{hours:02}h"),
        _ => ">999d".to_owned(),
    }
}

/// A time that somebody has chosen: `250ms`, `1s`, `1.5s`.
pub(crate) fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{}ms", time.as_millis())
    } else {
        format!("{}s", time.as_secs_f64())
    }
}

/// A share of one: `0%`, `<0.1%`, `12.3%`, `400%`.
pub(crate) fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value <= 0.0 {
        "0%".to_owned()
    } else if value < 0.1 {
        "<0.1%".to_owned()
    } else if value < 99.95 {
        format!("{value:.1}%")
    } else {
        format!("{}%", short(value.round()))
    }
}

/// A number below 1000, with what fits of its fraction.
fn three_digits(value: f64) -> String {
    if value < 9.995 {
        format!("{value:.2}")
    } else if value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// A count as a number to calculate with: beyond 2^53 the last digits do not matter.
#[allow(clippy::cast_precision_loss, reason = "it is for people")]
pub(crate) fn float(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_right() {
        let cases = [
            (0.0, "0"),
            (0.001, "<0.1"),
            (0.25, "0.2"),
            (3.0, "3"),
            (3.13, "3.1"),
            (12.5, "12.5"),
            (999.4, "999"),
            (999.6, "1.00k"),
            (1234.0, "1.23k"),
            (99_940.0, "99.9k"),
            (99_960.0, "100k"),
            (999_499.0, "999k"),
            (999_500.0, "1.00M"),
            (18_446_744_073_709_551_615.0, "18.4E"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text, "{value}");
        }
    }

    #[test]
    fn times_have_their_units() {
        let cases = [
            (0.0, "0"),
            (1e-9, "1.00ns"),
            (999.6e-9, "1.00us"),
            (12.34e-6, "12.3us"),
            (0.123, "123ms"),
            (1.5, "1.50s"),
            (99.9, "99.9s"),
            (100.0, "1m40s"),
            (750.0, "12m30s"),
            (12_000.0, "3h20m"),
            (370_800.0, "4d07h"),
            (1e300, ">999d"),
        ];
        for (value, text) in cases {
            assert_eq!(time(value), text, "{value}");
        }
    }

    #[test]
    fn shares_are_percentages() {
        let cases = [
            (0.0, "0%"),
            (0.0001, "<0.1%"),
            (0.1234, "12.3%"),
            (0.9999, "100%"),
            (4.0, "400%"),
            (25.0, "2.50k%"),
        ];
        for (value, text) in cases {
            assert_eq!(percent(value), text, "{value}");
        }
    }

    #[test]
    fn nothing_is_wider_than_its_column() {
        for exponent in -30..=30 {
            for digits in [1.0, 1.23456, 9.994_999, 9.995, 9.999_999] {
                let value = digits * 10f64.powi(exponent);
                for text in [short(value.min(1.9e19)), time(value), percent(value.min(1e5))] {
                    assert!(text.chars().count() <= 7, "{value}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_rate_of_time_is_a_share() {
        let nanoseconds = Scale { unit: Some(StatsUnit::Seconds), factor: 1e-9 };
        assert_eq!(nanoseconds.rate(931e6), "93.1%");
        assert_eq!(nanoseconds.amount(931e6), "931ms");
        assert_eq!(Scale { unit: Some(StatsUnit::Bytes), factor: 1.0 }.rate(4096.0), "4.10kB");
        assert_eq!(Scale { unit: Some(StatsUnit::Boolean), factor: 1.0 }.amount(1.0), "yes");
    }
}
