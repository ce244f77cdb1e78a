//! Values in their unit, as decimal text.

use std::fmt;

use crate::Descriptor;

/// `value` in the statistic's unit: the double that is closest to `value * base ^ exponent`.
pub(super) fn scaled(value: u64, descriptor: &Descriptor) -> f64 {
    let exponent = descriptor.exponent;
    match descriptor.base {
        _ if value == 0 => 0.0,
        // Reading a decimal number rounds once; multiplying with a power of ten that is no double rounds twice.
        Some(10) => format!("{value}e{exponent}").parse().unwrap_or(f64::NAN),
        Some(base) => value as f64 * f64::from(base).powi(exponent.into()),
        None => value as f64,
    }
}

/// A number in the form that OpenMetrics calls canonical: with a point, or with an exponent of two digits for what is
/// a million or more or less than a ten-thousandth.
pub(super) struct Canonical(pub(super) f64);

impl fmt::Display for Canonical {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = *self;
        if number.is_infinite() {
            return formatter.write_str("+Inf");
        }
        if number == 0.0 || (1e-4..1e6).contains(&number) {
            return write!(formatter, "{number:?}");
        }
        let text = format!("{number:e}");
        match text.split_once('e') {
            Some((mantissa, exponent)) => match exponent.strip_prefix('-') {
                Some(digits) => write!(formatter, "{mantissa}e-{digits:0>2}"),
                None => write!(formatter, "{mantissa}e+{exponent:0>2}"),
            },
            None => formatter.write_str(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanoseconds(value: u64) -> String {
        Canonical(scaled(value, &Descriptor::cumulative("x", "").scale(10, -9))).to_string()
    }

    #[test]
    fn nothing_is_rounded_twice() {
        assert_eq!(nanoseconds(2_120_409_833), "2.120409833");
        assert_eq!(nanoseconds(3), "3e-09");
        assert_eq!(nanoseconds(1_048_575), "0.001048575");
        assert_eq!(nanoseconds(0), "0.0");
    }

    #[test]
    fn canonical_numbers_are_those_of_the_specification() {
        let printed: Vec<_> =
            [1e-10, 1e-5, 1e-4, 0.1, 1.0, 1e5, 1e6, 1e10, 123_456.7, 1_234_567.0, f64::INFINITY, 2e300]
                .map(|number| Canonical(number).to_string())
                .into();
        assert_eq!(
            printed.join(" "),
            "1e-10 1e-05 0.0001 0.1 1.0 100000.0 1e+06 1e+10 123456.7 1.234567e+06 +Inf 2e+300"
        );
    }

    #[test]
    fn other_bases_and_absurd_exponents() {
        let scaled = |value, base, exponent| {
            super::scaled(value, &Descriptor { base: Some(base), exponent, ..Descriptor::instant("x", "") })
        };
        assert_eq!(scaled(3, 2, 10), 3072.0);
        assert_eq!(scaled(1, 10, i16::MAX), f64::INFINITY);
        assert_eq!(scaled(0, 2, i16::MAX), 0.0);
        assert_eq!(scaled(u64::MAX, 10, i16::MIN), 0.0);
        assert_eq!(scaled(7, 2, -1), 3.5);
    }
}
