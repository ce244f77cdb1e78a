// Written by `cargo xtask codegen` from `qapi-schema/schema/machine.json`; change nothing here.

//! Types of `machine.json`.

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// The states of a machine.  Ringscope itself enters `prelaunch`, `running`, `paused`, `shutdown` and
/// `internal-error`; the others are known so that clients which were written for QEMU find every value.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunState {
    /// stopped by a debugger
    Debug,
    /// waits for an incoming migration
    Inmigrate,
    /// stopped because the accelerator failed
    InternalError,
    /// stopped because a device could not reach its backend
    IoError,
    /// stopped by the command `stop`
    Paused,
    /// stopped because it was migrated away
    Postmigrate,
    /// not started yet
    Prelaunch,
    /// stopped while a migration ends
    FinishMigrate,
    /// stopped while a snapshot is loaded
    RestoreVm,
    /// the guest runs
    Running,
    /// stopped while a snapshot is taken
    SaveVm,
    /// the guest switched the machine off
    Shutdown,
    /// the guest sleeps
    Suspended,
    /// stopped by a watchdog
    Watchdog,
    /// stopped because the guest reported a panic
    GuestPanicked,
    /// stopped while two machines are brought into step
    Colo,
}

impl RunState {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Debug,
        Self::Inmigrate,
        Self::InternalError,
        Self::IoError,
        Self::Paused,
        Self::Postmigrate,
        Self::Prelaunch,
        Self::FinishMigrate,
        Self::RestoreVm,
        Self::Running,
        Self::SaveVm,
        Self::Shutdown,
        Self::Suspended,
        Self::Watchdog,
        Self::GuestPanicked,
        Self::Colo,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Inmigrate => "inmigrate",
            Self::InternalError => "internal-error",
            Self::IoError => "io-error",
            Self::Paused => "paused",
            Self::Postmigrate => "postmigrate",
            Self::Prelaunch => "prelaunch",
            Self::FinishMigrate => "finish-migrate",
            Self::RestoreVm => "restore-vm",
            Self::Running => "running",
            Self::SaveVm => "save-vm",
            Self::Shutdown => "shutdown",
            Self::Suspended => "suspended",
            Self::Watchdog => "watchdog",
            Self::GuestPanicked => "guest-panicked",
            Self::Colo => "colo",
        }
    }
}

impl FromStr for RunState {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "debug" => Ok(Self::Debug),
            "inmigrate" => Ok(Self::Inmigrate),
            "internal-error" => Ok(Self::InternalError),
            "io-error" => Ok(Self::IoError),
            "paused" => Ok(Self::Paused),
            "postmigrate" => Ok(Self::Postmigrate),
            "prelaunch" => Ok(Self::Prelaunch),
            "finish-migrate" => Ok(Self::FinishMigrate),
            "restore-vm" => Ok(Self::RestoreVm),
            "running" => Ok(Self::Running),
            "save-vm" => Ok(Self::SaveVm),
            "shutdown" => Ok(Self::Shutdown),
            "suspended" => Ok(Self::Suspended),
            "watchdog" => Ok(Self::Watchdog),
            "guest-panicked" => Ok(Self::GuestPanicked),
            "colo" => Ok(Self::Colo),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for RunState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for RunState {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for RunState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Whether the guest runs.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatusInfo {
    /// the guest's vCPUs run
    pub running: bool,
    /// the state, which says why not
    pub status: RunState,
}

impl EncodeMembers for StatusInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("running", &self.running)?;
        members.serialize_entry("status", &self.status)?;
        Ok(())
    }
}

impl DecodeMembers for StatusInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            running: members.required("running")?,
            status: members.required("status")?,
        })
    }
}

impl Serialize for StatusInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatusInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatusInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What the machine is called.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct NameInfo {
    /// the name that it was given (absent: none)
    pub name: Option<String>,
}

impl EncodeMembers for NameInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.name {
            members.serialize_entry("name", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for NameInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.optional("name")?,
        })
    }
}

impl Serialize for NameInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for NameInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for NameInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// By which number the machine is known everywhere.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct UuidInfo {
    /// the number, as 32 hexadecimal digits in groups; all zero if it was given none
    pub uuid: String,
}

