// Written by `cargo xtask codegen` from `qapi-schema/schema/stats.json`; change nothing here.

//! Types of `stats.json`.

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

/// How a statistic behaves.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatsType {
    /// it only grows
    Cumulative,
    /// it goes up and down
    Instant,
    /// it is the largest value so far
    Peak,
    /// it counts events by size, in buckets of equal width: bucket N covers the sizes from
    /// N * `bucket-size` up to, but without, (N + 1) * `bucket-size`; the last bucket has no upper end
    LinearHistogram,
    /// it counts events by size, in buckets that double: bucket 0 covers size 0, bucket N the
    /// sizes from 2^(N - 1) up to, but without, 2^N; the last bucket has no upper end
    Log2Histogram,
}

impl StatsType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Cumulative,
        Self::Instant,
        Self::Peak,
        Self::LinearHistogram,
        Self::Log2Histogram,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cumulative => "cumulative",
            Self::Instant => "instant",
            Self::Peak => "peak",
            Self::LinearHistogram => "linear-histogram",
            Self::Log2Histogram => "log2-histogram",
        }
    }
}

impl FromStr for StatsType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "cumulative" => Ok(Self::Cumulative),
            "instant" => Ok(Self::Instant),
            "peak" => Ok(Self::Peak),
            "linear-histogram" => Ok(Self::LinearHistogram),
            "log2-histogram" => Ok(Self::Log2Histogram),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for StatsType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StatsType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for StatsType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What a statistic counts, where that is not a plain number.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatsUnit {
    /// bytes
    Bytes,
    /// seconds
    Seconds,
    /// clock cycles
    Cycles,
    /// whether something holds
    Boolean,
}

impl StatsUnit {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Bytes,
        Self::Seconds,
        Self::Cycles,
        Self::Boolean,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Seconds => "seconds",
            Self::Cycles => "cycles",
            Self::Boolean => "boolean",
        }
    }
}

impl FromStr for StatsUnit {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "bytes" => Ok(Self::Bytes),
            "seconds" => Ok(Self::Seconds),
            "cycles" => Ok(Self::Cycles),
            "boolean" => Ok(Self::Boolean),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for StatsUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StatsUnit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for StatsUnit {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsUnit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Where statistics come from.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatsProvider {
    /// the kernel's virtual machine monitor
    Kvm,
}

impl StatsProvider {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Kvm,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
        }
    }
}

impl FromStr for StatsProvider {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "kvm" => Ok(Self::Kvm),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for StatsProvider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StatsProvider {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for StatsProvider {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsProvider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What statistics are about.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatsTarget {
    /// the whole virtual machine
    Vm,
    /// one vCPU
    Vcpu,
}

impl StatsTarget {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Vm,
        Self::Vcpu,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vm => "vm",
            Self::Vcpu => "vcpu",
        }
    }
}

impl FromStr for StatsTarget {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "vm" => Ok(Self::Vm),
            "vcpu" => Ok(Self::Vcpu),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for StatsTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StatsTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for StatsTarget {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What is wanted from one provider.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatsRequest {
    /// the provider
    pub provider: StatsProvider,
    /// the statistics; names that the provider does not have are passed over (default: all)
    pub names: Option<Vec<String>>,
}

impl EncodeMembers for StatsRequest {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("provider", &self.provider)?;
        if let Some(value) = &self.names {
            members.serialize_entry("names", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for StatsRequest {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            provider: members.required("provider")?,
            names: members.optional("names")?,
        })
    }
}

impl Serialize for StatsRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatsRequest {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Which vCPUs are wanted.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatsVCPUFilter {
    /// their paths in the object tree; paths that no vCPU has are passed over (default: all)
    pub vcpus: Option<Vec<String>>,
}

impl EncodeMembers for StatsVCPUFilter {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.vcpus {
            members.serialize_entry("vcpus", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for StatsVCPUFilter {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            vcpus: members.optional("vcpus")?,
        })
    }
}

impl Serialize for StatsVCPUFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatsVCPUFilter {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsVCPUFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Which statistics are wanted.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatsFilter {
    /// whom to ask for what (default: everyone, for all)
    pub providers: Option<Vec<StatsRequest>>,
    /// What depends on `target`.
    pub branch: StatsFilterBranch,
}

impl StatsFilter {
    /// The value that selects the branch.
    pub const fn tag(&self) -> StatsTarget {
        self.branch.tag()
    }
}

impl EncodeMembers for StatsFilter {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("target", &self.tag())?;
        if let Some(value) = &self.providers {
            members.serialize_entry("providers", value)?;
        }
        self.branch.encode_branch(members)
    }
}

impl DecodeMembers for StatsFilter {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        let tag = members.required("target")?;
        Ok(Self {
            providers: members.optional("providers")?,
            branch: StatsFilterBranch::decode_branch(tag, members)?,
        })
    }
}

/// What differs between the kinds of [`StatsFilter`].
#[derive(Clone, Debug, PartialEq)]
pub enum StatsFilterBranch {
    /// one vCPU
    Vcpu(StatsVCPUFilter),
    /// the whole virtual machine
    Vm,
}

impl StatsFilterBranch {
    /// The value that selects this branch.
    pub const fn tag(&self) -> StatsTarget {
        match self {
            Self::Vcpu(_) => StatsTarget::Vcpu,
            Self::Vm => StatsTarget::Vm,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(tag: StatsTarget) -> Option<Self> {
        match tag {
            StatsTarget::Vm => Some(Self::Vm),
            _ => None,
        }
    }

    fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Vcpu(branch) => branch.encode_members(members),
            Self::Vm => Ok(()),
        }
    }

    fn decode_branch(tag: StatsTarget, members: &mut Members<'_>) -> Result<Self, Error> {
        match tag {
            StatsTarget::Vcpu => DecodeMembers::decode_members(members).map(Self::Vcpu),
            StatsTarget::Vm => Ok(Self::Vm),
        }
    }

}

impl From<StatsVCPUFilter> for StatsFilterBranch {
    fn from(branch: StatsVCPUFilter) -> Self {
        Self::Vcpu(branch)
    }
}

impl Serialize for StatsFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatsFilter {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The value of a statistic.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub enum StatsValue {
    /// a number
    Scalar(u64),
    /// whether something holds
    Boolean(bool),
    /// the buckets of a histogram, the first one first
    List(Vec<u64>),
}

impl Serialize for StatsValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scalar(value) => value.serialize(serializer),
            Self::Boolean(value) => value.serialize(serializer),
            Self::List(value) => value.serialize(serializer),
        }
    }
}

impl Decode for StatsValue {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        match value {
            Value::Number(_) => Decode::decode(value, path).map(Self::Scalar),
            Value::Bool(_) => Decode::decode(value, path).map(Self::Boolean),
            Value::Array(_) => Decode::decode(value, path).map(Self::List),
            _ => Err(path.no_alternative("StatsValue")),
        }
    }
}

