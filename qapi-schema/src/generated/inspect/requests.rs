// Written by `cargo xtask codegen` from `qapi-schema/schema/inspect.json`; change nothing here.

//! Commands, from the client's side, of `inspect.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    Request, decode, encode,
};

use super::{VirtioChains, VirtioDevice};

/// Command `query-virtio`.
///
/// Shows virtio devices with everything that a person needs to tell whose fault it is.
///
/// Returns: the devices
///
/// # Errors
///
/// - GenericError if no virtio device has that path
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-virtio", "arguments": { "path": "/machine/peripheral/rng0" } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryVirtio {
    /// the device's path in the object tree (default: all devices, in the order of their creation)
    pub path: Option<String>,
}

impl EncodeMembers for QueryVirtio {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.path {
            members.serialize_entry("path", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QueryVirtio {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.optional("path")?,
        })
    }
}

impl Serialize for QueryVirtio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QueryVirtio {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QueryVirtio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QueryVirtio {
    const NAME: &'static str = "query-virtio";
    type Return = Vec<VirtioDevice>;
}

/// Command `query-virtio-chains`.
///
/// Shows chains of a queue: every descriptor checked, the request's header decoded.
///
/// Without `slot` these are the chains that the device has taken and not returned.
///
/// Returns: the chains
///
/// # Errors
///
/// - GenericError if no virtio device has that path, it has no such queue, the queue is not set up, its ring can
///   not be read, `count` is given without `slot` or is 0 or more than the ring's size, or `dump` is more than 4096
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-virtio-chains",
///      "arguments": { "path": "/machine/peripheral/disk0", "queue": 0, "slot": 5 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryVirtioChains {
    /// the device's path in the object tree
    pub path: String,
    /// the queue's number
    pub queue: u16,
    /// a place in the ring, modulo the ring's size; what it held last is shown until the driver writes over it
    pub slot: Option<u16>,
    /// how many places from `slot` on (default: 1)
    pub count: Option<u16>,
    /// how many bytes of the chain's buffers to show, from 0 to 4096 (default: 0)
    pub dump: Option<u16>,
}

impl EncodeMembers for QueryVirtioChains {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("queue", &self.queue)?;
        if let Some(value) = &self.slot {
            members.serialize_entry("slot", value)?;
        }
        if let Some(value) = &self.count {
            members.serialize_entry("count", value)?;
        }
        if let Some(value) = &self.dump {
            members.serialize_entry("dump", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QueryVirtioChains {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            queue: members.required("queue")?,
            slot: members.optional("slot")?,
            count: members.optional("count")?,
            dump: members.optional("dump")?,
        })
    }
}

impl Serialize for QueryVirtioChains {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QueryVirtioChains {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QueryVirtioChains {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QueryVirtioChains {
    const NAME: &'static str = "query-virtio-chains";
    type Return = VirtioChains;
}
