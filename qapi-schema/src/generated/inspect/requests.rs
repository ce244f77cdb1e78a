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
/// <- { "return": [ { "path": "/machine/peripheral/rng0", "name": "virtio-rng", "device-id": 4,
///        "time": 7334312668530, "machine-running": true, "working": false,
///        "status": [ "acknowledge", "driver", "features-ok", "driver-ok" ],
///        "features": [
///          { "bit": 28, "scope": "transport", "name": "VIRTIO_RING_F_INDIRECT_DESC",
///            "description": "Descriptors may refer to tables of descriptors", "state": "agreed" },
///          { "bit": 29, "scope": "transport", "name": "VIRTIO_RING_F_EVENT_IDX",
///            "description": "Each side says at which index it wants to be notified", "state": "agreed" },
///          { "bit": 32, "scope": "transport", "name": "VIRTIO_F_VERSION_1",
///            "description": "Not a legacy device: version 1 of the specification", "state": "agreed" } ],
///        "transport": { "type": "mmio", "queue-select": 0, "device-features-select": 0,
///          "driver-features-select": 1, "interrupt-status": [], "configuration-generation": 0 },
///        "queues": [ { "index": 0, "ready": true, "size": 64, "maximum-size": 64,
///          "descriptor-area": 2490368, "driver-area": 2491392, "device-area": 2492416,
///          "ring": { "format": "split",
///            "driver-notification": { "wish": "at-position", "position": 23 },
///            "device-notification": { "wish": "at-position", "position": 23 },
///            "driver-available": 23, "device-seen-available": 23, "device-taken": 23,
///            "memory-used": 23, "device-used": 23 },
///          "waiting": 0, "in-flight": 0, "kick-pending": false, "next": "driver-make-available",
///          "generation": 107, "consistent": true } ] } ] }
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
/// <- { "return": { "path": "/machine/peripheral/disk0", "name": "virtio-blk", "time": 7334313233931,
///        "queue": { "index": 0, "ready": true, "size": 64, "maximum-size": 256,
///          "descriptor-area": 2097152, "driver-area": 2098176, "device-area": 2099200,
///          "ring": { "format": "split",
///            "driver-notification": { "wish": "at-position", "position": 122 },
///            "device-notification": { "wish": "at-position", "position": 122 },
///            "driver-available": 122, "device-seen-available": 122, "device-taken": 122,
///            "memory-used": 122, "device-used": 122 },
///          "waiting": 0, "in-flight": 0, "kick-pending": false, "next": "driver-make-available",
///          "generation": 385, "consistent": true },
///        "chains": [ { "slot": 5, "head": 0, "state": "stale",
///          "descriptors": [
///            { "index": 0, "indirect-table": false, "address": 2162688, "length": 16,
///              "flags": [ "next" ], "problems": [] },
///            { "index": 1, "indirect-table": false, "address": 2163712, "length": 512,
///              "flags": [ "next", "write" ], "problems": [] },
///            { "index": 2, "indirect-table": false, "address": 2162704, "length": 1,
///              "flags": [ "write" ], "problems": [] } ],
///          "readable-bytes": 16, "writable-bytes": 513,
///          "request": [
///            { "name": "type", "kind": "choice", "value": 0, "choice": "in" },
///            { "name": "sector", "kind": "number", "value": 10 },
///            { "name": "data", "kind": "number", "value": 512, "unit": "bytes" },
///            { "name": "status", "kind": "choice", "value": 0, "choice": "ok" } ] } ],
///        "complete": true } }
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
