// Written by `cargo xtask codegen` from `qapi-schema/schema/block.json`; change nothing here.

//! Events of `block.json`.

use std::time::Duration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

use super::{BlockErrorAction, IoOperationType};

/// Event `BLOCK_IO_ERROR`.
///
/// The storage could not do what a guest wanted.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "BLOCK_IO_ERROR",
///      "data": { "qom-path": "/machine/peripheral/disk0", "device": "disk0", "operation": "write",
///                "action": "stop", "nospace": true, "reason": "No space left on device (os error 28)" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BlockIoError {
    /// the device
    pub qom_path: String,
    /// its id; empty if it has none
    pub device: String,
    /// the part of the storage that failed, if it has a name
    pub node_name: Option<String>,
    /// which way the data went
    pub operation: IoOperationType,
    /// what is done about it
    pub action: BlockErrorAction,
    /// whether the host has no room left; only with action `stop`
    pub nospace: Option<bool>,
    /// what the host said, for people
    pub reason: String,
}

impl EncodeMembers for BlockIoError {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("qom-path", &self.qom_path)?;
        members.serialize_entry("device", &self.device)?;
        if let Some(value) = &self.node_name {
            members.serialize_entry("node-name", value)?;
        }
        members.serialize_entry("operation", &self.operation)?;
        members.serialize_entry("action", &self.action)?;
        if let Some(value) = &self.nospace {
            members.serialize_entry("nospace", value)?;
        }
        members.serialize_entry("reason", &self.reason)?;
        Ok(())
    }
}

impl DecodeMembers for BlockIoError {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            qom_path: members.required("qom-path")?,
            device: members.required("device")?,
            node_name: members.optional("node-name")?,
            operation: members.required("operation")?,
            action: members.required("action")?,
            nospace: members.optional("nospace")?,
            reason: members.required("reason")?,
        })
    }
}

impl Serialize for BlockIoError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockIoError {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockIoError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for BlockIoError {
    const NAME: &'static str = "BLOCK_IO_ERROR";
    const HAS_DATA: bool = true;
    const INTERVAL: Option<Duration> = Some(Duration::from_secs(1));

    fn about(&self) -> Option<&str> {
        Some(&self.qom_path)
    }
}
