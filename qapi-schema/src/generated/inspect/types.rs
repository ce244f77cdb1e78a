// Written by `cargo xtask codegen` from `qapi-schema/schema/inspect.json`; change nothing here.

//! Types of `inspect.json`.

#![allow(clippy::large_enum_variant, reason = "the schema decides what a branch holds")]

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// A bit of the device status register.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioStatusBit {
    /// the driver has noticed the device
    Acknowledge,
    /// the driver knows how to drive the device
    Driver,
    /// the driver is ready
    DriverOk,
    /// the features are negotiated
    FeaturesOk,
    /// the device has met an error and waits to be reset
    DeviceNeedsReset,
    /// the driver has given up on the device
    Failed,
}

impl VirtioStatusBit {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Acknowledge,
        Self::Driver,
        Self::DriverOk,
        Self::FeaturesOk,
        Self::DeviceNeedsReset,
        Self::Failed,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Driver => "driver",
            Self::DriverOk => "driver-ok",
            Self::FeaturesOk => "features-ok",
            Self::DeviceNeedsReset => "device-needs-reset",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for VirtioStatusBit {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "acknowledge" => Ok(Self::Acknowledge),
            "driver" => Ok(Self::Driver),
            "driver-ok" => Ok(Self::DriverOk),
            "features-ok" => Ok(Self::FeaturesOk),
            "device-needs-reset" => Ok(Self::DeviceNeedsReset),
            "failed" => Ok(Self::Failed),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioStatusBit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioStatusBit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioStatusBit {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioStatusBit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Why a device needs a reset, or why it would if it took the chain.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioFailureCause {
    /// the ring's size is none that it can have
    QueueSize,
    /// an area of the ring is not aligned as it has to be
    Alignment,
    /// the driver has offered more than the ring can hold
    AvailableIndex,
    /// a descriptor number is outside of its table
    DescriptorIndex,
    /// the chain loops or is longer than allowed
    Loop,
    /// a buffer, a table or an area of the ring is not in guest memory
    NotInMemory,
    /// a buffer wraps around the end of the address space
    AddressOverflow,
    /// the chain's buffers hold more than 4 GiB together
    ChainLength,
    /// an indirect descriptor, although the driver has not acknowledged the feature
    IndirectNotNegotiated,
    /// an indirect table is empty, too long, or no whole number of descriptors
    IndirectLength,
    /// an indirect descriptor that goes on with another
    IndirectWithNext,
    /// an indirect descriptor in an indirect table
    NestedIndirect,
    /// a buffer to read after one to write
    ReadableAfterWritable,
    /// the chain has no room for what every request of the device has
    TooShort,
    /// a mistake of the device itself
    Device,
    /// the device could not start
    Start,
    /// the host refused what the device's thread needs
    Thread,
    /// the process that works on the queues is of no use any more
    BackEnd,
}

impl VirtioFailureCause {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::QueueSize,
        Self::Alignment,
        Self::AvailableIndex,
        Self::DescriptorIndex,
        Self::Loop,
        Self::NotInMemory,
        Self::AddressOverflow,
        Self::ChainLength,
        Self::IndirectNotNegotiated,
        Self::IndirectLength,
        Self::IndirectWithNext,
        Self::NestedIndirect,
        Self::ReadableAfterWritable,
        Self::TooShort,
        Self::Device,
        Self::Start,
        Self::Thread,
        Self::BackEnd,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QueueSize => "queue-size",
            Self::Alignment => "alignment",
            Self::AvailableIndex => "available-index",
            Self::DescriptorIndex => "descriptor-index",
            Self::Loop => "loop",
            Self::NotInMemory => "not-in-memory",
            Self::AddressOverflow => "address-overflow",
            Self::ChainLength => "chain-length",
            Self::IndirectNotNegotiated => "indirect-not-negotiated",
            Self::IndirectLength => "indirect-length",
            Self::IndirectWithNext => "indirect-with-next",
            Self::NestedIndirect => "nested-indirect",
            Self::ReadableAfterWritable => "readable-after-writable",
            Self::TooShort => "too-short",
            Self::Device => "device",
            Self::Start => "start",
            Self::Thread => "thread",
            Self::BackEnd => "back-end",
        }
    }
}

impl FromStr for VirtioFailureCause {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "queue-size" => Ok(Self::QueueSize),
            "alignment" => Ok(Self::Alignment),
            "available-index" => Ok(Self::AvailableIndex),
            "descriptor-index" => Ok(Self::DescriptorIndex),
            "loop" => Ok(Self::Loop),
            "not-in-memory" => Ok(Self::NotInMemory),
            "address-overflow" => Ok(Self::AddressOverflow),
            "chain-length" => Ok(Self::ChainLength),
            "indirect-not-negotiated" => Ok(Self::IndirectNotNegotiated),
            "indirect-length" => Ok(Self::IndirectLength),
            "indirect-with-next" => Ok(Self::IndirectWithNext),
            "nested-indirect" => Ok(Self::NestedIndirect),
            "readable-after-writable" => Ok(Self::ReadableAfterWritable),
            "too-short" => Ok(Self::TooShort),
            "device" => Ok(Self::Device),
            "start" => Ok(Self::Start),
            "thread" => Ok(Self::Thread),
            "back-end" => Ok(Self::BackEnd),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioFailureCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioFailureCause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioFailureCause {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFailureCause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Why a device does not go on.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioFailure {
    /// the queue that it was met on (absent: none in particular)
    pub queue: Option<u16>,
    /// the kind of failure
    pub cause: VirtioFailureCause,
    /// the details, for people
    pub text: String,
}

impl EncodeMembers for VirtioFailure {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.queue {
            members.serialize_entry("queue", value)?;
        }
        members.serialize_entry("cause", &self.cause)?;
        members.serialize_entry("text", &self.text)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioFailure {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            queue: members.optional("queue")?,
            cause: members.required("cause")?,
            text: members.required("text")?,
        })
    }
}

impl Serialize for VirtioFailure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioFailure {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFailure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Whose a feature bit is.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioFeatureScope {
    /// it belongs to the device's kind
    Device,
    /// it means the same for every kind
    Transport,
    /// it has no name
    Unknown,
}

impl VirtioFeatureScope {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Device,
        Self::Transport,
        Self::Unknown,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Transport => "transport",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for VirtioFeatureScope {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "device" => Ok(Self::Device),
            "transport" => Ok(Self::Transport),
            "unknown" => Ok(Self::Unknown),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioFeatureScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioFeatureScope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioFeatureScope {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFeatureScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What became of a feature.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioFeatureState {
    /// the device offers it, and the driver may still choose
    Open,
    /// the device offers it and the driver has acknowledged it
    Agreed,
    /// the device offers it and the driver does without
    Refused,
    /// the driver has acknowledged it although the device does not offer it
    NotOffered,
}

impl VirtioFeatureState {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Open,
        Self::Agreed,
        Self::Refused,
        Self::NotOffered,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::NotOffered => "not-offered",
        }
    }
}

impl FromStr for VirtioFeatureState {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "open" => Ok(Self::Open),
            "agreed" => Ok(Self::Agreed),
            "refused" => Ok(Self::Refused),
            "not-offered" => Ok(Self::NotOffered),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioFeatureState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioFeatureState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioFeatureState {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFeatureState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A feature bit that the device offers or the driver has acknowledged.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioFeature {
    /// the bit's number
    pub bit: u8,
    /// whose it is
    pub scope: VirtioFeatureScope,
    /// its name in the virtio specification (absent: it has none)
    pub name: Option<String>,
    /// what it means, for people (absent: nobody knows)
    pub description: Option<String>,
    /// what became of it
    pub state: VirtioFeatureState,
    /// the names of further features without which it has no effect, and of which none (or not all that are
    /// needed) is acknowledged; given only if the driver has acknowledged this one (absent: nothing is missing)
    pub missing: Option<Vec<String>>,
}

impl EncodeMembers for VirtioFeature {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("bit", &self.bit)?;
        members.serialize_entry("scope", &self.scope)?;
        if let Some(value) = &self.name {
            members.serialize_entry("name", value)?;
        }
        if let Some(value) = &self.description {
            members.serialize_entry("description", value)?;
        }
        members.serialize_entry("state", &self.state)?;
        if let Some(value) = &self.missing {
            members.serialize_entry("missing", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioFeature {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            bit: members.required("bit")?,
            scope: members.required("scope")?,
            name: members.optional("name")?,
            description: members.optional("description")?,
            state: members.required("state")?,
            missing: members.optional("missing")?,
        })
    }
}

impl Serialize for VirtioFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What the driver has been interrupted for.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioInterruptBit {
    /// the device has returned a chain
    UsedBuffer,
    /// the configuration space or the status has changed
    ConfigurationChange,
}

impl VirtioInterruptBit {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::UsedBuffer,
        Self::ConfigurationChange,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsedBuffer => "used-buffer",
            Self::ConfigurationChange => "configuration-change",
        }
    }
}

impl FromStr for VirtioInterruptBit {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "used-buffer" => Ok(Self::UsedBuffer),
            "configuration-change" => Ok(Self::ConfigurationChange),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioInterruptBit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioInterruptBit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioInterruptBit {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioInterruptBit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// How a driver reaches the device.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioTransportType {
    /// through a window of registers in the guest's address space
    Mmio,
    /// as a function of a PCI bus
    Pci,
}

impl VirtioTransportType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Mmio,
        Self::Pci,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mmio => "mmio",
            Self::Pci => "pci",
        }
    }
}

impl FromStr for VirtioTransportType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "mmio" => Ok(Self::Mmio),
            "pci" => Ok(Self::Pci),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioTransportType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioTransportType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioTransportType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioTransportType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What virtio-pci has besides.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioPciRegisters {
    /// whether the function interrupts by messages (MSI-X), and not by its interrupt line
    pub messages: bool,
    /// the message for changes of the configuration or the status (absent: the driver has chosen none)
    pub configuration_vector: Option<u16>,
    /// the messages of those queues for which the driver has chosen one
    pub queue_vectors: Vec<VirtioQueueVector>,
}

impl EncodeMembers for VirtioPciRegisters {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("messages", &self.messages)?;
        if let Some(value) = &self.configuration_vector {
            members.serialize_entry("configuration-vector", value)?;
        }
        members.serialize_entry("queue-vectors", &self.queue_vectors)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioPciRegisters {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            messages: members.required("messages")?,
            configuration_vector: members.optional("configuration-vector")?,
            queue_vectors: members.required("queue-vectors")?,
        })
    }
}

