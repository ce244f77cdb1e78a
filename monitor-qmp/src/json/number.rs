//! Numbers keep their kind: what is written without fraction and exponent is an integer while it fits.

use serde_json::{Number, Value};

use super::error::JsonError;
use super::limits::shown;

/// An integer: signed if it fits, else unsigned, else a double.
pub(super) fn integer(text: &[u8]) -> Result<Value, JsonError> {
    let signed = parse::<i64>(text).map(Value::from);
    let unsigned = || parse::<u64>(text).map(Value::from);
    signed.or_else(unsigned).map_or_else(|| float(text), Ok)
}

/// A double. Infinity is refused: it could not be sent back as JSON.
pub(super) fn float(text: &[u8]) -> Result<Value, JsonError> {
    let number = parse::<f64>(text).and_then(Number::from_f64);
    number.map(Value::Number).ok_or_else(|| JsonError::NumberOutOfRange(shown(text)))
}

fn parse<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    str::from_utf8(text).ok()?.parse().ok()
}
