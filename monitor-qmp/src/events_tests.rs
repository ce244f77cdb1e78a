//! The line that tells of an event.

use serde::{Serialize, Serializer};

use super::*;
use qapi_schema::runtime::Event;

struct Reading(f64);

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl Event for Reading {
    const NAME: &'static str = "READING";
    const HAS_DATA: bool = true;
}

fn at(time: SystemTime) -> String {
    String::from_utf8(line(&Reading(0.5), time).unwrap()).unwrap()
}

#[test]
fn the_time_is_in_seconds_and_microseconds() {
    let time = UNIX_EPOCH + Duration::from_nanos(1_795_289_812_000_345_999);
    insta::assert_snapshot!(at(time), @r#"{"timestamp": {"seconds": 1795289812, "microseconds": 345}, "event": "READING", "data": 0.5}"#);
}

#[test]
fn a_clock_that_failed_says_so() {
    insta::assert_snapshot!(at(UNIX_EPOCH - Duration::from_micros(1)), @r#"{"timestamp": {"seconds": -1, "microseconds": -1}, "event": "READING", "data": 0.5}"#);
}
