// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics-push.json`; change nothing here.

//! Events of `statistics-push.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

use super::super::statistics::StatisticsObject;

/// Event `STATISTICS`.
///
/// Something of what this connection follows has changed.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "STATISTICS", "data": { "subscription": 1, "sequence": 3, "time": 81940216573311, "objects": [
///        { "provider": "kvm", "target": "vcpu", "path": "/machine/unattached/device[0]", "statistics": [
///            { "name": "exits", "value": 74926 } ] } ] },
///      "timestamp": { "seconds": 1795289812, "microseconds": 345 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// the number of the subscription
    pub subscription: u64,
    /// the number of this event among those of the subscription, from 0
    pub sequence: u64,
    /// when the statistics were read, in nanoseconds since an arbitrary moment (the host's monotonic clock)
    pub time: u64,
    /// what has changed since the last event, and in the first one everything; an object without statistics is
    /// gone.  A histogram comes with all of its buckets
    pub objects: Vec<StatisticsObject>,
    /// how often the statistics were not read since the last event because the client had left that one
    /// unread (absent: never)
    pub dropped: Option<u64>,
}

impl EncodeMembers for Statistics {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("subscription", &self.subscription)?;
        members.serialize_entry("sequence", &self.sequence)?;
        members.serialize_entry("time", &self.time)?;
        members.serialize_entry("objects", &self.objects)?;
        if let Some(value) = &self.dropped {
            members.serialize_entry("dropped", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for Statistics {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            subscription: members.required("subscription")?,
            sequence: members.required("sequence")?,
            time: members.required("time")?,
            objects: members.required("objects")?,
            dropped: members.optional("dropped")?,
        })
    }
}

impl Serialize for Statistics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Statistics {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Statistics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for Statistics {
    const NAME: &'static str = "STATISTICS";
    const HAS_DATA: bool = true;
}
