// Written by `cargo xtask codegen` from `qapi-schema/schema/balloon.json`; change nothing here.

//! Commands, from the server's side, of `balloon.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{BalloonInfo, GuestMemoryInfo};

/// The commands of `balloon.json`.
pub trait BalloonCommands {
    /// Asks the guest to make do with so much memory.  The reply does not wait for the guest; `BALLOON_CHANGE` and
    /// `query-balloon` tell how far it has come.
    ///
    /// # Errors
    ///
    /// - DeviceNotActive if the machine has no balloon
    /// - GenericError if the value is no size
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "balloon", "arguments": { "value": 134217728 } }
    /// <- { "return": {} }
    /// ```
    fn balloon(&self, arguments: requests::Balloon) -> Result<(), Error>;

    /// Tells how much memory the guest has.
    ///
    /// Returns: the memory
    ///
    /// # Errors
    ///
    /// - DeviceNotActive if the machine has no balloon
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-balloon" }
    /// <- { "return": { "actual": 268435456 } }
    /// ```
    fn query_balloon(&self) -> Result<BalloonInfo, Error>;

    /// Tells what the guest has given up, and what it says of its memory.  The guest is not asked: the statistics are
    /// those that it told last.
    ///
    /// Returns: the balloons
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-guest-memory" }
    /// <- { "return": [ { "path": "/machine/peripheral/balloon0", "requested": 0, "given-up": 0, "interval": 0 } ] }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_guest_memory(&self) -> Result<Vec<GuestMemoryInfo>, Error>;

    /// Changes how often the guest is asked for the statistics of its memory.
    ///
    /// # Errors
    ///
    /// - DeviceNotActive if the machine has no balloon
    /// - GenericError if there is no balloon at the path
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "set-guest-memory-interval", "arguments": { "seconds": 2 } }
    /// <- { "return": {} }
    /// ```
    fn set_guest_memory_interval(&self, arguments: requests::SetGuestMemoryInterval) -> Result<(), Error>;
}

/// The table of the commands of `balloon.json`.
pub fn commands<H: BalloonCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "balloon",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_balloon::<H>,
        },
        Command {
            name: "query-balloon",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_balloon::<H>,
        },
        Command {
            name: "query-guest-memory",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_guest_memory::<H>,
        },
        Command {
            name: "set-guest-memory-interval",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_set_guest_memory_interval::<H>,
        },
    ])
}

fn call_balloon<H: BalloonCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.balloon(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}

fn call_query_balloon<H: BalloonCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_balloon()?)
}

fn call_query_guest_memory<H: BalloonCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_guest_memory()?)
}

fn call_set_guest_memory_interval<H: BalloonCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.set_guest_memory_interval(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}
