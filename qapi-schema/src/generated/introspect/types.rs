// Written by `cargo xtask codegen` from `qapi-schema/schema/introspect.json`; change nothing here.

//! Types of `introspect.json`.

#![allow(clippy::large_enum_variant, reason = "the schema decides what a branch holds")]

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// The sorts of things in a schema.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SchemaMetaType {
    /// a type of the schema language itself
    Builtin,
    /// an enumeration
    Enum,
    /// an array
    Array,
    /// a struct, a union or the arguments of a command or event
    Object,
    /// a choice between types that JSON can tell apart
    Alternate,
    /// a command
    Command,
    /// an event
    Event,
}

impl SchemaMetaType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Builtin,
        Self::Enum,
        Self::Array,
        Self::Object,
        Self::Alternate,
        Self::Command,
        Self::Event,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Enum => "enum",
            Self::Array => "array",
            Self::Object => "object",
            Self::Alternate => "alternate",
            Self::Command => "command",
            Self::Event => "event",
        }
    }
}

impl FromStr for SchemaMetaType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "builtin" => Ok(Self::Builtin),
            "enum" => Ok(Self::Enum),
            "array" => Ok(Self::Array),
            "object" => Ok(Self::Object),
            "alternate" => Ok(Self::Alternate),
            "command" => Ok(Self::Command),
            "event" => Ok(Self::Event),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for SchemaMetaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for SchemaMetaType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for SchemaMetaType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaMetaType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One thing in the schema.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfo {
    /// its name; for types other than builtins and arrays a meaningless one
    pub name: String,
    /// its features, in the schema's order (absent: none)
    pub features: Option<Vec<String>>,
    /// What depends on `meta-type`.
    pub branch: SchemaInfoBranch,
}

impl SchemaInfo {
    /// The value that selects the branch.
    pub const fn tag(&self) -> SchemaMetaType {
        self.branch.tag()
    }
}

impl EncodeMembers for SchemaInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("meta-type", &self.tag())?;
        if let Some(value) = &self.features {
            members.serialize_entry("features", value)?;
        }
        self.branch.encode_branch(members)
    }
}

impl DecodeMembers for SchemaInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        let tag = members.required("meta-type")?;
        Ok(Self {
            name: members.required("name")?,
            features: members.optional("features")?,
            branch: SchemaInfoBranch::decode_branch(tag, members)?,
        })
    }
}

/// What differs between the kinds of [`SchemaInfo`].
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaInfoBranch {
    /// a type of the schema language itself
    Builtin(SchemaInfoBuiltin),
    /// an enumeration
    Enum(SchemaInfoEnum),
    /// an array
    Array(SchemaInfoArray),
    /// a struct, a union or the arguments of a command or event
    Object(SchemaInfoObject),
    /// a choice between types that JSON can tell apart
    Alternate(SchemaInfoAlternate),
    /// a command
    Command(SchemaInfoCommand),
    /// an event
    Event(SchemaInfoEvent),
}

impl SchemaInfoBranch {
    /// The value that selects this branch.
    pub const fn tag(&self) -> SchemaMetaType {
        match self {
            Self::Builtin(_) => SchemaMetaType::Builtin,
            Self::Enum(_) => SchemaMetaType::Enum,
            Self::Array(_) => SchemaMetaType::Array,
            Self::Object(_) => SchemaMetaType::Object,
            Self::Alternate(_) => SchemaMetaType::Alternate,
            Self::Command(_) => SchemaMetaType::Command,
            Self::Event(_) => SchemaMetaType::Event,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(_tag: SchemaMetaType) -> Option<Self> {
        None
    }

    fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Builtin(branch) => branch.encode_members(members),
            Self::Enum(branch) => branch.encode_members(members),
            Self::Array(branch) => branch.encode_members(members),
            Self::Object(branch) => branch.encode_members(members),
            Self::Alternate(branch) => branch.encode_members(members),
            Self::Command(branch) => branch.encode_members(members),
            Self::Event(branch) => branch.encode_members(members),
        }
    }