impl Serialize for VirtioPciRegisters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioPciRegisters {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioPciRegisters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The message of a queue whose driver has chosen one.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioQueueVector {
    /// the queue's number
    pub queue: u16,
    /// the message's place in the function's table
    pub vector: u16,
}

impl EncodeMembers for VirtioQueueVector {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("queue", &self.queue)?;
        members.serialize_entry("vector", &self.vector)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioQueueVector {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            queue: members.required("queue")?,
            vector: members.required("vector")?,
        })
    }
}

impl Serialize for VirtioQueueVector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioQueueVector {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioQueueVector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The transport's registers that have a state of their own.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioTransport {
    /// the queue that the queue registers are about
    pub queue_select: u32,
    /// which 32 of the offered features the driver reads
    pub device_features_select: u32,
    /// which 32 of its features the driver writes
    pub driver_features_select: u32,
    /// what the driver was interrupted for and has not acknowledged; looking does not acknowledge it. Drivers
    /// that are interrupted by messages acknowledge nothing
    pub interrupt_status: Vec<VirtioInterruptBit>,
    /// a number that changes with the configuration space
    pub configuration_generation: u32,
    /// What depends on `type`.
    pub branch: VirtioTransportBranch,
}

impl VirtioTransport {
    /// The value that selects the branch.
    pub const fn tag(&self) -> VirtioTransportType {
        self.branch.tag()
    }
}

impl EncodeMembers for VirtioTransport {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("type", &self.tag())?;
        members.serialize_entry("queue-select", &self.queue_select)?;
        members.serialize_entry("device-features-select", &self.device_features_select)?;
        members.serialize_entry("driver-features-select", &self.driver_features_select)?;
        members.serialize_entry("interrupt-status", &self.interrupt_status)?;
        members.serialize_entry("configuration-generation", &self.configuration_generation)?;
        self.branch.encode_branch(members)
    }
}

