// Written by `cargo xtask codegen` from `qapi-schema/schema/device.json`; change nothing here.

//! Commands, from the client's side, of `device.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

/// Command `device_del`.
///
/// Takes a device off its bus.  What the guest has under way with it is brought to an end; event `DEVICE_DELETED`
/// tells when it is gone.
///
/// # Errors
///
/// - DeviceNotFound if there is no such device
/// - GenericError if it has to stay as long as the machine
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "device_del", "arguments": { "id": "disk9" } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceDel {
    /// the id of the device, or its path
    pub id: String,
}

impl EncodeMembers for DeviceDel {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("id", &self.id)?;
        Ok(())
    }
}

impl DecodeMembers for DeviceDel {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: members.required("id")?,
        })
    }
}

impl Serialize for DeviceDel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DeviceDel {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DeviceDel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for DeviceDel {
    const NAME: &'static str = "device_del";
    type Return = Empty;
}
