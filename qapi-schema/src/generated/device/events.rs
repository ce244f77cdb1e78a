// Written by `cargo xtask codegen` from `qapi-schema/schema/device.json`; change nothing here.

//! Events of `device.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

/// Event `DEVICE_DELETED`.
///
/// A device that was to be taken off its bus is gone: its id is free, and its image closed.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "DEVICE_DELETED",
///      "data": { "device": "disk9", "path": "/machine/peripheral/disk9" },
///      "timestamp": { "seconds": 1265044230, "microseconds": 450486 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceDeleted {
    /// its id, if it had one
    pub device: Option<String>,
    /// its path
    pub path: String,
}

impl EncodeMembers for DeviceDeleted {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.device {
            members.serialize_entry("device", value)?;
        }
        members.serialize_entry("path", &self.path)?;
        Ok(())
    }
}

impl DecodeMembers for DeviceDeleted {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device: members.optional("device")?,
            path: members.required("path")?,
        })
    }
}

impl Serialize for DeviceDeleted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DeviceDeleted {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DeviceDeleted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for DeviceDeleted {
    const NAME: &'static str = "DEVICE_DELETED";
    const HAS_DATA: bool = true;
}