    fn decode_branch(tag: SchemaMetaType, members: &mut Members<'_>) -> Result<Self, Error> {
        match tag {
            SchemaMetaType::Builtin => DecodeMembers::decode_members(members).map(Self::Builtin),
            SchemaMetaType::Enum => DecodeMembers::decode_members(members).map(Self::Enum),
            SchemaMetaType::Array => DecodeMembers::decode_members(members).map(Self::Array),
            SchemaMetaType::Object => DecodeMembers::decode_members(members).map(Self::Object),
            SchemaMetaType::Alternate => DecodeMembers::decode_members(members).map(Self::Alternate),
            SchemaMetaType::Command => DecodeMembers::decode_members(members).map(Self::Command),
            SchemaMetaType::Event => DecodeMembers::decode_members(members).map(Self::Event),
        }
    }

}

impl From<SchemaInfoBuiltin> for SchemaInfoBranch {
    fn from(branch: SchemaInfoBuiltin) -> Self {
        Self::Builtin(branch)
    }
}

impl From<SchemaInfoEnum> for SchemaInfoBranch {
    fn from(branch: SchemaInfoEnum) -> Self {
        Self::Enum(branch)
    }
}

impl From<SchemaInfoArray> for SchemaInfoBranch {
    fn from(branch: SchemaInfoArray) -> Self {
        Self::Array(branch)
    }
}

impl From<SchemaInfoObject> for SchemaInfoBranch {
    fn from(branch: SchemaInfoObject) -> Self {
        Self::Object(branch)
    }
}

impl From<SchemaInfoAlternate> for SchemaInfoBranch {
    fn from(branch: SchemaInfoAlternate) -> Self {
        Self::Alternate(branch)
    }
}

impl From<SchemaInfoCommand> for SchemaInfoBranch {
    fn from(branch: SchemaInfoCommand) -> Self {
        Self::Command(branch)
    }
}

impl From<SchemaInfoEvent> for SchemaInfoBranch {
    fn from(branch: SchemaInfoEvent) -> Self {
        Self::Event(branch)
    }
}

impl Serialize for SchemaInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The kinds of JSON values that a builtin type takes.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JSONType {
    /// a string
    String,
    /// any number
    Number,
    /// a number without fraction and exponent
    Int,
    /// true or false
    Boolean,
    /// null
    Null,
    /// an object
    Object,
    /// an array
    Array,
    /// anything
    Value,
}

impl JSONType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::String,
        Self::Number,
        Self::Int,
        Self::Boolean,
        Self::Null,
        Self::Object,
        Self::Array,
        Self::Value,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Int => "int",
            Self::Boolean => "boolean",
            Self::Null => "null",
            Self::Object => "object",
            Self::Array => "array",
            Self::Value => "value",
        }
    }
}

impl FromStr for JSONType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "string" => Ok(Self::String),
            "number" => Ok(Self::Number),
            "int" => Ok(Self::Int),
            "boolean" => Ok(Self::Boolean),
            "null" => Ok(Self::Null),
            "object" => Ok(Self::Object),
            "array" => Ok(Self::Array),
            "value" => Ok(Self::Value),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for JSONType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for JSONType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for JSONType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for JSONType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A type of the schema language itself.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoBuiltin {
    /// how its values look in JSON
    pub json_type: JSONType,
}

impl EncodeMembers for SchemaInfoBuiltin {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("json-type", &self.json_type)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoBuiltin {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            json_type: members.required("json-type")?,
        })
    }
}

impl Serialize for SchemaInfoBuiltin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoBuiltin {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoBuiltin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// An enumeration.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoEnum {
    /// its values, in the schema's order
    pub members: Vec<SchemaInfoEnumMember>,
    /// the names of the values alone, for clients that were written before there was `members`
    pub values: Vec<String>,
}

impl EncodeMembers for SchemaInfoEnum {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("members", &self.members)?;
        members.serialize_entry("values", &self.values)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoEnum {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            members: members.required("members")?,
            values: members.required("values")?,
        })
    }
}

impl Serialize for SchemaInfoEnum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoEnum {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoEnum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One value of an enumeration.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoEnumMember {
    /// the value
    pub name: String,
    /// its features (absent: none)
    pub features: Option<Vec<String>>,
}

impl EncodeMembers for SchemaInfoEnumMember {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        if let Some(value) = &self.features {
            members.serialize_entry("features", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoEnumMember {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            features: members.optional("features")?,
        })
    }
}

impl Serialize for SchemaInfoEnumMember {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoEnumMember {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoEnumMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// An array.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoArray {
    /// the type of its elements
    pub element_type: String,
}

impl EncodeMembers for SchemaInfoArray {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("element-type", &self.element_type)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoArray {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            element_type: members.required("element-type")?,
        })
    }
}