impl DecodeMembers for VirtioTransport {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        let tag = members.required("type")?;
        Ok(Self {
            queue_select: members.required("queue-select")?,
            device_features_select: members.required("device-features-select")?,
            driver_features_select: members.required("driver-features-select")?,
            interrupt_status: members.required("interrupt-status")?,
            configuration_generation: members.required("configuration-generation")?,
            branch: VirtioTransportBranch::decode_branch(tag, members)?,
        })
    }
}

/// What differs between the kinds of [`VirtioTransport`].
#[derive(Clone, Debug, PartialEq)]
pub enum VirtioTransportBranch {
    /// as a function of a PCI bus
    Pci(VirtioPciRegisters),
    /// through a window of registers in the guest's address space
    Mmio,
}

impl VirtioTransportBranch {
    /// The value that selects this branch.
    pub const fn tag(&self) -> VirtioTransportType {
        match self {
            Self::Pci(_) => VirtioTransportType::Pci,
            Self::Mmio => VirtioTransportType::Mmio,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(tag: VirtioTransportType) -> Option<Self> {
        match tag {
            VirtioTransportType::Mmio => Some(Self::Mmio),
            _ => None,
        }
    }

    fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Pci(branch) => branch.encode_members(members),
            Self::Mmio => Ok(()),
        }
    }

    fn decode_branch(tag: VirtioTransportType, members: &mut Members<'_>) -> Result<Self, Error> {
        match tag {
            VirtioTransportType::Pci => DecodeMembers::decode_members(members).map(Self::Pci),
            VirtioTransportType::Mmio => Ok(Self::Mmio),
        }
    }

}

impl From<VirtioPciRegisters> for VirtioTransportBranch {
    fn from(branch: VirtioPciRegisters) -> Self {
        Self::Pci(branch)
    }
}

impl Serialize for VirtioTransport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioTransport {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioTransport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The form of a field's value.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioFieldKind {
    /// a number
    Number,
    /// one of several values that have names
    Choice,
    /// bits that have names
    Flags,
    /// consecutive things
    Range,
    /// bytes
    Bytes,
    /// text
    Text,
}

impl VirtioFieldKind {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Number,
        Self::Choice,
        Self::Flags,
        Self::Range,
        Self::Bytes,
        Self::Text,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Choice => "choice",
            Self::Flags => "flags",
            Self::Range => "range",
            Self::Bytes => "bytes",
            Self::Text => "text",
        }
    }
}

impl FromStr for VirtioFieldKind {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "number" => Ok(Self::Number),
            "choice" => Ok(Self::Choice),
            "flags" => Ok(Self::Flags),
            "range" => Ok(Self::Range),
            "bytes" => Ok(Self::Bytes),
            "text" => Ok(Self::Text),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioFieldKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioFieldKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioFieldKind {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFieldKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What a number counts.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioUnit {
    /// bytes
    Bytes,
    /// sectors of 512 bytes
    Sectors,
    /// blocks of a disk, of a size that the disk has chosen
    Blocks,
    /// pages of 4096 bytes
    Pages,
    /// buffers of a request
    Segments,
    /// queues
    Queues,
    /// characters
    Characters,
    /// millions of bits a second
    MegabitsPerSecond,
}

impl VirtioUnit {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Bytes,
        Self::Sectors,
        Self::Blocks,
        Self::Pages,
        Self::Segments,
        Self::Queues,
        Self::Characters,
        Self::MegabitsPerSecond,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Sectors => "sectors",
            Self::Blocks => "blocks",
            Self::Pages => "pages",
            Self::Segments => "segments",
            Self::Queues => "queues",
            Self::Characters => "characters",
            Self::MegabitsPerSecond => "megabits-per-second",
        }
    }
}

impl FromStr for VirtioUnit {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "bytes" => Ok(Self::Bytes),
            "sectors" => Ok(Self::Sectors),
            "blocks" => Ok(Self::Blocks),
            "pages" => Ok(Self::Pages),
            "segments" => Ok(Self::Segments),
            "queues" => Ok(Self::Queues),
            "characters" => Ok(Self::Characters),
            "megabits-per-second" => Ok(Self::MegabitsPerSecond),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioUnit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioUnit {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioUnit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A number.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioNumber {
    /// the number
    pub value: u64,
    /// what it counts (absent: it is a plain number)
    pub unit: Option<VirtioUnit>,
}

impl EncodeMembers for VirtioNumber {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("value", &self.value)?;
        if let Some(value) = &self.unit {
            members.serialize_entry("unit", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioNumber {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            value: members.required("value")?,
            unit: members.optional("unit")?,
        })
    }
}

impl Serialize for VirtioNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioNumber {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One of several values.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioChoice {
    /// the value
    pub value: u64,
    /// its name in the virtio specification, in lower case (absent: it has none)
    pub choice: Option<String>,
}

impl EncodeMembers for VirtioChoice {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("value", &self.value)?;
        if let Some(value) = &self.choice {
            members.serialize_entry("choice", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioChoice {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            value: members.required("value")?,
            choice: members.optional("choice")?,
        })
    }
}

impl Serialize for VirtioChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioChoice {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Bits that have names.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioFlags {
    /// all of the bits
    pub value: u64,
    /// the names, in the virtio specification, of those that are set, in lower case
    pub set: Vec<String>,
}

impl EncodeMembers for VirtioFlags {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("value", &self.value)?;
        members.serialize_entry("set", &self.set)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioFlags {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            value: members.required("value")?,
            set: members.required("set")?,
        })
    }
}

impl Serialize for VirtioFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioFlags {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFlags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Consecutive things.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioRange {
    /// the number of the first
    pub first: u64,
    /// how many they are
    pub count: u64,
    /// what they are
    pub unit: VirtioUnit,
}

impl EncodeMembers for VirtioRange {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("first", &self.first)?;
        members.serialize_entry("count", &self.count)?;
        members.serialize_entry("unit", &self.unit)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioRange {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            first: members.required("first")?,
            count: members.required("count")?,
            unit: members.required("unit")?,
        })
    }
}

impl Serialize for VirtioRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioRange {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Bytes.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioBytes {
    /// two hexadecimal digits each
    pub hex: String,
}

impl EncodeMembers for VirtioBytes {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("hex", &self.hex)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioBytes {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            hex: members.required("hex")?,
        })
    }
}

