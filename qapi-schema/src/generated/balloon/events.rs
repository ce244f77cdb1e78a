// Written by `cargo xtask codegen` from `qapi-schema/schema/balloon.json`; change nothing here.

//! Events of `balloon.json`.

use std::time::Duration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

/// Event `BALLOON_CHANGE`.
///
/// The guest has given memory up, or has taken some back.  At most one a second is sent.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "BALLOON_CHANGE", "data": { "actual": 134217728 },
///      "timestamp": { "seconds": 1792000000, "microseconds": 0 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BalloonChange {
    /// as in `query-balloon`
    pub actual: i64,
}

impl EncodeMembers for BalloonChange {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("actual", &self.actual)?;
        Ok(())
    }
}

impl DecodeMembers for BalloonChange {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            actual: members.required("actual")?,
        })
    }
}

impl Serialize for BalloonChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BalloonChange {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BalloonChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for BalloonChange {
    const NAME: &'static str = "BALLOON_CHANGE";
    const HAS_DATA: bool = true;
    const INTERVAL: Option<Duration> = Some(Duration::from_secs(1));
}
