// Written by `cargo xtask codegen` from `qapi-schema/schema/qom.json`; change nothing here.

//! Types of `qom.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    decode, encode,
};

/// A property of an object, or of the objects of a type.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectPropertyInfo {
    /// its name
    pub name: String,
    /// what it holds: `bool`, `str`, `uint64` and the like, the name of a type of this schema, or
    /// `child<TYPE>` for an object that belongs to this one
    pub type_: String,
    /// what it means, for people (absent: nobody has said)
    pub description: Option<String>,
    /// what it holds if nothing else is said (absent: not known)
    pub default_value: Option<Value>,
}

impl EncodeMembers for ObjectPropertyInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("type", &self.type_)?;
        if let Some(value) = &self.description {
            members.serialize_entry("description", value)?;
        }
        if let Some(value) = &self.default_value {
            members.serialize_entry("default-value", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for ObjectPropertyInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            type_: members.required("type")?,
            description: members.optional("description")?,
            default_value: members.optional("default-value")?,
        })
    }
}

impl Serialize for ObjectPropertyInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for ObjectPropertyInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for ObjectPropertyInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A type of objects.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectTypeInfo {
    /// its name
    pub name: String,
    /// there are objects of the types that derive from it only (absent: there may be objects of it)
    pub abstract_: Option<bool>,
    /// the type that it derives from (absent: it is the root of a tree of types)
    pub parent: Option<String>,
}

impl EncodeMembers for ObjectTypeInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        if let Some(value) = &self.abstract_ {
            members.serialize_entry("abstract", value)?;
        }
        if let Some(value) = &self.parent {
            members.serialize_entry("parent", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for ObjectTypeInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            abstract_: members.optional("abstract")?,
            parent: members.optional("parent")?,
        })
    }
}

impl Serialize for ObjectTypeInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for ObjectTypeInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for ObjectTypeInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

