// Written by `cargo xtask codegen` from `qapi-schema/schema/control.json`; change nothing here.

//! Commands, from the client's side, of `control.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{CommandInfo, QMPCapability, VersionInfo};

/// Command `qmp_capabilities`.
///
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
#[derive(Clone, Debug, PartialEq)]
pub struct QmpCapabilities {
    /// the capabilities to switch on, out of those that the greeting offers (default: none)
    pub enable: Option<Vec<QMPCapability>>,
}

impl EncodeMembers for QmpCapabilities {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.enable {
            members.serialize_entry("enable", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QmpCapabilities {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            enable: members.optional("enable")?,
        })
    }
}

impl Serialize for QmpCapabilities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QmpCapabilities {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QmpCapabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QmpCapabilities {
    const NAME: &'static str = "qmp_capabilities";
    type Return = Empty;
}

/// Command `query-version`.
///
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryVersion;

impl Serialize for QueryVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryVersion {
    const NAME: &'static str = "query-version";
    type Return = VersionInfo;
}

/// Command `query-commands`.
///
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryCommands;

impl Serialize for QueryCommands {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryCommands {
    const NAME: &'static str = "query-commands";
    type Return = Vec<CommandInfo>;
}

/// Command `human-monitor-command`.
///
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
#[derive(Clone, Debug, PartialEq)]
pub struct HumanMonitorCommand {
    /// the line, without a line end
    pub command_line: String,
    /// the vCPU that the line starts with (default: the first one)
    pub cpu_index: Option<i64>,
}

impl EncodeMembers for HumanMonitorCommand {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("command-line", &self.command_line)?;
        if let Some(value) = &self.cpu_index {
            members.serialize_entry("cpu-index", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for HumanMonitorCommand {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            command_line: members.required("command-line")?,
            cpu_index: members.optional("cpu-index")?,
        })
    }
}

impl Serialize for HumanMonitorCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for HumanMonitorCommand {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for HumanMonitorCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for HumanMonitorCommand {
    const NAME: &'static str = "human-monitor-command";
    type Return = String;
}
