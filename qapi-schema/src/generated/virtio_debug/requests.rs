// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio-debug.json`; change nothing here.

//! Commands, from the client's side, of `virtio-debug.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioStatus};

/// Command `x-debug-query-virtio`.
///
/// Lists the virtio devices, the last created first.
///
/// Returns: the devices; an empty list if there are none
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "x-debug-query-virtio" }
/// <- { "return": [ { "path": "/machine/peripheral/balloon0", "type": "virtio-balloon" },
///                  { "path": "/machine/peripheral/rng0", "type": "virtio-rng" },
///                  { "path": "/machine/peripheral/console0", "type": "virtio-serial" },
///                  { "path": "/machine/peripheral/net0", "type": "virtio-net" },
///                  { "path": "/machine/peripheral/disk0", "type": "virtio-blk" } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XDebugQueryVirtio;

impl Serialize for XDebugQueryVirtio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for XDebugQueryVirtio {
    const NAME: &'static str = "x-debug-query-virtio";
    type Return = Vec<DebugVirtioInfo>;
}

/// Command `x-debug-virtio-status`.
///
/// Tells the state of a virtio device.
///
/// Returns: the state
///
/// # Errors
///
/// - GenericError if no virtio device has that path
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "x-debug-virtio-status", "arguments": { "path": "/machine/peripheral/disk0" } }
/// <- { "return": { "device-id": 2, "device-endian": "little",
///        "guest-features": { "type": "virtio-blk",
///                            "transport": [ "event-idx", "indirect-desc", "version-1" ],
///                            "features": [ "flush" ] },
///        "host-features": { "type": "virtio-blk",
///                           "transport": [ "event-idx", "indirect-desc", "version-1" ],
///                           "features": [ "flush", "write-zeroes", "discard", "blk-size",
///                                         "seg-max", "size-max" ] },
///        "backend-features": { "type": "virtio-blk", "transport": [], "features": [] },
///        "num-vqs": 1 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XDebugVirtioStatus {
    /// the device's path in the object tree
    pub path: String,
}

impl EncodeMembers for XDebugVirtioStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        Ok(())
    }
}

impl DecodeMembers for XDebugVirtioStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
        })
    }
}

impl Serialize for XDebugVirtioStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XDebugVirtioStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XDebugVirtioStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XDebugVirtioStatus {
    const NAME: &'static str = "x-debug-virtio-status";
    type Return = DebugVirtioStatus;
}

/// Command `x-debug-virtio-queue-status`.
///
/// Tells the state of a queue.
///
/// Returns: the state
///
/// # Errors
///
/// - GenericError if no virtio device has that path, or it has no such queue
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "x-debug-virtio-queue-status",
///      "arguments": { "path": "/machine/peripheral/disk0", "queue": 0 } }
/// <- { "return": { "device-type": "virtio-blk", "queue-index": 0, "inuse": 0,
///        "vring-num": 64, "vring-num-default": 256, "vring-align": 4096,
///        "vring-desc": 2097152, "vring-avail": 2098176, "vring-used": 2099200,
///        "last-avail-idx": 28, "shadow-avail-idx": 28, "used-idx": 28,
///        "signalled-used": 28, "signalled-used-valid": 1 } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XDebugVirtioQueueStatus {
    /// the device's path in the object tree
    pub path: String,
    /// the queue's number
    pub queue: u16,
}

impl EncodeMembers for XDebugVirtioQueueStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("queue", &self.queue)?;
        Ok(())
    }
}

impl DecodeMembers for XDebugVirtioQueueStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            queue: members.required("queue")?,
        })
    }
}

impl Serialize for XDebugVirtioQueueStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XDebugVirtioQueueStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XDebugVirtioQueueStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XDebugVirtioQueueStatus {
    const NAME: &'static str = "x-debug-virtio-queue-status";
    type Return = DebugVirtQueueStatus;
}

/// Command `x-debug-virtio-queue-element`.
///
/// Shows one element of a queue.
///
/// The element need not be under way: what a place of the ring held last is shown until the driver writes over it.
///
/// Returns: the element
///
/// # Errors
///
/// - GenericError if no virtio device has that path, it has no such queue, or the ring or the chain can not be
///   read
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "x-debug-virtio-queue-element",
///      "arguments": { "path": "/machine/peripheral/disk0", "queue": 0, "index": 5 } }
/// <- { "return": { "index": 4, "ndescs": 4,
///        "descs": [ { "addr": 2166800, "len": 1, "flags": [ "write" ] },
///                   { "addr": 2168064, "len": 256, "flags": [ "write", "next" ] },
///                   { "addr": 2167808, "len": 256, "flags": [ "write", "next" ] },
///                   { "addr": 2166784, "len": 16, "flags": [ "next" ] } ] } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XDebugVirtioQueueElement {
    /// the device's path in the object tree
    pub path: String,
    /// the queue's number
    pub queue: u16,
    /// the place in the driver's ring, modulo the ring's size (default: the next that the device takes)
    pub index: Option<u16>,
}

impl EncodeMembers for XDebugVirtioQueueElement {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("queue", &self.queue)?;
        if let Some(value) = &self.index {
            members.serialize_entry("index", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for XDebugVirtioQueueElement {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            queue: members.required("queue")?,
            index: members.optional("index")?,
        })
    }
}

impl Serialize for XDebugVirtioQueueElement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XDebugVirtioQueueElement {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XDebugVirtioQueueElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XDebugVirtioQueueElement {
    const NAME: &'static str = "x-debug-virtio-queue-element";
    type Return = DebugVirtioQueueElement;
}
