// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics.json`; change nothing here.

//! Types of `statistics.json`.

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

use super::super::stats::{Stats, StatsType, StatsUnit};

/// Where statistics come from.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatisticsProvider {
    /// the kernel's virtual machine monitor; which statistics there are depends on the kernel
    Kvm,
    /// the virtio devices
    Virtio,
    /// the threads that run the vCPUs
    Vcpu,
    /// the monitors
    Monitor,
    /// the program, as its host sees it
    Process,
}

impl StatisticsProvider {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Kvm,
        Self::Virtio,
        Self::Vcpu,
        Self::Monitor,
        Self::Process,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Virtio => "virtio",
            Self::Vcpu => "vcpu",
            Self::Monitor => "monitor",
            Self::Process => "process",
        }
    }
}

impl FromStr for StatisticsProvider {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "kvm" => Ok(Self::Kvm),
            "virtio" => Ok(Self::Virtio),
            "vcpu" => Ok(Self::Vcpu),
            "monitor" => Ok(Self::Monitor),
            "process" => Ok(Self::Process),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for StatisticsProvider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StatisticsProvider {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for StatisticsProvider {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsProvider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What statistics are about.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatisticsTarget {
    /// the whole virtual machine
    Machine,
    /// one vCPU
    Vcpu,
    /// one device
    Device,
    /// one queue of a device
    Queue,
    /// one place where monitors are served
    Monitor,
    /// the program
    Process,
}

impl StatisticsTarget {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Machine,
        Self::Vcpu,
        Self::Device,
        Self::Queue,
        Self::Monitor,
        Self::Process,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Vcpu => "vcpu",
            Self::Device => "device",
            Self::Queue => "queue",
            Self::Monitor => "monitor",
            Self::Process => "process",
        }
    }
}

impl FromStr for StatisticsTarget {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "machine" => Ok(Self::Machine),
            "vcpu" => Ok(Self::Vcpu),
            "device" => Ok(Self::Device),
            "queue" => Ok(Self::Queue),
            "monitor" => Ok(Self::Monitor),
            "process" => Ok(Self::Process),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for StatisticsTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StatisticsTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for StatisticsTarget {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Which statistics are wanted.  A list that is absent leaves nothing out, one that is empty leaves everything out;
/// entries that nothing has are passed over.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsFilter {
    /// what they are about
    pub targets: Option<Vec<StatisticsTarget>>,
    /// where they come from
    pub providers: Option<Vec<StatisticsProvider>>,
    /// the paths of their objects in the object tree; what has no path is left out if this is given
    pub paths: Option<Vec<String>>,
    /// what they are called
    pub names: Option<Vec<String>>,
}

impl EncodeMembers for StatisticsFilter {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.targets {
            members.serialize_entry("targets", value)?;
        }
        if let Some(value) = &self.providers {
            members.serialize_entry("providers", value)?;
        }
        if let Some(value) = &self.paths {
            members.serialize_entry("paths", value)?;
        }
        if let Some(value) = &self.names {
            members.serialize_entry("names", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for StatisticsFilter {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            targets: members.optional("targets")?,
            providers: members.optional("providers")?,
            paths: members.optional("paths")?,
            names: members.optional("names")?,
        })
    }
}

impl Serialize for StatisticsFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsFilter {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What a statistic means.
///
/// A value stands for `value * base ^ exponent` units.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticDescription {
    /// its name
    pub name: String,
    /// how it behaves
    pub type_: StatsType,
    /// what it counts, or for a histogram, what the sizes are measured in (absent: a plain number)
    pub unit: Option<StatsUnit>,
    /// 10 or 2 (absent if `exponent` is 0)
    pub base: Option<i8>,
    /// the exponent of `base`
    pub exponent: i16,
    /// the width of a bucket, for linear histograms only
    pub bucket_size: Option<u32>,
    /// how many values it has; the value is a list if this is not 1
    pub length: u16,
    /// what is counted, for people (absent: only the kernel knows)
    pub description: Option<String>,
}

impl EncodeMembers for StatisticDescription {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("type", &self.type_)?;
        if let Some(value) = &self.unit {
            members.serialize_entry("unit", value)?;
        }
        if let Some(value) = &self.base {
            members.serialize_entry("base", value)?;
        }
        members.serialize_entry("exponent", &self.exponent)?;
        if let Some(value) = &self.bucket_size {
            members.serialize_entry("bucket-size", value)?;
        }
        members.serialize_entry("length", &self.length)?;
        if let Some(value) = &self.description {
            members.serialize_entry("description", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for StatisticDescription {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            type_: members.required("type")?,
            unit: members.optional("unit")?,
            base: members.optional("base")?,
            exponent: members.required("exponent")?,
            bucket_size: members.optional("bucket-size")?,
            length: members.required("length")?,
            description: members.optional("description")?,
        })
    }
}

impl Serialize for StatisticDescription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticDescription {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticDescription {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What the statistics of one provider mean for one sort of object.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsSchema {
    /// the provider
    pub provider: StatisticsProvider,
    /// the sort of object
    pub target: StatisticsTarget,
    /// the statistics, in the order that `query-statistics` has.  Objects of one sort may have only some of
    /// them: a disk does not count what a network card does.
    pub statistics: Vec<StatisticDescription>,
}

impl EncodeMembers for StatisticsSchema {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("provider", &self.provider)?;
        members.serialize_entry("target", &self.target)?;
        members.serialize_entry("statistics", &self.statistics)?;
        Ok(())
    }
}

impl DecodeMembers for StatisticsSchema {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            provider: members.required("provider")?,
            target: members.required("target")?,
            statistics: members.required("statistics")?,
        })
    }
}

impl Serialize for StatisticsSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsSchema {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What one provider says about one object, all of it in one entry.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsObject {
    /// the provider
    pub provider: StatisticsProvider,
    /// the sort of object
    pub target: StatisticsTarget,
    /// the object's path in the object tree (absent: it has none)
    pub path: Option<String>,
    /// the number of the device's queue, for queues only
    pub queue: Option<u16>,
    /// what tells it from others of its sort, if path and queue do not: the address of a monitor
    pub name: Option<String>,
    /// the statistics
    pub statistics: Vec<Stats>,
}

impl EncodeMembers for StatisticsObject {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("provider", &self.provider)?;
        members.serialize_entry("target", &self.target)?;
        if let Some(value) = &self.path {
            members.serialize_entry("path", value)?;
        }
        if let Some(value) = &self.queue {
            members.serialize_entry("queue", value)?;
        }
        if let Some(value) = &self.name {
            members.serialize_entry("name", value)?;
        }
        members.serialize_entry("statistics", &self.statistics)?;
        Ok(())
    }
}

impl DecodeMembers for StatisticsObject {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            provider: members.required("provider")?,
            target: members.required("target")?,
            path: members.optional("path")?,
            queue: members.optional("queue")?,
            name: members.optional("name")?,
            statistics: members.required("statistics")?,
        })
    }
}

impl Serialize for StatisticsObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsObject {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Statistics at a time.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsReport {
    /// when they were read, in nanoseconds since an arbitrary moment (the host's monotonic clock)
    pub time: u64,
    /// the objects, by provider and sort; one without any statistic that was asked for is left out
    pub objects: Vec<StatisticsObject>,
}

impl EncodeMembers for StatisticsReport {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("time", &self.time)?;
        members.serialize_entry("objects", &self.objects)?;
        Ok(())
    }
}

impl DecodeMembers for StatisticsReport {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            time: members.required("time")?,
            objects: members.required("objects")?,
        })
    }
}

impl Serialize for StatisticsReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsReport {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsReport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

