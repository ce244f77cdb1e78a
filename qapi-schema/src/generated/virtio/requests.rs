// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio.json`; change nothing here.

//! Commands, from the client's side, of `virtio.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{VirtQueueStatus, VirtVhostQueueStatus, VirtioInfo, VirtioQueueElement, VirtioStatus};

/// Command `x-query-virtio`.
///
/// Lists the virtio devices, the last created first.
///
/// Returns: the devices; an empty list if there are none
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "x-query-virtio" }
/// <- { "return": [ { "path": "/machine/peripheral/balloon0", "name": "virtio-balloon" },
///                  { "path": "/machine/peripheral/rng0", "name": "virtio-rng" },
///                  { "path": "/machine/peripheral/console0", "name": "virtio-serial" },
///                  { "path": "/machine/peripheral/net0", "name": "virtio-net" },
///                  { "path": "/machine/peripheral/disk0", "name": "virtio-blk" } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XQueryVirtio;

impl Serialize for XQueryVirtio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for XQueryVirtio {
    const NAME: &'static str = "x-query-virtio";
    type Return = Vec<VirtioInfo>;
}

/// Command `x-query-virtio-status`.
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
/// -> { "execute": "x-query-virtio-status", "arguments": { "path": "/machine/peripheral/rng0" } }
/// <- { "return": { "name": "virtio-rng", "device-id": 4, "vhost-started": false,
///        "device-endian": "little",
///        "guest-features": { "transports": [
///          "VIRTIO_RING_F_EVENT_IDX: Each side says at which index it wants to be notified",
///          "VIRTIO_RING_F_INDIRECT_DESC: Descriptors may refer to tables of descriptors",
///          "VIRTIO_F_VERSION_1: Not a legacy device: version 1 of the specification" ],
///          "dev-features": [] },
///        "host-features": { "transports": [
///          "VIRTIO_RING_F_EVENT_IDX: Each side says at which index it wants to be notified",
///          "VIRTIO_RING_F_INDIRECT_DESC: Descriptors may refer to tables of descriptors",
///          "VIRTIO_F_VERSION_1: Not a legacy device: version 1 of the specification" ],
///          "dev-features": [] },
///        "backend-features": { "transports": [], "dev-features": [] },
///        "num-vqs": 1,
///        "status": { "statuses": [
///          "VIRTIO_CONFIG_S_ACKNOWLEDGE: The driver has noticed the device",
///          "VIRTIO_CONFIG_S_DRIVER: The driver knows how to drive the device",
///          "VIRTIO_CONFIG_S_FEATURES_OK: The features are negotiated",
///          "VIRTIO_CONFIG_S_DRIVER_OK: The driver is ready" ] },
///        "isr": 0, "queue-sel": 0, "vm-running": true, "broken": false, "disabled": false,
///        "use-started": true, "started": true, "start-on-kick": false, "disable-legacy-check": false,
///        "bus-name": "", "use-guest-notifier-mask": true } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XQueryVirtioStatus {
    /// the device's path in the object tree
    pub path: String,
}

impl EncodeMembers for XQueryVirtioStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        Ok(())
    }
}

impl DecodeMembers for XQueryVirtioStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
        })
    }
}

impl Serialize for XQueryVirtioStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XQueryVirtioStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XQueryVirtioStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XQueryVirtioStatus {
    const NAME: &'static str = "x-query-virtio-status";
    type Return = VirtioStatus;
}

/// Command `x-query-virtio-queue-status`.
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
/// -> { "execute": "x-query-virtio-queue-status",
///      "arguments": { "path": "/machine/peripheral/disk0", "queue": 0 } }
/// <- { "return": { "name": "virtio-blk", "queue-index": 0, "inuse": 0,
///        "vring-num": 64, "vring-num-default": 256, "vring-align": 4096,
///        "vring-desc": 2097152, "vring-avail": 2098176, "vring-used": 2099200,
///        "last-avail-idx": 28, "shadow-avail-idx": 28, "used-idx": 28,
///        "signalled-used": 28, "signalled-used-valid": true } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XQueryVirtioQueueStatus {
    /// the device's path in the object tree
    pub path: String,
    /// the queue's number
    pub queue: u16,
}

impl EncodeMembers for XQueryVirtioQueueStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("queue", &self.queue)?;
        Ok(())
    }
}

impl DecodeMembers for XQueryVirtioQueueStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            queue: members.required("queue")?,
        })
    }
}

impl Serialize for XQueryVirtioQueueStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XQueryVirtioQueueStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XQueryVirtioQueueStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XQueryVirtioQueueStatus {
    const NAME: &'static str = "x-query-virtio-queue-status";
    type Return = VirtQueueStatus;
}

/// Command `x-query-virtio-vhost-queue-status`.
///
/// Tells the state of a queue that a vhost backend runs.
///
/// Returns: the state
///
/// # Errors
///
/// - GenericError if no virtio device has that path, or no vhost backend runs the queue
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "x-query-virtio-vhost-queue-status",
///      "arguments": { "path": "/machine/peripheral/disk0", "queue": 0 } }
/// <- { "error": { "class": "GenericError",
///                 "desc": "Error: vhost device has not started yet" } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XQueryVirtioVhostQueueStatus {
    /// the device's path in the object tree
    pub path: String,
    /// the queue's number
    pub queue: u16,
}

impl EncodeMembers for XQueryVirtioVhostQueueStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("queue", &self.queue)?;
        Ok(())
    }
}

impl DecodeMembers for XQueryVirtioVhostQueueStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            queue: members.required("queue")?,
        })
    }
}

impl Serialize for XQueryVirtioVhostQueueStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XQueryVirtioVhostQueueStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XQueryVirtioVhostQueueStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XQueryVirtioVhostQueueStatus {
    const NAME: &'static str = "x-query-virtio-vhost-queue-status";
    type Return = VirtVhostQueueStatus;
}

/// Command `x-query-virtio-queue-element`.
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
/// -> { "execute": "x-query-virtio-queue-element",
///      "arguments": { "path": "/machine/peripheral/disk0", "queue": 0, "index": 5 } }
/// <- { "return": { "name": "virtio-blk", "index": 4,
///        "descs": [ { "addr": 2166800, "len": 1, "flags": [ "write" ] },
///                   { "addr": 2168064, "len": 256, "flags": [ "write", "next" ] },
///                   { "addr": 2167808, "len": 256, "flags": [ "write", "next" ] },
///                   { "addr": 2166784, "len": 16, "flags": [ "next" ] } ],
///        "avail": { "flags": 0, "idx": 28, "ring": 4 },
///        "used": { "flags": 0, "idx": 28 } } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct XQueryVirtioQueueElement {
    /// the device's path in the object tree
    pub path: String,
    /// the queue's number
    pub queue: u16,
    /// the place in the driver's ring, modulo the ring's size (default: the next that the device takes)
    pub index: Option<u16>,
}

impl EncodeMembers for XQueryVirtioQueueElement {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("queue", &self.queue)?;
        if let Some(value) = &self.index {
            members.serialize_entry("index", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for XQueryVirtioQueueElement {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            queue: members.required("queue")?,
            index: members.optional("index")?,
        })
    }
}

impl Serialize for XQueryVirtioQueueElement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for XQueryVirtioQueueElement {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for XQueryVirtioQueueElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for XQueryVirtioQueueElement {
    const NAME: &'static str = "x-query-virtio-queue-element";
    type Return = VirtioQueueElement;
}
