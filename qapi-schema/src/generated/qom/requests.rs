// Written by `cargo xtask codegen` from `qapi-schema/schema/qom.json`; change nothing here.

//! Commands, from the client's side, of `qom.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    Request, decode, encode,
};

use super::{ObjectPropertyInfo, ObjectTypeInfo};

/// Command `qom-list`.
///
/// Lists the properties of an object, its children among them.
///
/// Returns: the properties
///
/// # Errors
///
/// - DeviceNotFound if there is no such object
/// - GenericError if several objects have paths that end so
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "qom-list", "arguments": { "path": "/machine/unattached" } }
/// <- { "return": [ { "name": "type", "type": "string" },
///                  { "name": "device[0]", "type": "child<x86_64-cpu>" } ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QomList {
    /// the path of the object, from the root on (`/machine`), or as much of its end as no other object shares
    pub path: String,
}

impl EncodeMembers for QomList {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        Ok(())
    }
}

impl DecodeMembers for QomList {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
        })
    }
}

impl Serialize for QomList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QomList {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QomList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QomList {
    const NAME: &'static str = "qom-list";
    type Return = Vec<ObjectPropertyInfo>;
}

/// Command `qom-get`.
///
/// Reads a property of an object.
///
/// Returns: its value, of the type that `qom-list` tells; for a child its path
///
/// # Errors
///
/// - DeviceNotFound if there is no such object
/// - GenericError if several objects have paths that end so, or if the object has no such property
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "qom-get", "arguments": { "path": "/machine/unattached/device[0]", "property": "core-id" } }
/// <- { "return": 0 }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QomGet {
    /// the path of the object, as for `qom-list`
    pub path: String,
    /// the name of the property
    pub property: String,
}

impl EncodeMembers for QomGet {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("property", &self.property)?;
        Ok(())
    }
}

impl DecodeMembers for QomGet {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            property: members.required("property")?,
        })
    }
}

impl Serialize for QomGet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QomGet {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QomGet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QomGet {
    const NAME: &'static str = "qom-get";
    type Return = Value;
}

/// Command `qom-list-types`.
///
/// Lists the types of objects that a machine can have.
///
/// Returns: the types; an empty list if there is no type of that name
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "qom-list-types", "arguments": { "implements": "virtio-rng-device" } }
/// <- { "return": [ { "name": "virtio-rng-device", "parent": "virtio-device" } ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QomListTypes {
    /// list only this type and those that derive from it (default: every type)
    pub implements: Option<String>,
    /// list abstract types too (default: false)
    pub abstract_: Option<bool>,
}

impl EncodeMembers for QomListTypes {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.implements {
            members.serialize_entry("implements", value)?;
        }
        if let Some(value) = &self.abstract_ {
            members.serialize_entry("abstract", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QomListTypes {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            implements: members.optional("implements")?,
            abstract_: members.optional("abstract")?,
        })
    }
}

impl Serialize for QomListTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QomListTypes {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QomListTypes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QomListTypes {
    const NAME: &'static str = "qom-list-types";
    type Return = Vec<ObjectTypeInfo>;
}

/// Command `device-list-properties`.
///
/// Lists the properties that a device of a type has.  What can be chosen for it on the command line is told with its meaning.
///
/// Returns: the properties
///
/// # Errors
///
/// - DeviceNotFound if there is no such type
/// - GenericError if it is no type of devices, or an abstract one
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "device-list-properties", "arguments": { "typename": "virtio-rng-device" } }
/// <- { "return": [ { "name": "realized", "type": "bool" }, ... ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceListProperties {
    /// the name of the type
    pub typename: String,
}

impl EncodeMembers for DeviceListProperties {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("typename", &self.typename)?;
        Ok(())
    }
}

impl DecodeMembers for DeviceListProperties {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            typename: members.required("typename")?,
        })
    }
}

impl Serialize for DeviceListProperties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DeviceListProperties {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DeviceListProperties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for DeviceListProperties {
    const NAME: &'static str = "device-list-properties";
    type Return = Vec<ObjectPropertyInfo>;
}
