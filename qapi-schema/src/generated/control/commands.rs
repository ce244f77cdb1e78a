// Written by `cargo xtask codegen` from `qapi-schema/schema/control.json`; change nothing here.

//! Commands, from the server's side, of `control.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{CommandInfo, VersionInfo};

/// The commands of `control.json`.
pub trait ControlCommands {
    /// Opens the connection: only this command is accepted until it succeeded once, and it is refused afterwards.
    ///
    /// # Errors
    ///
    /// - CommandNotFound if the connection is open already
    /// - GenericError if a capability is not offered
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "qmp_capabilities", "arguments": { "enable": [ "oob" ] } }
    /// <- { "return": {} }
    /// ```
    fn qmp_capabilities(&self, arguments: requests::QmpCapabilities) -> Result<(), Error>;

    /// Tells what the server is; the greeting holds the same.
    ///
    /// Returns: the level of the protocol and the name of the program
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-version" }
    /// <- { "return": { "qemu": { "major": 10, "minor": 0, "micro": 0 }, "package": "Ringscope 0.1.0" } }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_version(&self) -> Result<VersionInfo, Error>;

    /// Lists the commands of the server, the last declared first.
    ///
    /// Returns: the commands
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-commands" }
    /// <- { "return": [ { "name": "query-stats-schemas" }, { "name": "query-stats" }, ... ] }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_commands(&self) -> Result<Vec<CommandInfo>, Error>;

    /// Runs one line of the human monitor and returns what it prints.
    ///
    /// A line that the human monitor refuses is no error here: the refusal is the text that is returned.  Each call
    /// starts afresh, with the first vCPU selected and an empty history.
    ///
    /// Returns: the text, lines ended by CR LF; empty if nothing is printed
    ///
    /// # Errors
    ///
    /// - GenericError if there is no vCPU of that number
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "human-monitor-command", "arguments": { "command-line": "info status" } }
    /// <- { "return": "VM status: running\r\n" }
    /// ```
    fn human_monitor_command(&self, arguments: requests::HumanMonitorCommand) -> Result<String, Error>;
}

/// The table of the commands of `control.json`.
pub fn commands<H: ControlCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "qmp_capabilities",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_qmp_capabilities::<H>,
        },
        Command {
            name: "query-version",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_version::<H>,
        },
        Command {
            name: "query-commands",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_commands::<H>,
        },
        Command {
            name: "human-monitor-command",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_human_monitor_command::<H>,
        },
    ])
}

fn call_qmp_capabilities<H: ControlCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.qmp_capabilities(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}

fn call_query_version<H: ControlCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_version()?)
}

fn call_query_commands<H: ControlCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_commands()?)
}

fn call_human_monitor_command<H: ControlCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.human_monitor_command(decode::arguments(arguments)?)?)
}
