// Written by `cargo xtask codegen` from `qapi-schema/schema/inspect.json`; change nothing here.

//! Commands, from the server's side, of `inspect.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Error, Reply, decode};
use super::requests;

use super::{VirtioChains, VirtioDevice};

/// The commands of `inspect.json`.
pub trait InspectCommands {
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
    fn query_virtio(&self, arguments: requests::QueryVirtio) -> Result<Vec<VirtioDevice>, Error>;

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
    fn query_virtio_chains(&self, arguments: requests::QueryVirtioChains) -> Result<VirtioChains, Error>;
}

/// The table of the commands of `inspect.json`.
pub fn commands<H: InspectCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "query-virtio",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_virtio::<H>,
        },
        Command {
            name: "query-virtio-chains",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_virtio_chains::<H>,
        },
    ])
}

fn call_query_virtio<H: InspectCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_virtio(decode::arguments(arguments)?)?)
}

fn call_query_virtio_chains<H: InspectCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_virtio_chains(decode::arguments(arguments)?)?)
}