impl Serialize for VirtioBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioBytes {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Text.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioText {
    /// the text; bytes that are none are replaced
    pub text: String,
}

impl EncodeMembers for VirtioText {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("text", &self.text)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioText {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            text: members.required("text")?,
        })
    }
}

impl Serialize for VirtioText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioText {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A field of a configuration space or of a request.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioField {
    /// its name in the virtio specification
    pub name: String,
    /// What depends on `kind`.
    pub branch: VirtioFieldBranch,
}

impl VirtioField {
    /// The value that selects the branch.
    pub const fn tag(&self) -> VirtioFieldKind {
        self.branch.tag()
    }
}

impl EncodeMembers for VirtioField {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("kind", &self.tag())?;
        self.branch.encode_branch(members)
    }
}

impl DecodeMembers for VirtioField {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        let tag = members.required("kind")?;
        Ok(Self {
            name: members.required("name")?,
            branch: VirtioFieldBranch::decode_branch(tag, members)?,
        })
    }
}

/// What differs between the kinds of [`VirtioField`].
#[derive(Clone, Debug, PartialEq)]
pub enum VirtioFieldBranch {
    /// a number
    Number(VirtioNumber),
    /// one of several values that have names
    Choice(VirtioChoice),
    /// bits that have names
    Flags(VirtioFlags),
    /// consecutive things
    Range(VirtioRange),
    /// bytes
    Bytes(VirtioBytes),
    /// text
    Text(VirtioText),
}

impl VirtioFieldBranch {
    /// The value that selects this branch.
    pub const fn tag(&self) -> VirtioFieldKind {
        match self {
            Self::Number(_) => VirtioFieldKind::Number,
            Self::Choice(_) => VirtioFieldKind::Choice,
            Self::Flags(_) => VirtioFieldKind::Flags,
            Self::Range(_) => VirtioFieldKind::Range,
            Self::Bytes(_) => VirtioFieldKind::Bytes,
            Self::Text(_) => VirtioFieldKind::Text,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(_tag: VirtioFieldKind) -> Option<Self> {
        None
    }

    fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Number(branch) => branch.encode_members(members),
            Self::Choice(branch) => branch.encode_members(members),
            Self::Flags(branch) => branch.encode_members(members),
            Self::Range(branch) => branch.encode_members(members),
            Self::Bytes(branch) => branch.encode_members(members),
            Self::Text(branch) => branch.encode_members(members),
        }
    }

    fn decode_branch(tag: VirtioFieldKind, members: &mut Members<'_>) -> Result<Self, Error> {
        match tag {
            VirtioFieldKind::Number => DecodeMembers::decode_members(members).map(Self::Number),
            VirtioFieldKind::Choice => DecodeMembers::decode_members(members).map(Self::Choice),
            VirtioFieldKind::Flags => DecodeMembers::decode_members(members).map(Self::Flags),
            VirtioFieldKind::Range => DecodeMembers::decode_members(members).map(Self::Range),
            VirtioFieldKind::Bytes => DecodeMembers::decode_members(members).map(Self::Bytes),
            VirtioFieldKind::Text => DecodeMembers::decode_members(members).map(Self::Text),
        }
    }

}

impl From<VirtioNumber> for VirtioFieldBranch {
    fn from(branch: VirtioNumber) -> Self {
        Self::Number(branch)
    }
}

impl From<VirtioChoice> for VirtioFieldBranch {
    fn from(branch: VirtioChoice) -> Self {
        Self::Choice(branch)
    }
}

impl From<VirtioFlags> for VirtioFieldBranch {
    fn from(branch: VirtioFlags) -> Self {
        Self::Flags(branch)
    }
}

impl From<VirtioRange> for VirtioFieldBranch {
    fn from(branch: VirtioRange) -> Self {
        Self::Range(branch)
    }
}

impl From<VirtioBytes> for VirtioFieldBranch {
    fn from(branch: VirtioBytes) -> Self {
        Self::Bytes(branch)
    }
}

impl From<VirtioText> for VirtioFieldBranch {
    fn from(branch: VirtioText) -> Self {
        Self::Text(branch)
    }
}

impl Serialize for VirtioField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioField {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A field of a device's configuration space.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioConfigurationField {
    /// where it begins, in bytes
    pub offset: u16,
    /// how long it is, in bytes
    pub size: u16,
    /// the feature that it belongs to (absent: it is always there)
    pub feature: Option<String>,
    /// the device offers that feature, or it needs none; otherwise the value means nothing
    pub valid: bool,
    /// what stands in it
    pub content: VirtioField,
}

impl EncodeMembers for VirtioConfigurationField {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("offset", &self.offset)?;
        members.serialize_entry("size", &self.size)?;
        if let Some(value) = &self.feature {
            members.serialize_entry("feature", value)?;
        }
        members.serialize_entry("valid", &self.valid)?;
        members.serialize_entry("content", &self.content)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioConfigurationField {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            offset: members.required("offset")?,
            size: members.required("size")?,
            feature: members.optional("feature")?,
            valid: members.required("valid")?,
            content: members.required("content")?,
        })
    }
}

impl Serialize for VirtioConfigurationField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioConfigurationField {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioConfigurationField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// When one side of a queue wants to hear from the other.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioNotificationWish {
    /// whenever there is something new
    Always,
    /// not at all; it looks by itself
    Never,
    /// when a position is passed
    AtPosition,
}

impl VirtioNotificationWish {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Always,
        Self::Never,
        Self::AtPosition,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::AtPosition => "at-position",
        }
    }
}

