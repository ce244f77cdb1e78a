// Written by `cargo xtask codegen` from `qapi-schema/schema/net.json`; change nothing here.

//! Events of `net.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
    Path, decode, encode,
};

use super::NetLinkCause;

/// Event `NIC_RX_FILTER_CHANGED`.
///
/// The driver of a card has changed which frames it wants.  Further changes are not told before somebody has asked for the
/// card's filter, so that a guest can not flood clients.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "NIC_RX_FILTER_CHANGED", "data": { "name": "net0", "path": "/machine/peripheral/net0" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NicRxFilterChanged {
    /// the card's id, if it has one
    pub name: Option<String>,
    /// its path
    pub path: String,
}

impl EncodeMembers for NicRxFilterChanged {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.name {
            members.serialize_entry("name", value)?;
        }
        members.serialize_entry("path", &self.path)?;
        Ok(())
    }
}

impl DecodeMembers for NicRxFilterChanged {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.optional("name")?,
            path: members.required("path")?,
        })
    }
}

impl Serialize for NicRxFilterChanged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for NicRxFilterChanged {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for NicRxFilterChanged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for NicRxFilterChanged {
    const NAME: &'static str = "NIC_RX_FILTER_CHANGED";
    const HAS_DATA: bool = true;
}

/// Event `NET_LINK_CHANGED`.
///
/// The link of a card is up, or down, and was not so before.  The driver is told as well.
///
/// Since: 0.1
///
/// ```text
/// <- { "event": "NET_LINK_CHANGED",
///      "data": { "name": "net0", "path": "/machine/peripheral/net0", "up": false, "cause": "interface-gone" },
///      "timestamp": { "seconds": 1795300000, "microseconds": 28583 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NetLinkChanged {
    /// the card's id, if it has one
    pub name: Option<String>,
    /// its path
    pub path: String,
    /// frames pass
    pub up: bool,
    /// what has happened
    pub cause: NetLinkCause,
}

impl EncodeMembers for NetLinkChanged {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.name {
            members.serialize_entry("name", value)?;
        }
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("up", &self.up)?;
        members.serialize_entry("cause", &self.cause)?;
        Ok(())
    }
}

impl DecodeMembers for NetLinkChanged {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.optional("name")?,
            path: members.required("path")?,
            up: members.required("up")?,
            cause: members.required("cause")?,
        })
    }
}

impl Serialize for NetLinkChanged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for NetLinkChanged {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for NetLinkChanged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Event for NetLinkChanged {
    const NAME: &'static str = "NET_LINK_CHANGED";
    const HAS_DATA: bool = true;
}
