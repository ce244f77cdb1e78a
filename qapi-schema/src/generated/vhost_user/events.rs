// Written by `cargo xtask codegen` from `qapi-schema/schema/vhost-user.json`; change nothing here.

//! Events of `vhost-user.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

/// Event `VHOST_USER_DISCONNECTED`.
///
/// The back end of a device has gone, or is of no use any more.  The device stays: the guest's requests wait until a
/// back end can be reached again at the same socket.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "VHOST_USER_DISCONNECTED",
///      "data": { "device": "rng0", "path": "/machine/peripheral/rng0",
///                "reason": "the back end has hung up" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VhostUserDisconnected {
    /// the device's id (absent: it has none)
    pub device: Option<String>,
    /// the device's path in the object tree
    pub path: String,
    /// why, for people
    pub reason: String,
}

impl EncodeMembers for VhostUserDisconnected {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.device {
            members.serialize_entry("device", value)?;
        }
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("reason", &self.reason)?;
        Ok(())
    }
}

impl DecodeMembers for VhostUserDisconnected {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device: members.optional("device")?,
            path: members.required("path")?,
            reason: members.required("reason")?,
        })
    }
}

impl Serialize for VhostUserDisconnected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VhostUserDisconnected {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VhostUserDisconnected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for VhostUserDisconnected {
    const NAME: &'static str = "VHOST_USER_DISCONNECTED";
    const HAS_DATA: bool = true;
}

/// Event `VHOST_USER_CONNECTED`.
///
/// A device has a back end again.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "VHOST_USER_CONNECTED",
///      "data": { "device": "rng0", "path": "/machine/peripheral/rng0" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 29001 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VhostUserConnected {
    /// the device's id (absent: it has none)
    pub device: Option<String>,
    /// the device's path in the object tree
    pub path: String,
}

impl EncodeMembers for VhostUserConnected {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.device {
            members.serialize_entry("device", value)?;
        }
        members.serialize_entry("path", &self.path)?;
        Ok(())
    }
}

impl DecodeMembers for VhostUserConnected {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device: members.optional("device")?,
            path: members.required("path")?,
        })
    }
}

impl Serialize for VhostUserConnected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VhostUserConnected {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VhostUserConnected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for VhostUserConnected {
    const NAME: &'static str = "VHOST_USER_CONNECTED";
    const HAS_DATA: bool = true;
}