impl EncodeMembers for UuidInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("UUID", &self.uuid)?;
        Ok(())
    }
}

impl DecodeMembers for UuidInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            uuid: members.required("UUID")?,
        })
    }
}

impl Serialize for UuidInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for UuidInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for UuidInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// How much memory the guest has.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryInfo {
    /// what it was started with, in bytes
    pub base_memory: u64,
    /// what has been added since, in bytes (absent: nothing can be added)
    pub plugged_memory: Option<u64>,
}

impl EncodeMembers for MemoryInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("base-memory", &self.base_memory)?;
        if let Some(value) = &self.plugged_memory {
            members.serialize_entry("plugged-memory", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for MemoryInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            base_memory: members.required("base-memory")?,
            plugged_memory: members.optional("plugged-memory")?,
        })
    }
}

impl Serialize for MemoryInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for MemoryInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for MemoryInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The architectures of guests.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SysEmuTarget {
    /// 64-bit x86
    X86_64,
}

impl SysEmuTarget {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::X86_64,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
        }
    }
}

impl FromStr for SysEmuTarget {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "x86_64" => Ok(Self::X86_64),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for SysEmuTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for SysEmuTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for SysEmuTarget {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for SysEmuTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Where a vCPU stands in the topology that the guest sees.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct CpuInstanceProperties {
    /// the number of its socket
    pub socket_id: Option<i64>,
    /// the number of its core in the socket
    pub core_id: Option<i64>,
    /// the number of its thread in the core
    pub thread_id: Option<i64>,
}

impl EncodeMembers for CpuInstanceProperties {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.socket_id {
            members.serialize_entry("socket-id", value)?;
        }
        if let Some(value) = &self.core_id {
            members.serialize_entry("core-id", value)?;
        }
        if let Some(value) = &self.thread_id {
            members.serialize_entry("thread-id", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for CpuInstanceProperties {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            socket_id: members.optional("socket-id")?,
            core_id: members.optional("core-id")?,
            thread_id: members.optional("thread-id")?,
        })
    }
}

impl Serialize for CpuInstanceProperties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for CpuInstanceProperties {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for CpuInstanceProperties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One vCPU.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct CpuInfoFast {
    /// its number, from 0
    pub cpu_index: i64,
    /// its path in the object tree
    pub qom_path: String,
    /// the host's number of the thread that runs it
    pub thread_id: i64,
    /// where it stands in the topology, which is one socket of as many cores as there are vCPUs
    pub props: Option<CpuInstanceProperties>,
    /// its architecture
    pub target: SysEmuTarget,
}

impl EncodeMembers for CpuInfoFast {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("cpu-index", &self.cpu_index)?;
        members.serialize_entry("qom-path", &self.qom_path)?;
        members.serialize_entry("thread-id", &self.thread_id)?;
        if let Some(value) = &self.props {
            members.serialize_entry("props", value)?;
        }
        members.serialize_entry("target", &self.target)?;
        Ok(())
    }
}

impl DecodeMembers for CpuInfoFast {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            cpu_index: members.required("cpu-index")?,
            qom_path: members.required("qom-path")?,
            thread_id: members.required("thread-id")?,
            props: members.optional("props")?,
            target: members.required("target")?,
        })
    }
}

impl Serialize for CpuInfoFast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for CpuInfoFast {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for CpuInfoFast {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A thread that does the input and output of a device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct IOThreadInfo {
    /// the device, and behind it `-qN` if the device has several threads, where N is the first of the thread's queues
    pub id: String,
    /// the host's number of the thread
    pub thread_id: i64,
    /// for how long it polls before it waits, in nanoseconds; 0, for it never polls
    pub poll_max_ns: i64,
    /// by how much polling becomes longer when it was too short; 0, for it never polls
    pub poll_grow: i64,
    /// by how much polling becomes shorter when it was too long; 0, for it never polls
    pub poll_shrink: i64,
    /// how many requests go to the host at once at most; 0, for nothing limits that but the queue
    pub aio_max_batch: i64,
}

impl EncodeMembers for IOThreadInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("id", &self.id)?;
        members.serialize_entry("thread-id", &self.thread_id)?;
        members.serialize_entry("poll-max-ns", &self.poll_max_ns)?;
        members.serialize_entry("poll-grow", &self.poll_grow)?;
        members.serialize_entry("poll-shrink", &self.poll_shrink)?;
        members.serialize_entry("aio-max-batch", &self.aio_max_batch)?;
        Ok(())
    }
}

