// Written by `cargo xtask codegen` from `qapi-schema/schema/machine.json`; change nothing here.

//! Commands, from the client's side, of `machine.json`.

use serde::{Serialize, Serializer};
use super::super::runtime::{Empty, Request};

use super::{
    CpuInfoFast, IOThreadInfo, KvmInfo, MemoryInfo, NameInfo, StatusInfo,
    TargetInfo, UuidInfo,
};

/// Command `query-status`.
///
/// Tells whether the guest runs.
///
/// Returns: the state of the machine
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-status" }
/// <- { "return": { "running": true, "status": "running" } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryStatus;

impl Serialize for QueryStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryStatus {
    const NAME: &'static str = "query-status";
    type Return = StatusInfo;
}

/// Command `stop`.
///
/// Stops the guest: its vCPUs, and the devices between two requests.  Nothing happens if it does not run.
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "stop" }
/// <- { "return": {} }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

impl Serialize for Stop {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for Stop {
    const NAME: &'static str = "stop";
    type Return = Empty;
}

/// Command `cont`.
///
/// Lets the guest run, for the first time or after `stop`.  Nothing happens if it runs.
///
/// # Errors
///
/// - GenericError if the guest has ended and can not go on
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "cont" }
/// <- { "return": {} }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cont;

impl Serialize for Cont {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for Cont {
    const NAME: &'static str = "cont";
    type Return = Empty;
}

/// Command `system_reset`.
///
/// Has the guest begin anew, as after switching on: vCPUs, devices, and what is loaded into memory.  A machine that is
/// stopped, or whose guest has failed, then waits for `cont`.
///
/// # Errors
///
/// - GenericError if what the guest begins with can not be loaded again
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "system_reset" }
/// <- { "return": {} }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemReset;

impl Serialize for SystemReset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for SystemReset {
    const NAME: &'static str = "system_reset";
    type Return = Empty;
}

/// Command `system_powerdown`.
///
/// Presses the power button.  A guest that listens to it switches itself off; another goes on.
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "system_powerdown" }
/// <- { "return": {} }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemPowerdown;

impl Serialize for SystemPowerdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for SystemPowerdown {
    const NAME: &'static str = "system_powerdown";
    type Return = Empty;
}

/// Command `quit`.
///
/// Ends the program.  The answer is the last message on the connection.
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "quit" }
/// <- { "return": {} }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quit;

impl Serialize for Quit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for Quit {
    const NAME: &'static str = "quit";
    type Return = Empty;
}

/// Command `query-name`.
///
/// Tells what the machine is called.
///
/// Returns: the name, if it was given one
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-name" }
/// <- { "return": { "name": "first-light" } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryName;

impl Serialize for QueryName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryName {
    const NAME: &'static str = "query-name";
    type Return = NameInfo;
}

/// Command `query-uuid`.
///
/// Tells by which number the machine is known everywhere.
///
/// Returns: the number
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-uuid" }
/// <- { "return": { "UUID": "b64de0d7-2a3a-4b9c-9a0e-5f1c5c1d2e3f" } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryUuid;

impl Serialize for QueryUuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryUuid {
    const NAME: &'static str = "query-uuid";
    type Return = UuidInfo;
}

/// Command `query-memory-size-summary`.
///
/// Tells how much memory the guest has.
///
/// Returns: its sizes
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-memory-size-summary" }
/// <- { "return": { "base-memory": 268435456 } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryMemorySizeSummary;

impl Serialize for QueryMemorySizeSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryMemorySizeSummary {
    const NAME: &'static str = "query-memory-size-summary";
    type Return = MemoryInfo;
}

/// Command `query-cpus-fast`.
///
/// Lists the vCPUs by ascending number, without disturbing them.
///
/// Returns: the vCPUs
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-cpus-fast" }
/// <- { "return": [ { "cpu-index": 0, "qom-path": "/machine/unattached/device[0]", "thread-id": 25627,
///                    "props": { "socket-id": 0, "core-id": 0, "thread-id": 0 }, "target": "x86_64" } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryCpusFast;

impl Serialize for QueryCpusFast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryCpusFast {
    const NAME: &'static str = "query-cpus-fast";
    type Return = Vec<CpuInfoFast>;
}

/// Command `query-iothreads`.
///
/// Lists the threads that work on the queues of virtio devices, in the order of the devices.  A device has its threads from
/// the moment at which its driver is ready, until it is reset.
///
/// Returns: the threads
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-iothreads" }
/// <- { "return": [ { "id": "disk0", "thread-id": 25631, "poll-max-ns": 0, "poll-grow": 0, "poll-shrink": 0,
///                    "aio-max-batch": 0 } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryIothreads;

impl Serialize for QueryIothreads {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryIothreads {
    const NAME: &'static str = "query-iothreads";
    type Return = Vec<IOThreadInfo>;
}

/// Command `query-kvm`.
///
/// Tells whether KVM runs the guest.
///
/// Returns: whether KVM is used
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-kvm" }
/// <- { "return": { "enabled": true, "present": true } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryKvm;

impl Serialize for QueryKvm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryKvm {
    const NAME: &'static str = "query-kvm";
    type Return = KvmInfo;
}

/// Command `query-target`.
///
/// Tells what sort of guest the program runs.
///
/// Returns: the guest's architecture
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-target" }
/// <- { "return": { "arch": "x86_64" } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryTarget;

impl Serialize for QueryTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryTarget {
    const NAME: &'static str = "query-target";
    type Return = TargetInfo;
}
