// Written by `cargo xtask codegen` from `qapi-schema/schema/char.json`; change nothing here.

//! Events of `char.json`.

use std::time::Duration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

/// Event `VSERPORT_CHANGE`.
///
/// The guest has opened or closed a port of a console.  At most one a second is sent.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "VSERPORT_CHANGE", "data": { "id": "org.example.agent", "open": true },
///      "timestamp": { "seconds": 1792000000, "microseconds": 0 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VserportChange {
    /// the id of a port that was put on a console's bus, if it was given one; else the port's name
    pub id: String,
    /// whether it is open now
    pub open: bool,
}

impl EncodeMembers for VserportChange {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("id", &self.id)?;
        members.serialize_entry("open", &self.open)?;
        Ok(())
    }
}

impl DecodeMembers for VserportChange {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: members.required("id")?,
            open: members.required("open")?,
        })
    }
}

impl Serialize for VserportChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VserportChange {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VserportChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for VserportChange {
    const NAME: &'static str = "VSERPORT_CHANGE";
    const HAS_DATA: bool = true;
    const INTERVAL: Option<Duration> = Some(Duration::from_secs(1));

    fn about(&self) -> Option<&str> {
        Some(&self.id)
    }
}