impl FromStr for VirtioNotificationWish {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            "at-position" => Ok(Self::AtPosition),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioNotificationWish {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioNotificationWish {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioNotificationWish {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioNotificationWish {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One side's wish to be notified, as it stands in guest memory.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioNotification {
    /// when it wants to be notified
    pub wish: VirtioNotificationWish,
    /// the position; with `at-position` only
    pub position: Option<u16>,
    /// the wrap counter of that position; on a packed ring with `at-position` only
    pub wrap: Option<bool>,
}

impl EncodeMembers for VirtioNotification {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("wish", &self.wish)?;
        if let Some(value) = &self.position {
            members.serialize_entry("position", value)?;
        }
        if let Some(value) = &self.wrap {
            members.serialize_entry("wrap", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioNotification {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            wish: members.required("wish")?,
            position: members.optional("position")?,
            wrap: members.optional("wrap")?,
        })
    }
}

impl Serialize for VirtioNotification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioNotification {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioNotification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// How a ring is laid out.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioRingFormat {
    /// a descriptor table, a ring of the driver and a ring of the device
    Split,
    /// one ring of descriptors that both sides write
    Packed,
}

impl VirtioRingFormat {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Split,
        Self::Packed,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Packed => "packed",
        }
    }
}

impl FromStr for VirtioRingFormat {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "split" => Ok(Self::Split),
            "packed" => Ok(Self::Packed),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioRingFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioRingFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioRingFormat {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRingFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The indices of a split ring.  They count chains and run freely from 65535 to 0.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioSplitRing {
    /// how many chains the driver has made available, as it stands in guest memory now
    pub driver_available: u16,
    /// the same as the device last read it
    pub device_seen_available: u16,
    /// how many of them the device has taken
    pub device_taken: u16,
    /// how many chains came back, as it stands in guest memory now
    pub memory_used: u16,
    /// the same as the device knows it; they differ when the guest has written over it
    pub device_used: u16,
}

impl EncodeMembers for VirtioSplitRing {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("driver-available", &self.driver_available)?;
        members.serialize_entry("device-seen-available", &self.device_seen_available)?;
        members.serialize_entry("device-taken", &self.device_taken)?;
        members.serialize_entry("memory-used", &self.memory_used)?;
        members.serialize_entry("device-used", &self.device_used)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioSplitRing {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            driver_available: members.required("driver-available")?,
            device_seen_available: members.required("device-seen-available")?,
            device_taken: members.required("device-taken")?,
            memory_used: members.required("memory-used")?,
            device_used: members.required("device-used")?,
        })
    }
}

impl Serialize for VirtioSplitRing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioSplitRing {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioSplitRing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The positions of a packed ring.  They are slots; the wrap counter of a side changes whenever it passes the end.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioPackedRing {
    /// how many descriptors from `device-position` on the driver has made available, as they
    /// stand in guest memory now
    pub available_descriptors: u16,
    /// how many of them the device knows of
    pub device_seen_available: u16,
    /// the slot where the device takes the next chain
    pub device_position: u16,
    /// the wrap counter of that position
    pub device_wrap: bool,
    /// the slot where the device writes the next chain that comes back
    pub used_position: u16,
    /// the wrap counter of that position
    pub used_wrap: bool,
}

impl EncodeMembers for VirtioPackedRing {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("available-descriptors", &self.available_descriptors)?;
        members.serialize_entry("device-seen-available", &self.device_seen_available)?;
        members.serialize_entry("device-position", &self.device_position)?;
        members.serialize_entry("device-wrap", &self.device_wrap)?;
        members.serialize_entry("used-position", &self.used_position)?;
        members.serialize_entry("used-wrap", &self.used_wrap)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioPackedRing {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            available_descriptors: members.required("available-descriptors")?,
            device_seen_available: members.required("device-seen-available")?,
            device_position: members.required("device-position")?,
            device_wrap: members.required("device-wrap")?,
            used_position: members.required("used-position")?,
            used_wrap: members.required("used-wrap")?,
        })
    }
}

impl Serialize for VirtioPackedRing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioPackedRing {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioPackedRing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// How far both sides are on a ring.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioRing {
    /// when the driver wants to be interrupted
    pub driver_notification: VirtioNotification,
    /// when the device wants to be kicked
    pub device_notification: VirtioNotification,
    /// What depends on `format`.
    pub branch: VirtioRingBranch,
}

impl VirtioRing {
    /// The value that selects the branch.
    pub const fn tag(&self) -> VirtioRingFormat {
        self.branch.tag()
    }
}

impl EncodeMembers for VirtioRing {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("format", &self.tag())?;
        members.serialize_entry("driver-notification", &self.driver_notification)?;
        members.serialize_entry("device-notification", &self.device_notification)?;
        self.branch.encode_branch(members)
    }
}

impl DecodeMembers for VirtioRing {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        let tag = members.required("format")?;
        Ok(Self {
            driver_notification: members.required("driver-notification")?,
            device_notification: members.required("device-notification")?,
            branch: VirtioRingBranch::decode_branch(tag, members)?,
        })
    }
}

/// What differs between the kinds of [`VirtioRing`].
#[derive(Clone, Debug, PartialEq)]
pub enum VirtioRingBranch {
    /// a descriptor table, a ring of the driver and a ring of the device
    Split(VirtioSplitRing),
    /// one ring of descriptors that both sides write
    Packed(VirtioPackedRing),
}

impl VirtioRingBranch {
    /// The value that selects this branch.
    pub const fn tag(&self) -> VirtioRingFormat {
        match self {
            Self::Split(_) => VirtioRingFormat::Split,
            Self::Packed(_) => VirtioRingFormat::Packed,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(_tag: VirtioRingFormat) -> Option<Self> {
        None
    }

    fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Split(branch) => branch.encode_members(members),
            Self::Packed(branch) => branch.encode_members(members),
        }
    }

    fn decode_branch(tag: VirtioRingFormat, members: &mut Members<'_>) -> Result<Self, Error> {
        match tag {
            VirtioRingFormat::Split => DecodeMembers::decode_members(members).map(Self::Split),
            VirtioRingFormat::Packed => DecodeMembers::decode_members(members).map(Self::Packed),
        }
    }

}

impl From<VirtioSplitRing> for VirtioRingBranch {
    fn from(branch: VirtioSplitRing) -> Self {
        Self::Split(branch)
    }
}

impl From<VirtioPackedRing> for VirtioRingBranch {
    fn from(branch: VirtioPackedRing) -> Self {
        Self::Packed(branch)
    }
}

