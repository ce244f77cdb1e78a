// Written by `cargo xtask codegen` from `qapi-schema/schema/control.json`; change nothing here.

//! Types of `control.json`.

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// What a client may switch on while it opens the connection.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QMPCapability {
    /// commands that allow it may be sent with `exec-oob` and then overtake the queue
    Oob,
}

impl QMPCapability {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Oob,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oob => "oob",
        }
    }
}

impl FromStr for QMPCapability {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "oob" => Ok(Self::Oob),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for QMPCapability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for QMPCapability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for QMPCapability {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for QMPCapability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A version number in three parts.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VersionTriple {
    /// the first part
    pub major: i64,
    /// the second part
    pub minor: i64,
    /// the third part
    pub micro: i64,
}

impl EncodeMembers for VersionTriple {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("major", &self.major)?;
        members.serialize_entry("minor", &self.minor)?;
        members.serialize_entry("micro", &self.micro)?;
        Ok(())
    }
}

impl DecodeMembers for VersionTriple {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            major: members.required("major")?,
            minor: members.required("minor")?,
            micro: members.required("micro")?,
        })
    }
}

impl Serialize for VersionTriple {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VersionTriple {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VersionTriple {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What the server is.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VersionInfo {
    /// the version of QEMU whose protocol is spoken
    pub qemu: VersionTriple,
    /// the name and version of the program that answers
    pub package: String,
}

impl EncodeMembers for VersionInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("qemu", &self.qemu)?;
        members.serialize_entry("package", &self.package)?;
        Ok(())
    }
}

impl DecodeMembers for VersionInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            qemu: members.required("qemu")?,
            package: members.required("package")?,
        })
    }
}

impl Serialize for VersionInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VersionInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VersionInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One command of the server.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct CommandInfo {
    /// its name on the wire
    pub name: String,
}

impl EncodeMembers for CommandInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        Ok(())
    }
}

impl DecodeMembers for CommandInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
        })
    }
}

impl Serialize for CommandInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for CommandInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for CommandInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

