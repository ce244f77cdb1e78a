// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio-debug.json`; change nothing here.

//! Commands, from the server's side, of `virtio-debug.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioStatus};

/// The commands of `virtio-debug.json`.
pub trait VirtioDebugCommands {
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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn x_debug_query_virtio(&self) -> Result<Vec<DebugVirtioInfo>, Error>;

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
    fn x_debug_virtio_status(&self, arguments: requests::XDebugVirtioStatus) -> Result<DebugVirtioStatus, Error>;

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
    fn x_debug_virtio_queue_status(&self, arguments: requests::XDebugVirtioQueueStatus) -> Result<DebugVirtQueueStatus, Error>;

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
    fn x_debug_virtio_queue_element(&self, arguments: requests::XDebugVirtioQueueElement) -> Result<DebugVirtioQueueElement, Error>;
}

/// The table of the commands of `virtio-debug.json`.
pub fn commands<H: VirtioDebugCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "x-debug-query-virtio",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_x_debug_query_virtio::<H>,
        },
        Command {
            name: "x-debug-virtio-status",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_x_debug_virtio_status::<H>,
        },
        Command {
            name: "x-debug-virtio-queue-status",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_x_debug_virtio_queue_status::<H>,
        },
        Command {
            name: "x-debug-virtio-queue-element",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_x_debug_virtio_queue_element::<H>,
        },
    ])
}

fn call_x_debug_query_virtio<H: VirtioDebugCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.x_debug_query_virtio()?)
}

fn call_x_debug_virtio_status<H: VirtioDebugCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_debug_virtio_status(decode::arguments(arguments)?)?)
}

fn call_x_debug_virtio_queue_status<H: VirtioDebugCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_debug_virtio_queue_status(decode::arguments(arguments)?)?)
}

fn call_x_debug_virtio_queue_element<H: VirtioDebugCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_debug_virtio_queue_element(decode::arguments(arguments)?)?)
}