impl Serialize for VirtioRing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioRing {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What has to happen next on a queue.  The first word says who has to do it.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioQueueNext {
    /// the driver has to set up the queue and the device
    DriverSetUp,
    /// the driver has to reset the device, which has met an error or been given up
    DriverReset,
    /// the driver has to offer something; nothing waits on either side
    DriverMakeAvailable,
    /// the driver has to notify the device: it has offered chains that the device does not know of, no
    /// notification is under way, and the device had asked for one.  If this lasts, a notification was lost or never
    /// sent.
    DriverKick,
    /// the driver has to look at what the device returned, which it was interrupted for
    DriverTakeUsed,
    /// the driver has to look by itself at what the device returned: it had asked not to be interrupted.
    /// A driver that polls may have looked already.  If it waits for an interrupt, it waits for ever.
    DriverPollUsed,
    /// the device has to take the chains offered; it has been notified, or is at work
    DeviceProcess,
    /// the device has to return the chains that it has taken
    DeviceComplete,
    /// the device has to wait for data from outside to put into the chains offered, which it knows of, or for a
    /// rate limit to let it go on with them
    DeviceFill,
    /// the machine is stopped
    MachineResume,
    /// the process that works on the queue has to come back; what the driver has offered waits for it
    BackEndConnect,
}

impl VirtioQueueNext {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::DriverSetUp,
        Self::DriverReset,
        Self::DriverMakeAvailable,
        Self::DriverKick,
        Self::DriverTakeUsed,
        Self::DriverPollUsed,
        Self::DeviceProcess,
        Self::DeviceComplete,
        Self::DeviceFill,
        Self::MachineResume,
        Self::BackEndConnect,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DriverSetUp => "driver-set-up",
            Self::DriverReset => "driver-reset",
            Self::DriverMakeAvailable => "driver-make-available",
            Self::DriverKick => "driver-kick",
            Self::DriverTakeUsed => "driver-take-used",
            Self::DriverPollUsed => "driver-poll-used",
            Self::DeviceProcess => "device-process",
            Self::DeviceComplete => "device-complete",
            Self::DeviceFill => "device-fill",
            Self::MachineResume => "machine-resume",
            Self::BackEndConnect => "back-end-connect",
        }
    }
}

impl FromStr for VirtioQueueNext {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "driver-set-up" => Ok(Self::DriverSetUp),
            "driver-reset" => Ok(Self::DriverReset),
            "driver-make-available" => Ok(Self::DriverMakeAvailable),
            "driver-kick" => Ok(Self::DriverKick),
            "driver-take-used" => Ok(Self::DriverTakeUsed),
            "driver-poll-used" => Ok(Self::DriverPollUsed),
            "device-process" => Ok(Self::DeviceProcess),
            "device-complete" => Ok(Self::DeviceComplete),
            "device-fill" => Ok(Self::DeviceFill),
            "machine-resume" => Ok(Self::MachineResume),
            "back-end-connect" => Ok(Self::BackEndConnect),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioQueueNext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioQueueNext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioQueueNext {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioQueueNext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A queue.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioQueue {
    /// the queue's number
    pub index: u16,
    /// the driver has put the queue to use
    pub ready: bool,
    /// how many descriptors the ring has
    pub size: u16,
    /// how many it may have
    pub maximum_size: u16,
    /// where the descriptors are; 0 before set-up
    pub descriptor_area: u64,
    /// where the driver's area is: the available ring, or its event suppression
    pub driver_area: u64,
    /// where the device's area is: the used ring, or its event suppression
    pub device_area: u64,
    /// how far both sides are (absent: the queue is not in use)
    pub ring: Option<VirtioRing>,
    /// why the ring cannot be read (absent: it can, or is not in use)
    pub ring_failure: Option<VirtioFailure>,
    /// how many chains (descriptors of a packed ring) the driver has offered and the device has not taken
    pub waiting: u16,
    /// how many chains the device has taken and not returned
    pub in_flight: u16,
    /// the driver's notification has arrived and the device has not woken up for it
    pub kick_pending: bool,
    /// what has to happen next, and who has to do it
    pub next: VirtioQueueNext,
    /// a number that grows whenever the device moves on this queue; if it is the same in two replies, the
    /// device did nothing in between
    pub generation: u64,
    /// the device did not move while guest memory was read for this reply
    pub consistent: bool,
}

impl EncodeMembers for VirtioQueue {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("index", &self.index)?;
        members.serialize_entry("ready", &self.ready)?;
        members.serialize_entry("size", &self.size)?;
        members.serialize_entry("maximum-size", &self.maximum_size)?;
        members.serialize_entry("descriptor-area", &self.descriptor_area)?;
        members.serialize_entry("driver-area", &self.driver_area)?;
        members.serialize_entry("device-area", &self.device_area)?;
        if let Some(value) = &self.ring {
            members.serialize_entry("ring", value)?;
        }
        if let Some(value) = &self.ring_failure {
            members.serialize_entry("ring-failure", value)?;
        }
        members.serialize_entry("waiting", &self.waiting)?;
        members.serialize_entry("in-flight", &self.in_flight)?;
        members.serialize_entry("kick-pending", &self.kick_pending)?;
        members.serialize_entry("next", &self.next)?;
        members.serialize_entry("generation", &self.generation)?;
        members.serialize_entry("consistent", &self.consistent)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioQueue {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            index: members.required("index")?,
            ready: members.required("ready")?,
            size: members.required("size")?,
            maximum_size: members.required("maximum-size")?,
            descriptor_area: members.required("descriptor-area")?,
            driver_area: members.required("driver-area")?,
            device_area: members.required("device-area")?,
            ring: members.optional("ring")?,
            ring_failure: members.optional("ring-failure")?,
            waiting: members.required("waiting")?,
            in_flight: members.required("in-flight")?,
            kick_pending: members.required("kick-pending")?,
            next: members.required("next")?,
            generation: members.required("generation")?,
            consistent: members.required("consistent")?,
        })
    }
}

impl Serialize for VirtioQueue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioQueue {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioQueue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A process that works on a device's queues, by the vhost-user protocol, as far as it has told by itself: no query asks it.
/// Of its queues is known what stands in guest memory: what the driver has offered and not got back counts as in flight.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioBackEnd {
    /// where it listens
    pub socket: String,
    /// it is there
    pub connected: bool,
    /// it has the queues that the driver uses
    pub running: bool,
    /// how often it has come, the first time included
    pub connections: u64,
    /// why it went last, or could not be had since, for people (absent: it has not gone since it came)
    pub lost: Option<String>,
    /// the protocol's names of the features of the protocol that were agreed on
    pub protocol_features: Vec<String>,
}

