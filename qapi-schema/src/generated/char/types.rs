// Written by `cargo xtask codegen` from `qapi-schema/schema/char.json`; change nothing here.

//! Types of `char.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    decode, encode,
};

/// One of them.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct ChardevInfo {
    /// what it is called: "serial0" for the serial line; for a console its id, with a dot and the name of the
    /// port behind it if that has one
    pub label: String,
    /// where on the host it ends, as it was asked for
    pub filename: String,
    /// whether the guest has it open, as far as the guest says
    pub frontend_open: bool,
}

impl EncodeMembers for ChardevInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("label", &self.label)?;
        members.serialize_entry("filename", &self.filename)?;
        members.serialize_entry("frontend-open", &self.frontend_open)?;
        Ok(())
    }
}

impl DecodeMembers for ChardevInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            label: members.required("label")?,
            filename: members.required("filename")?,
            frontend_open: members.required("frontend-open")?,
        })
    }
}

impl Serialize for ChardevInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for ChardevInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for ChardevInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

