// Written by `cargo xtask codegen` from `qapi-schema/schema/net.json`; change nothing here.

//! Commands, from the client's side, of `net.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{AnnounceParameters, RxFilterInfo};

/// Command `set_link`.
///
/// Pulls the cable of a network card, or plugs it in again.  The driver is told; while the cable is pulled, frames are lost
/// in both directions.
///
/// # Errors
///
/// - DeviceNotFound: no network card has this id
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "set_link", "arguments": { "name": "net0", "up": true } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SetLink {
    /// the card's id
    pub name: String,
    /// the cable is to be plugged in
    pub up: bool,
}

impl EncodeMembers for SetLink {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("up", &self.up)?;
        Ok(())
    }
}

impl DecodeMembers for SetLink {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            up: members.required("up")?,
        })
    }
}

impl Serialize for SetLink {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SetLink {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SetLink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for SetLink {
    const NAME: &'static str = "set_link";
    type Return = Empty;
}

/// Command `announce-self`.
///
/// Tells the networks where the guest's cards are, so that switches learn of it: sends RARP frames from each card's address,
/// and has drivers that can do so announce themselves.  Cards whose driver does not run are left out.
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "announce-self",
///      "arguments": { "initial": 50, "max": 550, "rounds": 10, "step": 50, "interfaces": [ "net0" ] } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AnnounceSelf(pub AnnounceParameters);

impl Serialize for AnnounceSelf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Decode for AnnounceSelf {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        Decode::decode(value, path).map(Self)
    }
}

impl Request for AnnounceSelf {
    const NAME: &'static str = "announce-self";
    type Return = Empty;
}

/// Command `query-rx-filter`.
///
/// Tells which frames network cards let pass.
///
/// Returns: one entry a card
///
/// # Errors
///
/// - GenericError: nothing has this id, or what has it is no network card
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-rx-filter", "arguments": { "name": "net0" } }
/// <- { "return": [ { "name": "net0", "promiscuous": true, "multicast": "normal", "unicast": "normal",
///      "vlan": "all", "broadcast-allowed": true, "multicast-overflow": false, "unicast-overflow": false,
///      "main-mac": "52:54:00:12:34:56", "vlan-table": [], "unicast-table": [], "multicast-table": [] } ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryRxFilter {
    /// id of the card; all cards if left out
    pub name: Option<String>,
}

impl EncodeMembers for QueryRxFilter {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.name {
            members.serialize_entry("name", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QueryRxFilter {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.optional("name")?,
        })
    }
}

impl Serialize for QueryRxFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QueryRxFilter {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QueryRxFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QueryRxFilter {
    const NAME: &'static str = "query-rx-filter";
    type Return = Vec<RxFilterInfo>;
}