impl<'de> Deserialize<'de> for StatsValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One statistic.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// its name
    pub name: String,
    /// its value
    pub value: StatsValue,
}

impl EncodeMembers for Stats {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("value", &self.value)?;
        Ok(())
    }
}

impl DecodeMembers for Stats {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            value: members.required("value")?,
        })
    }
}

impl Serialize for Stats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for Stats {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for Stats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What one provider says about one object.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatsResult {
    /// the provider
    pub provider: StatsProvider,
    /// the object's path in the tree (absent: the whole virtual machine)
    pub qom_path: Option<String>,
    /// the statistics, in the reverse of the provider's order
    pub stats: Vec<Stats>,
}

impl EncodeMembers for StatsResult {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("provider", &self.provider)?;
        if let Some(value) = &self.qom_path {
            members.serialize_entry("qom-path", value)?;
        }
        members.serialize_entry("stats", &self.stats)?;
        Ok(())
    }
}

impl DecodeMembers for StatsResult {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            provider: members.required("provider")?,
            qom_path: members.optional("qom-path")?,
            stats: members.required("stats")?,
        })
    }
}

impl Serialize for StatsResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatsResult {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsResult {
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
pub struct StatsSchemaValue {
    /// its name
    pub name: String,
    /// how it behaves
    pub type_: StatsType,
    /// what it counts (absent: a plain number)
    pub unit: Option<StatsUnit>,
    /// 10 or 2 (absent if `exponent` is 0)
    pub base: Option<i8>,
    /// the exponent of `base`
    pub exponent: i16,
    /// the width of a bucket, for linear histograms only
    pub bucket_size: Option<u32>,
}

impl EncodeMembers for StatsSchemaValue {
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
        Ok(())
    }
}

impl DecodeMembers for StatsSchemaValue {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            type_: members.required("type")?,
            unit: members.optional("unit")?,
            base: members.optional("base")?,
            exponent: members.required("exponent")?,
            bucket_size: members.optional("bucket-size")?,
        })
    }
}

impl Serialize for StatsSchemaValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatsSchemaValue {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsSchemaValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What the statistics of one provider mean for one sort of object.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatsSchema {
    /// the provider
    pub provider: StatsProvider,
    /// the sort of object
    pub target: StatsTarget,
    /// the statistics, in the order that `query-stats` has
    pub stats: Vec<StatsSchemaValue>,
}

impl EncodeMembers for StatsSchema {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("provider", &self.provider)?;
        members.serialize_entry("target", &self.target)?;
        members.serialize_entry("stats", &self.stats)?;
        Ok(())
    }
}

impl DecodeMembers for StatsSchema {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            provider: members.required("provider")?,
            target: members.required("target")?,
            stats: members.required("stats")?,
        })
    }
}

impl Serialize for StatsSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatsSchema {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatsSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

