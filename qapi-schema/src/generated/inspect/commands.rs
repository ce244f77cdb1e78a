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
            call: call_query_virtio::<H>,
        },
        Command {
            name: "query-virtio-chains",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
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
