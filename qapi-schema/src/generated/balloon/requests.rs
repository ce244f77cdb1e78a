// Written by `cargo xtask codegen` from `qapi-schema/schema/balloon.json`; change nothing here.

//! Commands, from the client's side, of `balloon.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{BalloonInfo, GuestMemoryInfo};

/// Command `balloon`.
///
/// Asks the guest to make do with so much memory.  The reply does not wait for the guest; `BALLOON_CHANGE` and
/// `query-balloon` tell how far it has come.
///
/// # Errors
///
/// - DeviceNotActive if the machine has no balloon
/// - GenericError if the value is no size
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "balloon", "arguments": { "value": 134217728 } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Balloon {
    /// the memory that the guest is to have, in bytes.  More than the machine has means all of it.
    pub value: i64,
}

impl EncodeMembers for Balloon {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("value", &self.value)?;
        Ok(())
    }
}

impl DecodeMembers for Balloon {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            value: members.required("value")?,
        })
    }
}

impl Serialize for Balloon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Balloon {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Balloon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for Balloon {
    const NAME: &'static str = "balloon";
    type Return = Empty;
}

/// Command `query-balloon`.
///
/// Tells how much memory the guest has.
///
/// Returns: the memory
///
/// # Errors
///
/// - DeviceNotActive if the machine has no balloon
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-balloon" }
/// <- { "return": { "actual": 268435456 } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryBalloon;

impl Serialize for QueryBalloon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryBalloon {
    const NAME: &'static str = "query-balloon";
    type Return = BalloonInfo;
}

/// Command `query-guest-memory`.
///
/// Tells what the guest has given up, and what it says of its memory.  The guest is not asked: the statistics are
/// those that it told last.
///
/// Returns: the balloons
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-guest-memory" }
/// <- { "return": [ { "path": "/machine/peripheral/balloon0", "requested": 0, "given-up": 0, "interval": 0 } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryGuestMemory;

impl Serialize for QueryGuestMemory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryGuestMemory {
    const NAME: &'static str = "query-guest-memory";
    type Return = Vec<GuestMemoryInfo>;
}

/// Command `set-guest-memory-interval`.
///
/// Changes how often the guest is asked for the statistics of its memory.
///
/// # Errors
///
/// - DeviceNotActive if the machine has no balloon
/// - GenericError if there is no balloon at the path
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "set-guest-memory-interval", "arguments": { "seconds": 2 } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SetGuestMemoryInterval {
    /// the time between two requests; 0 for none
    pub seconds: u32,
    /// the balloon (default: the machine's first)
    pub path: Option<String>,
}

impl EncodeMembers for SetGuestMemoryInterval {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("seconds", &self.seconds)?;
        if let Some(value) = &self.path {
            members.serialize_entry("path", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for SetGuestMemoryInterval {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            seconds: members.required("seconds")?,
            path: members.optional("path")?,
        })
    }
}

impl Serialize for SetGuestMemoryInterval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SetGuestMemoryInterval {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SetGuestMemoryInterval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for SetGuestMemoryInterval {
    const NAME: &'static str = "set-guest-memory-interval";
    type Return = Empty;
}
