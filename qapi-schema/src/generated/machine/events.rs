// Written by `cargo xtask codegen` from `qapi-schema/schema/machine.json`; change nothing here.

//! Events of `machine.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

use super::ShutdownCause;

/// Event `SHUTDOWN`.
///
/// The machine ends.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "SHUTDOWN", "data": { "guest": true, "reason": "guest-shutdown" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Shutdown {
    /// the guest wanted it
    pub guest: bool,
    /// why
    pub reason: ShutdownCause,
}

impl EncodeMembers for Shutdown {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("guest", &self.guest)?;
        members.serialize_entry("reason", &self.reason)?;
        Ok(())
    }
}

impl DecodeMembers for Shutdown {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            guest: members.required("guest")?,
            reason: members.required("reason")?,
        })
    }
}

impl Serialize for Shutdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Shutdown {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Shutdown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for Shutdown {
    const NAME: &'static str = "SHUTDOWN";
    const HAS_DATA: bool = true;
}

/// Event `RESET`.
///
/// The guest begins anew.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "RESET", "data": { "guest": true, "reason": "guest-reset" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Reset {
    /// the guest wanted it
    pub guest: bool,
    /// why
    pub reason: ShutdownCause,
}

impl EncodeMembers for Reset {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("guest", &self.guest)?;
        members.serialize_entry("reason", &self.reason)?;
        Ok(())
    }
}

impl DecodeMembers for Reset {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            guest: members.required("guest")?,
            reason: members.required("reason")?,
        })
    }
}

impl Serialize for Reset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Reset {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Reset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for Reset {
    const NAME: &'static str = "RESET";
    const HAS_DATA: bool = true;
}

/// Event `POWERDOWN`.
///
/// The power button was pressed.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "POWERDOWN", "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Powerdown;

impl EncodeMembers for Powerdown {
    fn encode_members<M: SerializeMap>(&self, _members: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

impl DecodeMembers for Powerdown {
    fn decode_members(_members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self)
    }
}

impl Serialize for Powerdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Powerdown {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Powerdown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for Powerdown {
    const NAME: &'static str = "POWERDOWN";
    const HAS_DATA: bool = false;
}

/// Event `STOP`.
///
/// The guest was stopped.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "STOP", "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Stop;

impl EncodeMembers for Stop {
    fn encode_members<M: SerializeMap>(&self, _members: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

impl DecodeMembers for Stop {
    fn decode_members(_members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self)
    }
}

impl Serialize for Stop {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Stop {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Stop {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for Stop {
    const NAME: &'static str = "STOP";
    const HAS_DATA: bool = false;
}

/// Event `RESUME`.
///
/// The guest runs, for the first time or again.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "RESUME", "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Resume;

impl EncodeMembers for Resume {
    fn encode_members<M: SerializeMap>(&self, _members: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

impl DecodeMembers for Resume {
    fn decode_members(_members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self)
    }
}

impl Serialize for Resume {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Resume {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Resume {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for Resume {
    const NAME: &'static str = "RESUME";
    const HAS_DATA: bool = false;
}
