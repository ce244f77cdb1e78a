// Written by `cargo xtask codegen` from `qapi-schema/schema/machine.json`; change nothing here.

//! Commands, from the server's side, of `machine.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};

use super::{
    CpuInfoFast, IOThreadInfo, KvmInfo, MemoryInfo, NameInfo, StatusInfo,
    TargetInfo, UuidInfo,
};

/// The commands of `machine.json`.
pub trait MachineCommands {
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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_status(&self) -> Result<StatusInfo, Error>;

    /// Stops the guest: its vCPUs, and the devices between two requests.  Nothing happens if it does not run.
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "stop" }
    /// <- { "return": {} }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn stop(&self) -> Result<(), Error>;

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
    fn cont(&self) -> Result<(), Error>;

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
    fn system_reset(&self) -> Result<(), Error>;

    /// Presses the power button.  A guest that listens to it switches itself off; another goes on.
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "system_powerdown" }
    /// <- { "return": {} }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn system_powerdown(&self) -> Result<(), Error>;

    /// Ends the program.  The answer is the last message on the connection.
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "quit" }
    /// <- { "return": {} }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn quit(&self) -> Result<(), Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_name(&self) -> Result<NameInfo, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_uuid(&self) -> Result<UuidInfo, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_memory_size_summary(&self) -> Result<MemoryInfo, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_cpus_fast(&self) -> Result<Vec<CpuInfoFast>, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_iothreads(&self) -> Result<Vec<IOThreadInfo>, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_kvm(&self) -> Result<KvmInfo, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_target(&self) -> Result<TargetInfo, Error>;
}

/// The table of the commands of `machine.json`.
pub fn commands<H: MachineCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "query-status",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_status::<H>,
        },
        Command {
            name: "stop",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_stop::<H>,
        },
        Command {
            name: "cont",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_cont::<H>,
        },
        Command {
            name: "system_reset",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_system_reset::<H>,
        },
        Command {
            name: "system_powerdown",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_system_powerdown::<H>,
        },
        Command {
            name: "quit",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &[],
            call: call_quit::<H>,
        },
        Command {
            name: "query-name",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_name::<H>,
        },
        Command {
            name: "query-uuid",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_uuid::<H>,
        },
        Command {
            name: "query-memory-size-summary",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_memory_size_summary::<H>,
        },
        Command {
            name: "query-cpus-fast",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_cpus_fast::<H>,
        },
        Command {
            name: "query-iothreads",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_iothreads::<H>,
        },
        Command {
            name: "query-kvm",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_kvm::<H>,
        },
        Command {
            name: "query-target",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_target::<H>,
        },
    ])
}

fn call_query_status<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_status()?)
}

fn call_stop<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    handler.stop()?;
    reply.write(&Empty)
}

fn call_cont<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    handler.cont()?;
    reply.write(&Empty)
}

fn call_system_reset<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    handler.system_reset()?;
    reply.write(&Empty)
}

fn call_system_powerdown<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    handler.system_powerdown()?;
    reply.write(&Empty)
}

fn call_quit<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    handler.quit()?;
    reply.write(&Empty)
}

fn call_query_name<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_name()?)
}

fn call_query_uuid<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_uuid()?)
}

fn call_query_memory_size_summary<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_memory_size_summary()?)
}

fn call_query_cpus_fast<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_cpus_fast()?)
}

fn call_query_iothreads<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_iothreads()?)
}

fn call_query_kvm<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_kvm()?)
}

fn call_query_target<H: MachineCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_target()?)
}
