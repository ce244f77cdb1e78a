// Written by `cargo xtask codegen` from `qapi-schema/schema/block.json`; change nothing here.

//! Types of `block.json`.

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use super::super::runtime::{Decode, Error, Path, UnknownValue, decode};

/// What is done about a request that the storage could not do.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockErrorAction {
    /// the guest is told that it was done
    Ignore,
    /// the guest is told of the error
    Report,
    /// the machine stops, and the request is tried again when it goes on
    Stop,
}

impl BlockErrorAction {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Ignore,
        Self::Report,
        Self::Stop,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Report => "report",
            Self::Stop => "stop",
        }
    }
}

impl FromStr for BlockErrorAction {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "ignore" => Ok(Self::Ignore),
            "report" => Ok(Self::Report),
            "stop" => Ok(Self::Stop),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for BlockErrorAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for BlockErrorAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for BlockErrorAction {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockErrorAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The direction of a request. Everything but a read counts as a write.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IoOperationType {
    /// from the storage
    Read,
    /// to the storage
    Write,
}

impl IoOperationType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Write,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl FromStr for IoOperationType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for IoOperationType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for IoOperationType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for IoOperationType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for IoOperationType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