impl Serialize for SchemaInfoArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoArray {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// An object.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoObject {
    /// the members that it always has, those of a base type among them
    pub members: Vec<SchemaInfoObjectMember>,
    /// the member whose value decides which further members there are (absent: there are none)
    pub tag: Option<String>,
    /// the further members by the tag's value; present together with `tag`
    pub variants: Option<Vec<SchemaInfoObjectVariant>>,
}

impl EncodeMembers for SchemaInfoObject {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("members", &self.members)?;
        if let Some(value) = &self.tag {
            members.serialize_entry("tag", value)?;
        }
        if let Some(value) = &self.variants {
            members.serialize_entry("variants", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoObject {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            members: members.required("members")?,
            tag: members.optional("tag")?,
            variants: members.optional("variants")?,
        })
    }
}

impl Serialize for SchemaInfoObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoObject {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One member of an object.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoObjectMember {
    /// its name
    pub name: String,
    /// the name of its type
    pub type_: String,
    /// null if the member may be left out, without a word about what holds then; absent if it must be
    /// there
    pub default: Option<Value>,
    /// its features (absent: none)
    pub features: Option<Vec<String>>,
}

impl EncodeMembers for SchemaInfoObjectMember {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("type", &self.type_)?;
        if let Some(value) = &self.default {
            members.serialize_entry("default", value)?;
        }
        if let Some(value) = &self.features {
            members.serialize_entry("features", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoObjectMember {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            type_: members.required("type")?,
            default: members.optional("default")?,
            features: members.optional("features")?,
        })
    }
}

impl Serialize for SchemaInfoObjectMember {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoObjectMember {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoObjectMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The members that one value of the tag adds.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoObjectVariant {
    /// the value of the tag
    pub case: String,
    /// the name of the object type whose members are added
    pub type_: String,
}

impl EncodeMembers for SchemaInfoObjectVariant {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("case", &self.case)?;
        members.serialize_entry("type", &self.type_)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoObjectVariant {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            case: members.required("case")?,
            type_: members.required("type")?,
        })
    }
}

impl Serialize for SchemaInfoObjectVariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoObjectVariant {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoObjectVariant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A choice between types.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoAlternate {
    /// the types to choose from
    pub members: Vec<SchemaInfoAlternateMember>,
}

impl EncodeMembers for SchemaInfoAlternate {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("members", &self.members)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoAlternate {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            members: members.required("members")?,
        })
    }
}

impl Serialize for SchemaInfoAlternate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoAlternate {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoAlternate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One type of an alternate.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoAlternateMember {
    /// its name
    pub type_: String,
}

impl EncodeMembers for SchemaInfoAlternateMember {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("type", &self.type_)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoAlternateMember {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            type_: members.required("type")?,
        })
    }
}

impl Serialize for SchemaInfoAlternateMember {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoAlternateMember {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoAlternateMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A command.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoCommand {
    /// the name of the object type that holds the arguments
    pub arg_type: String,
    /// the name of the type that is returned
    pub ret_type: String,
    /// the command may be sent with `exec-oob` (default: false)
    pub allow_oob: Option<bool>,
}

impl EncodeMembers for SchemaInfoCommand {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("arg-type", &self.arg_type)?;
        members.serialize_entry("ret-type", &self.ret_type)?;
        if let Some(value) = &self.allow_oob {
            members.serialize_entry("allow-oob", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoCommand {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            arg_type: members.required("arg-type")?,
            ret_type: members.required("ret-type")?,
            allow_oob: members.optional("allow-oob")?,
        })
    }
}

impl Serialize for SchemaInfoCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoCommand {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// An event.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaInfoEvent {
    /// the name of the object type that holds the event's data
    pub arg_type: String,
}

impl EncodeMembers for SchemaInfoEvent {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("arg-type", &self.arg_type)?;
        Ok(())
    }
}

impl DecodeMembers for SchemaInfoEvent {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            arg_type: members.required("arg-type")?,
        })
    }
}

impl Serialize for SchemaInfoEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SchemaInfoEvent {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SchemaInfoEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

