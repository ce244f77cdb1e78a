// Written by `cargo xtask codegen` from `qapi-schema/schema/net.json`; change nothing here.

//! Types of `net.json`.

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// How often, and to whom, a card is announced.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct AnnounceParameters {
    /// milliseconds between the first announcement and the second
    pub initial: i64,
    /// milliseconds between two announcements at most
    pub max: i64,
    /// how many announcements; with none, those that are under way end
    pub rounds: i64,
    /// milliseconds by which each pause is longer than the one before
    pub step: i64,
    /// ids of the cards that are announced; all of them if left out
    pub interfaces: Option<Vec<String>>,
    /// a name for these announcements.  Announcements of a card that are under way end when others begin, whatever their
    /// name is.
    pub id: Option<String>,
}

impl EncodeMembers for AnnounceParameters {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("initial", &self.initial)?;
        members.serialize_entry("max", &self.max)?;
        members.serialize_entry("rounds", &self.rounds)?;
        members.serialize_entry("step", &self.step)?;
        if let Some(value) = &self.interfaces {
            members.serialize_entry("interfaces", value)?;
        }
        if let Some(value) = &self.id {
            members.serialize_entry("id", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for AnnounceParameters {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            initial: members.required("initial")?,
            max: members.required("max")?,
            rounds: members.required("rounds")?,
            step: members.required("step")?,
            interfaces: members.optional("interfaces")?,
            id: members.optional("id")?,
        })
    }
}

impl Serialize for AnnounceParameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for AnnounceParameters {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for AnnounceParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Which frames of a kind a card lets pass.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RxState {
    /// those of the addresses or VLANs that are listed
    Normal,
    /// none
    None,
    /// all of them
    All,
}

impl RxState {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Normal,
        Self::None,
        Self::All,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::None => "none",
            Self::All => "all",
        }
    }
}

impl FromStr for RxState {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "normal" => Ok(Self::Normal),
            "none" => Ok(Self::None),
            "all" => Ok(Self::All),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for RxState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for RxState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for RxState {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for RxState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Which frames a card lets pass to its driver, because the driver said so.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct RxFilterInfo {
    /// the card's id, or its path if it has none
    pub name: String,
    /// all of them, whatever stands below
    pub promiscuous: bool,
    /// those to several stations
    pub multicast: RxState,
    /// those to one station
    pub unicast: RxState,
    /// those with a VLAN tag
    pub vlan: RxState,
    /// those to all stations
    pub broadcast_allowed: bool,
    /// there were too many addresses of several stations, and so all of these pass
    pub multicast_overflow: bool,
    /// there were too many addresses of one station, and so all of these pass
    pub unicast_overflow: bool,
    /// the card's own address
    pub main_mac: String,
    /// VLANs that pass
    pub vlan_table: Vec<i64>,
    /// addresses of one station that pass besides the card's own
    pub unicast_table: Vec<String>,
    /// addresses of several stations that pass
    pub multicast_table: Vec<String>,
}

impl EncodeMembers for RxFilterInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("promiscuous", &self.promiscuous)?;
        members.serialize_entry("multicast", &self.multicast)?;
        members.serialize_entry("unicast", &self.unicast)?;
        members.serialize_entry("vlan", &self.vlan)?;
        members.serialize_entry("broadcast-allowed", &self.broadcast_allowed)?;
        members.serialize_entry("multicast-overflow", &self.multicast_overflow)?;
        members.serialize_entry("unicast-overflow", &self.unicast_overflow)?;
        members.serialize_entry("main-mac", &self.main_mac)?;
        members.serialize_entry("vlan-table", &self.vlan_table)?;
        members.serialize_entry("unicast-table", &self.unicast_table)?;
        members.serialize_entry("multicast-table", &self.multicast_table)?;
        Ok(())
    }
}

impl DecodeMembers for RxFilterInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            promiscuous: members.required("promiscuous")?,
            multicast: members.required("multicast")?,
            unicast: members.required("unicast")?,
            vlan: members.required("vlan")?,
            broadcast_allowed: members.required("broadcast-allowed")?,
            multicast_overflow: members.required("multicast-overflow")?,
            unicast_overflow: members.required("unicast-overflow")?,
            main_mac: members.required("main-mac")?,
            vlan_table: members.required("vlan-table")?,
            unicast_table: members.required("unicast-table")?,
            multicast_table: members.required("multicast-table")?,
        })
    }
}

impl Serialize for RxFilterInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for RxFilterInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for RxFilterInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Why the link of a card is up or down.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NetLinkCause {
    /// a client has pulled the cable or plugged it in
    SetLink,
    /// the host's interface at the other end was switched on
    InterfaceUp,
    /// the host's interface at the other end was switched off
    InterfaceDown,
    /// the host's interface at the other end is no more.  The card has to be made anew.
    InterfaceGone,
}

impl NetLinkCause {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::SetLink,
        Self::InterfaceUp,
        Self::InterfaceDown,
        Self::InterfaceGone,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetLink => "set-link",
            Self::InterfaceUp => "interface-up",
            Self::InterfaceDown => "interface-down",
            Self::InterfaceGone => "interface-gone",
        }
    }
}

impl FromStr for NetLinkCause {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "set-link" => Ok(Self::SetLink),
            "interface-up" => Ok(Self::InterfaceUp),
            "interface-down" => Ok(Self::InterfaceDown),
            "interface-gone" => Ok(Self::InterfaceGone),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for NetLinkCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for NetLinkCause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for NetLinkCause {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for NetLinkCause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

