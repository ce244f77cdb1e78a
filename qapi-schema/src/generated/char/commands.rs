// Written by `cargo xtask codegen` from `qapi-schema/schema/char.json`; change nothing here.

//! Commands, from the server's side, of `char.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};

use super::ChardevInfo;

/// The commands of `char.json`.
pub trait CharCommands {
    /// Lists the character devices.
    ///
    /// Returns: the devices
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-chardev" }
    /// <- { "return": [ { "label": "console0", "filename": "stdout", "frontend-open": true } ] }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_chardev(&self) -> Result<Vec<ChardevInfo>, Error>;
}

/// The table of the commands of `char.json`.
pub fn commands<H: CharCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "query-chardev",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_chardev::<H>,
        },
    ])
}

fn call_query_chardev<H: CharCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_chardev()?)
}