impl EncodeMembers for VirtioBackEnd {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("socket", &self.socket)?;
        members.serialize_entry("connected", &self.connected)?;
        members.serialize_entry("running", &self.running)?;
        members.serialize_entry("connections", &self.connections)?;
        if let Some(value) = &self.lost {
            members.serialize_entry("lost", value)?;
        }
        members.serialize_entry("protocol-features", &self.protocol_features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioBackEnd {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            socket: members.required("socket")?,
            connected: members.required("connected")?,
            running: members.required("running")?,
            connections: members.required("connections")?,
            lost: members.optional("lost")?,
            protocol_features: members.required("protocol-features")?,
        })
    }
}

impl Serialize for VirtioBackEnd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioBackEnd {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioBackEnd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A virtio device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDevice {
    /// its path in the object tree
    pub path: String,
    /// the name of its kind
    pub name: String,
    /// the number of its kind in the virtio specification
    pub device_id: u16,
    /// when this was read, in nanoseconds of the host's monotonic clock
    pub time: u64,
    /// the machine is not stopped
    pub machine_running: bool,
    /// the device's thread is at work at this moment
    pub working: bool,
    /// the bits of the status register that are set, in the order in which drivers set them
    pub status: Vec<VirtioStatusBit>,
    /// the bits of the status register that have no name (absent: none)
    pub unknown_status: Option<u8>,
    /// why the device needs a reset (absent: it does not)
    pub failure: Option<VirtioFailure>,
    /// every bit that is offered or acknowledged, lowest first
    pub features: Vec<VirtioFeature>,
    /// the transport's registers
    pub transport: VirtioTransport,
    /// the configuration space, as it stood when the transport last read or wrote it (absent: the device's
    /// kind does not declare its fields)
    pub configuration: Option<Vec<VirtioConfigurationField>>,
    /// the process that works on the queues (absent: the device itself does)
    pub back_end: Option<VirtioBackEnd>,
    /// the queues
    pub queues: Vec<VirtioQueue>,
}

impl EncodeMembers for VirtioDevice {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("device-id", &self.device_id)?;
        members.serialize_entry("time", &self.time)?;
        members.serialize_entry("machine-running", &self.machine_running)?;
        members.serialize_entry("working", &self.working)?;
        members.serialize_entry("status", &self.status)?;
        if let Some(value) = &self.unknown_status {
            members.serialize_entry("unknown-status", value)?;
        }
        if let Some(value) = &self.failure {
            members.serialize_entry("failure", value)?;
        }
        members.serialize_entry("features", &self.features)?;
        members.serialize_entry("transport", &self.transport)?;
        if let Some(value) = &self.configuration {
            members.serialize_entry("configuration", value)?;
        }
        if let Some(value) = &self.back_end {
            members.serialize_entry("back-end", value)?;
        }
        members.serialize_entry("queues", &self.queues)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDevice {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            name: members.required("name")?,
            device_id: members.required("device-id")?,
            time: members.required("time")?,
            machine_running: members.required("machine-running")?,
            working: members.required("working")?,
            status: members.required("status")?,
            unknown_status: members.optional("unknown-status")?,
            failure: members.optional("failure")?,
            features: members.required("features")?,
            transport: members.required("transport")?,
            configuration: members.optional("configuration")?,
            back_end: members.optional("back-end")?,
            queues: members.required("queues")?,
        })
    }
}

impl Serialize for VirtioDevice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDevice {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDevice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A flag of a descriptor.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioDescriptorFlag {
    /// the chain goes on
    Next,
    /// the buffer is for the device to write
    Write,
    /// the buffer is a table of descriptors
    Indirect,
    /// the driver's flag on a packed ring
    Available,
    /// the device's flag on a packed ring
    Used,
}

impl VirtioDescriptorFlag {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Next,
        Self::Write,
        Self::Indirect,
        Self::Available,
        Self::Used,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Write => "write",
            Self::Indirect => "indirect",
            Self::Available => "available",
            Self::Used => "used",
        }
    }
}

impl FromStr for VirtioDescriptorFlag {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "next" => Ok(Self::Next),
            "write" => Ok(Self::Write),
            "indirect" => Ok(Self::Indirect),
            "available" => Ok(Self::Available),
            "used" => Ok(Self::Used),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioDescriptorFlag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioDescriptorFlag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioDescriptorFlag {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDescriptorFlag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What is wrong with a descriptor.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioDescriptorProblem {
    /// its buffer is not, or not completely, in guest memory
    NotInMemory,
    /// its buffer wraps around the end of the address space
    AddressOverflow,
    /// its buffer has no bytes (devices pass over it)
    Empty,
    /// its buffer overlaps that of an earlier descriptor of the chain, and one of them is to be written
    /// (devices do not mind)
    Overlaps,
    /// it is to be read and follows one to be written
    ReadableAfterWritable,
    /// the number of the next descriptor is outside of the table
    NextOutsideTable,
    /// the chain comes back to a descriptor that it has been at
    Loops,
    /// it is indirect, although the driver has not acknowledged the feature
    IndirectNotNegotiated,
    /// the table that it refers to is empty, too long, or no whole number of descriptors
    IndirectLength,
    /// it is indirect and goes on
    IndirectWithNext,
    /// it is indirect and stands in an indirect table
    NestedIndirect,
    /// the device has written the record of a returned chain over it; what the driver had offered there is
    /// gone from memory, not from the device (packed rings only)
    Overwritten,
    /// it has flags without a name (devices do not mind)
    UnknownFlags,
}

impl VirtioDescriptorProblem {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::NotInMemory,
        Self::AddressOverflow,
        Self::Empty,
        Self::Overlaps,
        Self::ReadableAfterWritable,
        Self::NextOutsideTable,
        Self::Loops,
        Self::IndirectNotNegotiated,
        Self::IndirectLength,
        Self::IndirectWithNext,
        Self::NestedIndirect,
        Self::Overwritten,
        Self::UnknownFlags,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInMemory => "not-in-memory",
            Self::AddressOverflow => "address-overflow",
            Self::Empty => "empty",
            Self::Overlaps => "overlaps",
            Self::ReadableAfterWritable => "readable-after-writable",
            Self::NextOutsideTable => "next-outside-table",
            Self::Loops => "loops",
            Self::IndirectNotNegotiated => "indirect-not-negotiated",
            Self::IndirectLength => "indirect-length",
            Self::IndirectWithNext => "indirect-with-next",
            Self::NestedIndirect => "nested-indirect",
            Self::Overwritten => "overwritten",
            Self::UnknownFlags => "unknown-flags",
        }
    }
}

