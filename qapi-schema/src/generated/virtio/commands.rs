// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio.json`; change nothing here.

//! Commands, from the server's side, of `virtio.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{VirtQueueStatus, VirtVhostQueueStatus, VirtioInfo, VirtioQueueElement, VirtioStatus};

/// The commands of `virtio.json`.
pub trait VirtioCommands {
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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn x_query_virtio(&self) -> Result<Vec<VirtioInfo>, Error>;

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
    fn x_query_virtio_status(&self, arguments: requests::XQueryVirtioStatus) -> Result<VirtioStatus, Error>;

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
    fn x_query_virtio_queue_status(&self, arguments: requests::XQueryVirtioQueueStatus) -> Result<VirtQueueStatus, Error>;

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
    fn x_query_virtio_vhost_queue_status(&self, arguments: requests::XQueryVirtioVhostQueueStatus) -> Result<VirtVhostQueueStatus, Error>;

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
    fn x_query_virtio_queue_element(&self, arguments: requests::XQueryVirtioQueueElement) -> Result<VirtioQueueElement, Error>;
}

/// The table of the commands of `virtio.json`.
pub fn commands<H: VirtioCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "x-query-virtio",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["unstable", "read-only"],
            call: call_x_query_virtio::<H>,
        },
        Command {
            name: "x-query-virtio-status",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["unstable", "read-only"],
            call: call_x_query_virtio_status::<H>,
        },
        Command {
            name: "x-query-virtio-queue-status",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["unstable", "read-only"],
            call: call_x_query_virtio_queue_status::<H>,
        },
        Command {
            name: "x-query-virtio-vhost-queue-status",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["unstable", "read-only"],
            call: call_x_query_virtio_vhost_queue_status::<H>,
        },
        Command {
            name: "x-query-virtio-queue-element",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["unstable", "read-only"],
            call: call_x_query_virtio_queue_element::<H>,
        },
    ])
}

fn call_x_query_virtio<H: VirtioCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.x_query_virtio()?)
}

fn call_x_query_virtio_status<H: VirtioCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_query_virtio_status(decode::arguments(arguments)?)?)
}

fn call_x_query_virtio_queue_status<H: VirtioCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_query_virtio_queue_status(decode::arguments(arguments)?)?)
}

fn call_x_query_virtio_vhost_queue_status<H: VirtioCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_query_virtio_vhost_queue_status(decode::arguments(arguments)?)?)
}

fn call_x_query_virtio_queue_element<H: VirtioCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.x_query_virtio_queue_element(decode::arguments(arguments)?)?)
}