impl DecodeMembers for IOThreadInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: members.required("id")?,
            thread_id: members.required("thread-id")?,
            poll_max_ns: members.required("poll-max-ns")?,
            poll_grow: members.required("poll-grow")?,
            poll_shrink: members.required("poll-shrink")?,
            aio_max_batch: members.required("aio-max-batch")?,
        })
    }
}

impl Serialize for IOThreadInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for IOThreadInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for IOThreadInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Whether KVM runs the guest.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct KvmInfo {
    /// it does
    pub enabled: bool,
    /// the program can use KVM where the host lets it
    pub present: bool,
}

impl EncodeMembers for KvmInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("enabled", &self.enabled)?;
        members.serialize_entry("present", &self.present)?;
        Ok(())
    }
}

impl DecodeMembers for KvmInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            enabled: members.required("enabled")?,
            present: members.required("present")?,
        })
    }
}

impl Serialize for KvmInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for KvmInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for KvmInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What sort of guest the program runs.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct TargetInfo {
    /// the guest's architecture
    pub arch: SysEmuTarget,
}

impl EncodeMembers for TargetInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("arch", &self.arch)?;
        Ok(())
    }
}

impl DecodeMembers for TargetInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            arch: members.required("arch")?,
        })
    }
}

impl Serialize for TargetInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for TargetInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for TargetInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Why a machine ends or starts again.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ShutdownCause {
    /// no reason yet
    None,
    /// the host ran into an error that can not be passed to the guest
    HostError,
    /// the command `quit`
    HostQmpQuit,
    /// a client asked for a reset
    HostQmpSystemReset,
    /// the program was sent a signal
    HostSignal,
    /// somebody closed the window or the terminal
    HostUi,
    /// the guest switched the machine off
    GuestShutdown,
    /// the guest asked for a reset and the machine was told to end instead
    GuestReset,
    /// the guest reported a panic and the machine was told to end
    GuestPanic,
    /// a part of the machine was reset; the machine goes on
    SubsystemReset,
    /// the machine is reset because a snapshot is loaded
    SnapshotLoad,
}

impl ShutdownCause {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::HostError,
        Self::HostQmpQuit,
        Self::HostQmpSystemReset,
        Self::HostSignal,
        Self::HostUi,
        Self::GuestShutdown,
        Self::GuestReset,
        Self::GuestPanic,
        Self::SubsystemReset,
        Self::SnapshotLoad,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::HostError => "host-error",
            Self::HostQmpQuit => "host-qmp-quit",
            Self::HostQmpSystemReset => "host-qmp-system-reset",
            Self::HostSignal => "host-signal",
            Self::HostUi => "host-ui",
            Self::GuestShutdown => "guest-shutdown",
            Self::GuestReset => "guest-reset",
            Self::GuestPanic => "guest-panic",
            Self::SubsystemReset => "subsystem-reset",
            Self::SnapshotLoad => "snapshot-load",
        }
    }
}

impl FromStr for ShutdownCause {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "none" => Ok(Self::None),
            "host-error" => Ok(Self::HostError),
            "host-qmp-quit" => Ok(Self::HostQmpQuit),
            "host-qmp-system-reset" => Ok(Self::HostQmpSystemReset),
            "host-signal" => Ok(Self::HostSignal),
            "host-ui" => Ok(Self::HostUi),
            "guest-shutdown" => Ok(Self::GuestShutdown),
            "guest-reset" => Ok(Self::GuestReset),
            "guest-panic" => Ok(Self::GuestPanic),
            "subsystem-reset" => Ok(Self::SubsystemReset),
            "snapshot-load" => Ok(Self::SnapshotLoad),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for ShutdownCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for ShutdownCause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for ShutdownCause {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for ShutdownCause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