impl FromStr for VirtioDescriptorProblem {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "not-in-memory" => Ok(Self::NotInMemory),
            "address-overflow" => Ok(Self::AddressOverflow),
            "empty" => Ok(Self::Empty),
            "overlaps" => Ok(Self::Overlaps),
            "readable-after-writable" => Ok(Self::ReadableAfterWritable),
            "next-outside-table" => Ok(Self::NextOutsideTable),
            "loops" => Ok(Self::Loops),
            "indirect-not-negotiated" => Ok(Self::IndirectNotNegotiated),
            "indirect-length" => Ok(Self::IndirectLength),
            "indirect-with-next" => Ok(Self::IndirectWithNext),
            "nested-indirect" => Ok(Self::NestedIndirect),
            "overwritten" => Ok(Self::Overwritten),
            "unknown-flags" => Ok(Self::UnknownFlags),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioDescriptorProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioDescriptorProblem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioDescriptorProblem {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDescriptorProblem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A descriptor.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDescriptor {
    /// its number in its table
    pub index: u16,
    /// it stands in the table that the descriptor before the first such one refers to
    pub indirect_table: bool,
    /// where its buffer is in guest memory
    pub address: u64,
    /// how long it is, in bytes
    pub length: u32,
    /// its flags
    pub flags: Vec<VirtioDescriptorFlag>,
    /// what is wrong with it; empty if nothing is
    pub problems: Vec<VirtioDescriptorProblem>,
}

impl EncodeMembers for VirtioDescriptor {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("index", &self.index)?;
        members.serialize_entry("indirect-table", &self.indirect_table)?;
        members.serialize_entry("address", &self.address)?;
        members.serialize_entry("length", &self.length)?;
        members.serialize_entry("flags", &self.flags)?;
        members.serialize_entry("problems", &self.problems)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDescriptor {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            index: members.required("index")?,
            indirect_table: members.required("indirect-table")?,
            address: members.required("address")?,
            length: members.required("length")?,
            flags: members.required("flags")?,
            problems: members.required("problems")?,
        })
    }
}

impl Serialize for VirtioDescriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDescriptor {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDescriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// How far a chain is.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioChainState {
    /// the driver has offered it and the device has not taken it
    Available,
    /// the device has taken it and not returned it
    InFlight,
    /// neither; it came back, or there never was any
    Stale,
}

impl VirtioChainState {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Available,
        Self::InFlight,
        Self::Stale,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::InFlight => "in-flight",
            Self::Stale => "stale",
        }
    }
}

impl FromStr for VirtioChainState {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "available" => Ok(Self::Available),
            "in-flight" => Ok(Self::InFlight),
            "stale" => Ok(Self::Stale),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioChainState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioChainState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioChainState {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioChainState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A chain of descriptors.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioChain {
    /// its place in the ring
    pub slot: u16,
    /// the number by which driver and device know it: that of its first descriptor, or its buffer ID on a packed ring
    pub head: u16,
    /// how far it is
    pub state: VirtioChainState,
    /// its descriptors, the first one first
    pub descriptors: Vec<VirtioDescriptor>,
    /// how many bytes the device may read
    pub readable_bytes: u64,
    /// how many bytes the device may write
    pub writable_bytes: u64,
    /// why the device would refuse it if it took it now (absent: it would not)
    pub refusal: Option<VirtioFailure>,
    /// the request's header as the device's kind understands it; empty if it has none or cannot be read
    pub request: Vec<VirtioField>,
    /// the first bytes that the device may read, two hexadecimal digits each (absent: not asked for)
    pub readable_hex: Option<String>,
    /// the first bytes that the device may write, two hexadecimal digits each (absent: not asked for)
    pub writable_hex: Option<String>,
}

impl EncodeMembers for VirtioChain {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("slot", &self.slot)?;
        members.serialize_entry("head", &self.head)?;
        members.serialize_entry("state", &self.state)?;
        members.serialize_entry("descriptors", &self.descriptors)?;
        members.serialize_entry("readable-bytes", &self.readable_bytes)?;
        members.serialize_entry("writable-bytes", &self.writable_bytes)?;
        if let Some(value) = &self.refusal {
            members.serialize_entry("refusal", value)?;
        }
        members.serialize_entry("request", &self.request)?;
        if let Some(value) = &self.readable_hex {
            members.serialize_entry("readable-hex", value)?;
        }
        if let Some(value) = &self.writable_hex {
            members.serialize_entry("writable-hex", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioChain {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            slot: members.required("slot")?,
            head: members.required("head")?,
            state: members.required("state")?,
            descriptors: members.required("descriptors")?,
            readable_bytes: members.required("readable-bytes")?,
            writable_bytes: members.required("writable-bytes")?,
            refusal: members.optional("refusal")?,
            request: members.required("request")?,
            readable_hex: members.optional("readable-hex")?,
            writable_hex: members.optional("writable-hex")?,
        })
    }
}

impl Serialize for VirtioChain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioChain {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioChain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Chains of a queue.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioChains {
    /// the device's path in the object tree
    pub path: String,
    /// the name of the device's kind
    pub name: String,
    /// when this was read, in nanoseconds of the host's monotonic clock
    pub time: u64,
    /// the queue as it stood then
    pub queue: VirtioQueue,
    /// the chains, in the order in which the driver offered them
    pub chains: Vec<VirtioChain>,
    /// no chain was left out because the reply would have become too long
    pub complete: bool,
}

impl EncodeMembers for VirtioChains {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("time", &self.time)?;
        members.serialize_entry("queue", &self.queue)?;
        members.serialize_entry("chains", &self.chains)?;
        members.serialize_entry("complete", &self.complete)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioChains {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            name: members.required("name")?,
            time: members.required("time")?,
            queue: members.required("queue")?,
            chains: members.required("chains")?,
            complete: members.required("complete")?,
        })
    }
}

impl Serialize for VirtioChains {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioChains {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioChains {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

