// Written by `cargo xtask codegen` from `qapi-schema/schema/block.json`; change nothing here.

//! Types of `block.json`.

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// What is done about a request that the storage could not do.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockErrorAction {
    /// the guest is told that it was done
    Ignore,
    /// the guest is told of the error
    Report,
    /// the machine stops, and the request is tried again when it goes on
    Stop,
}

impl BlockErrorAction {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Ignore,
        Self::Report,
        Self::Stop,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Report => "report",
            Self::Stop => "stop",
        }
    }
}

impl FromStr for BlockErrorAction {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "ignore" => Ok(Self::Ignore),
            "report" => Ok(Self::Report),
            "stop" => Ok(Self::Stop),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for BlockErrorAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for BlockErrorAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for BlockErrorAction {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockErrorAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The direction of a request. Everything but a read counts as a write.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IoOperationType {
    /// from the storage
    Read,
    /// to the storage
    Write,
}

impl IoOperationType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Write,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl FromStr for IoOperationType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for IoOperationType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for IoOperationType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for IoOperationType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for IoOperationType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Whether a disk is why the machine does not go on.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockDeviceIoStatus {
    /// it is not
    Ok,
    /// the storage could not do what the guest wanted
    Failed,
    /// the host has no room left
    Nospace,
}

impl BlockDeviceIoStatus {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Ok,
        Self::Failed,
        Self::Nospace,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Nospace => "nospace",
        }
    }
}

impl FromStr for BlockDeviceIoStatus {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "ok" => Ok(Self::Ok),
            "failed" => Ok(Self::Failed),
            "nospace" => Ok(Self::Nospace),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for BlockDeviceIoStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for BlockDeviceIoStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for BlockDeviceIoStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockDeviceIoStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Limits of a disk, as single numbers.  Each of the first six is 0 for no limit.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockIOThrottle {
    /// the disk's id
    pub device: Option<String>,
    /// the disk's id or path.  One of the two has to be given.
    pub id: Option<String>,
    /// bytes a second in both directions together
    pub bps: i64,
    /// bytes read a second
    pub bps_rd: i64,
    /// bytes written a second
    pub bps_wr: i64,
    /// operations a second in both directions together
    pub iops: i64,
    /// reads a second
    pub iops_rd: i64,
    /// writes a second
    pub iops_wr: i64,
    /// the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)
    pub bps_max: Option<i64>,
    /// the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)
    pub bps_rd_max: Option<i64>,
    /// the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)
    pub bps_wr_max: Option<i64>,
    /// the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)
    pub iops_max: Option<i64>,
    /// the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)
    pub iops_rd_max: Option<i64>,
    /// the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)
    pub iops_wr_max: Option<i64>,
    /// for how many seconds `bps_max` may last (default: 1)
    pub bps_max_length: Option<i64>,
    /// for how many seconds `bps_rd_max` may last (default: 1)
    pub bps_rd_max_length: Option<i64>,
    /// for how many seconds `bps_wr_max` may last (default: 1)
    pub bps_wr_max_length: Option<i64>,
    /// for how many seconds `iops_max` may last (default: 1)
    pub iops_max_length: Option<i64>,
    /// for how many seconds `iops_rd_max` may last (default: 1)
    pub iops_rd_max_length: Option<i64>,
    /// for how many seconds `iops_wr_max` may last (default: 1)
    pub iops_wr_max_length: Option<i64>,
    /// bytes above which an operation counts as several (default: 0, each counts once)
    pub iops_size: Option<i64>,
    /// disks that share their limits.  Only the disk's own is accepted: its id, or its path if it has none.
    pub group: Option<String>,
}

impl EncodeMembers for BlockIOThrottle {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.device {
            members.serialize_entry("device", value)?;
        }
        if let Some(value) = &self.id {
            members.serialize_entry("id", value)?;
        }
        members.serialize_entry("bps", &self.bps)?;
        members.serialize_entry("bps_rd", &self.bps_rd)?;
        members.serialize_entry("bps_wr", &self.bps_wr)?;
        members.serialize_entry("iops", &self.iops)?;
        members.serialize_entry("iops_rd", &self.iops_rd)?;
        members.serialize_entry("iops_wr", &self.iops_wr)?;
        if let Some(value) = &self.bps_max {
            members.serialize_entry("bps_max", value)?;
        }
        if let Some(value) = &self.bps_rd_max {
            members.serialize_entry("bps_rd_max", value)?;
        }
        if let Some(value) = &self.bps_wr_max {
            members.serialize_entry("bps_wr_max", value)?;
        }
        if let Some(value) = &self.iops_max {
            members.serialize_entry("iops_max", value)?;
        }
        if let Some(value) = &self.iops_rd_max {
            members.serialize_entry("iops_rd_max", value)?;
        }
        if let Some(value) = &self.iops_wr_max {
            members.serialize_entry("iops_wr_max", value)?;
        }
        if let Some(value) = &self.bps_max_length {
            members.serialize_entry("bps_max_length", value)?;
        }
        if let Some(value) = &self.bps_rd_max_length {
            members.serialize_entry("bps_rd_max_length", value)?;
        }
        if let Some(value) = &self.bps_wr_max_length {
            members.serialize_entry("bps_wr_max_length", value)?;
        }
        if let Some(value) = &self.iops_max_length {
            members.serialize_entry("iops_max_length", value)?;
        }
        if let Some(value) = &self.iops_rd_max_length {
            members.serialize_entry("iops_rd_max_length", value)?;
        }
        if let Some(value) = &self.iops_wr_max_length {
            members.serialize_entry("iops_wr_max_length", value)?;
        }
        if let Some(value) = &self.iops_size {
            members.serialize_entry("iops_size", value)?;
        }
        if let Some(value) = &self.group {
            members.serialize_entry("group", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for BlockIOThrottle {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device: members.optional("device")?,
            id: members.optional("id")?,
            bps: members.required("bps")?,
            bps_rd: members.required("bps_rd")?,
            bps_wr: members.required("bps_wr")?,
            iops: members.required("iops")?,
            iops_rd: members.required("iops_rd")?,
            iops_wr: members.required("iops_wr")?,
            bps_max: members.optional("bps_max")?,
            bps_rd_max: members.optional("bps_rd_max")?,
            bps_wr_max: members.optional("bps_wr_max")?,
            iops_max: members.optional("iops_max")?,
            iops_rd_max: members.optional("iops_rd_max")?,
            iops_wr_max: members.optional("iops_wr_max")?,
            bps_max_length: members.optional("bps_max_length")?,
            bps_rd_max_length: members.optional("bps_rd_max_length")?,
            bps_wr_max_length: members.optional("bps_wr_max_length")?,
            iops_max_length: members.optional("iops_max_length")?,
            iops_rd_max_length: members.optional("iops_rd_max_length")?,
            iops_wr_max_length: members.optional("iops_wr_max_length")?,
            iops_size: members.optional("iops_size")?,
            group: members.optional("group")?,
        })
    }
}

impl Serialize for BlockIOThrottle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockIOThrottle {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockIOThrottle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Whether writes of zeroes are looked for and treated as such.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockdevDetectZeroesOptions {
    /// they are not
    Off,
    /// they are
    On,
    /// they are, and their storage is given back
    Unmap,
}

impl BlockdevDetectZeroesOptions {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Off,
        Self::On,
        Self::Unmap,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Unmap => "unmap",
        }
    }
}

impl FromStr for BlockdevDetectZeroesOptions {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "off" => Ok(Self::Off),
            "on" => Ok(Self::On),
            "unmap" => Ok(Self::Unmap),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for BlockdevDetectZeroesOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for BlockdevDetectZeroesOptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for BlockdevDetectZeroesOptions {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockdevDetectZeroesOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What becomes of writes on their way to the storage.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockdevCacheInfo {
    /// they may stay in the host's memory until the guest flushes
    pub writeback: bool,
    /// the host's cache is passed by
    pub direct: bool,
    /// flushes are ignored
    pub no_flush: bool,
}

impl EncodeMembers for BlockdevCacheInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("writeback", &self.writeback)?;
        members.serialize_entry("direct", &self.direct)?;
        members.serialize_entry("no-flush", &self.no_flush)?;
        Ok(())
    }
}

impl DecodeMembers for BlockdevCacheInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            writeback: members.required("writeback")?,
            direct: members.required("direct")?,
            no_flush: members.required("no-flush")?,
        })
    }
}

impl Serialize for BlockdevCacheInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockdevCacheInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockdevCacheInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What a disk's bytes are.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct ImageInfo {
    /// the file; empty for a disk in memory
    pub filename: String,
    /// raw or qcow2; memory for a disk that ends with the machine, null for one that keeps nothing
    pub format: String,
    /// bytes that it takes on the host, as far as the host says
    pub actual_size: Option<i64>,
    /// bytes that the guest sees
    pub virtual_size: i64,
}

impl EncodeMembers for ImageInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("filename", &self.filename)?;
        members.serialize_entry("format", &self.format)?;
        if let Some(value) = &self.actual_size {
            members.serialize_entry("actual-size", value)?;
        }
        members.serialize_entry("virtual-size", &self.virtual_size)?;
        Ok(())
    }
}

impl DecodeMembers for ImageInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            filename: members.required("filename")?,
            format: members.required("format")?,
            actual_size: members.optional("actual-size")?,
            virtual_size: members.required("virtual-size")?,
        })
    }
}

impl Serialize for ImageInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for ImageInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for ImageInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What stands behind a disk.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockDeviceInfo {
    /// as in `image`
    pub file: String,
    /// whether writes are refused
    pub ro: bool,
    /// the format, as in `image`
    pub drv: String,
    /// images behind the image; there are none
    pub backing_file_depth: i64,
    /// whether it is encrypted; it is not
    pub encrypted: bool,
    /// what is done about writes of zeroes
    pub detect_zeroes: BlockdevDetectZeroesOptions,
    /// limit for bytes a second in both directions together; 0 for none
    pub bps: i64,
    /// limit for bytes read a second; 0 for none
    pub bps_rd: i64,
    /// limit for bytes written a second; 0 for none
    pub bps_wr: i64,
    /// limit for operations a second in both directions together; 0 for none
    pub iops: i64,
    /// limit for reads a second; 0 for none
    pub iops_rd: i64,
    /// limit for writes a second; 0 for none
    pub iops_wr: i64,
    /// the image
    pub image: ImageInfo,
    /// as in `BlockIOThrottle`, if there is one
    pub bps_max: Option<i64>,
    /// as in `BlockIOThrottle`, if there is one
    pub bps_rd_max: Option<i64>,
    /// as in `BlockIOThrottle`, if there is one
    pub bps_wr_max: Option<i64>,
    /// as in `BlockIOThrottle`, if there is one
    pub iops_max: Option<i64>,
    /// as in `BlockIOThrottle`, if there is one
    pub iops_rd_max: Option<i64>,
    /// as in `BlockIOThrottle`, if there is one
    pub iops_wr_max: Option<i64>,
    /// as in `BlockIOThrottle`, if there is `bps_max`
    pub bps_max_length: Option<i64>,
    /// as in `BlockIOThrottle`, if there is `bps_rd_max`
    pub bps_rd_max_length: Option<i64>,
    /// as in `BlockIOThrottle`, if there is `bps_wr_max`
    pub bps_wr_max_length: Option<i64>,
    /// as in `BlockIOThrottle`, if there is `iops_max`
    pub iops_max_length: Option<i64>,
    /// as in `BlockIOThrottle`, if there is `iops_rd_max`
    pub iops_rd_max_length: Option<i64>,
    /// as in `BlockIOThrottle`, if there is `iops_wr_max`
    pub iops_wr_max_length: Option<i64>,
    /// as in `BlockIOThrottle`, if it was given
    pub iops_size: Option<i64>,
    /// whom the limits are shared with: nobody but the disk itself.  Absent without limits.
    pub group: Option<String>,
    /// what becomes of writes
    pub cache: BlockdevCacheInfo,
    /// beyond which place a write is told to clients; there is no such place
    pub write_threshold: i64,
}

impl EncodeMembers for BlockDeviceInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("file", &self.file)?;
        members.serialize_entry("ro", &self.ro)?;
        members.serialize_entry("drv", &self.drv)?;
        members.serialize_entry("backing_file_depth", &self.backing_file_depth)?;
        members.serialize_entry("encrypted", &self.encrypted)?;
        members.serialize_entry("detect_zeroes", &self.detect_zeroes)?;
        members.serialize_entry("bps", &self.bps)?;
        members.serialize_entry("bps_rd", &self.bps_rd)?;
        members.serialize_entry("bps_wr", &self.bps_wr)?;
        members.serialize_entry("iops", &self.iops)?;
        members.serialize_entry("iops_rd", &self.iops_rd)?;
        members.serialize_entry("iops_wr", &self.iops_wr)?;
        members.serialize_entry("image", &self.image)?;
        if let Some(value) = &self.bps_max {
            members.serialize_entry("bps_max", value)?;
        }
        if let Some(value) = &self.bps_rd_max {
            members.serialize_entry("bps_rd_max", value)?;
        }
        if let Some(value) = &self.bps_wr_max {
            members.serialize_entry("bps_wr_max", value)?;
        }
        if let Some(value) = &self.iops_max {
            members.serialize_entry("iops_max", value)?;
        }
        if let Some(value) = &self.iops_rd_max {
            members.serialize_entry("iops_rd_max", value)?;
        }
        if let Some(value) = &self.iops_wr_max {
            members.serialize_entry("iops_wr_max", value)?;
        }
        if let Some(value) = &self.bps_max_length {
            members.serialize_entry("bps_max_length", value)?;
        }
        if let Some(value) = &self.bps_rd_max_length {
            members.serialize_entry("bps_rd_max_length", value)?;
        }
        if let Some(value) = &self.bps_wr_max_length {
            members.serialize_entry("bps_wr_max_length", value)?;
        }
        if let Some(value) = &self.iops_max_length {
            members.serialize_entry("iops_max_length", value)?;
        }
        if let Some(value) = &self.iops_rd_max_length {
            members.serialize_entry("iops_rd_max_length", value)?;
        }
        if let Some(value) = &self.iops_wr_max_length {
            members.serialize_entry("iops_wr_max_length", value)?;
        }
        if let Some(value) = &self.iops_size {
            members.serialize_entry("iops_size", value)?;
        }
        if let Some(value) = &self.group {
            members.serialize_entry("group", value)?;
        }
        members.serialize_entry("cache", &self.cache)?;
        members.serialize_entry("write_threshold", &self.write_threshold)?;
        Ok(())
    }
}

impl DecodeMembers for BlockDeviceInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            file: members.required("file")?,
            ro: members.required("ro")?,
            drv: members.required("drv")?,
            backing_file_depth: members.required("backing_file_depth")?,
            encrypted: members.required("encrypted")?,
            detect_zeroes: members.required("detect_zeroes")?,
            bps: members.required("bps")?,
            bps_rd: members.required("bps_rd")?,
            bps_wr: members.required("bps_wr")?,
            iops: members.required("iops")?,
            iops_rd: members.required("iops_rd")?,
            iops_wr: members.required("iops_wr")?,
            image: members.required("image")?,
            bps_max: members.optional("bps_max")?,
            bps_rd_max: members.optional("bps_rd_max")?,
            bps_wr_max: members.optional("bps_wr_max")?,
            iops_max: members.optional("iops_max")?,
            iops_rd_max: members.optional("iops_rd_max")?,
            iops_wr_max: members.optional("iops_wr_max")?,
            bps_max_length: members.optional("bps_max_length")?,
            bps_rd_max_length: members.optional("bps_rd_max_length")?,
            bps_wr_max_length: members.optional("bps_wr_max_length")?,
            iops_max_length: members.optional("iops_max_length")?,
            iops_rd_max_length: members.optional("iops_rd_max_length")?,
            iops_wr_max_length: members.optional("iops_wr_max_length")?,
            iops_size: members.optional("iops_size")?,
            group: members.optional("group")?,
            cache: members.required("cache")?,
            write_threshold: members.required("write_threshold")?,
        })
    }
}

impl Serialize for BlockDeviceInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockDeviceInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockDeviceInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A disk.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockInfo {
    /// its id; empty if it has none
    pub device: String,
    /// its id if it has one at the place where it is, else its path
    pub qdev: Option<String>,
    /// what it is; always unknown
    pub type_: String,
    /// whether the medium can be changed; it cannot
    pub removable: bool,
    /// whether the guest keeps the medium in; it does not
    pub locked: bool,
    /// what stands behind it
    pub inserted: Option<BlockDeviceInfo>,
    /// the first error for which it has had the machine stop since that went on last.  Absent if no error of the disk
    /// has the machine stop (`werror`, `rerror`).
    pub io_status: Option<BlockDeviceIoStatus>,
}

impl EncodeMembers for BlockInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("device", &self.device)?;
        if let Some(value) = &self.qdev {
            members.serialize_entry("qdev", value)?;
        }
        members.serialize_entry("type", &self.type_)?;
        members.serialize_entry("removable", &self.removable)?;
        members.serialize_entry("locked", &self.locked)?;
        if let Some(value) = &self.inserted {
            members.serialize_entry("inserted", value)?;
        }
        if let Some(value) = &self.io_status {
            members.serialize_entry("io-status", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for BlockInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device: members.required("device")?,
            qdev: members.optional("qdev")?,
            type_: members.required("type")?,
            removable: members.required("removable")?,
            locked: members.required("locked")?,
            inserted: members.optional("inserted")?,
            io_status: members.optional("io-status")?,
        })
    }
}

impl Serialize for BlockInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Statistics of an interval.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockDeviceTimedStats {
    /// its length in seconds
    pub interval_length: i64,
}

impl EncodeMembers for BlockDeviceTimedStats {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("interval_length", &self.interval_length)?;
        Ok(())
    }
}

impl DecodeMembers for BlockDeviceTimedStats {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            interval_length: members.required("interval_length")?,
        })
    }
}

impl Serialize for BlockDeviceTimedStats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockDeviceTimedStats {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockDeviceTimedStats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What a disk has done since it was made.  What was in vain (failed or invalid) counts as that and in nothing else.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockDeviceStats {
    /// bytes read
    pub rd_bytes: i64,
    /// bytes written, writes of zeroes included
    pub wr_bytes: i64,
    /// bytes given back
    pub unmap_bytes: i64,
    /// reads
    pub rd_operations: i64,
    /// writes, those of zeroes included
    pub wr_operations: i64,
    /// flushes
    pub flush_operations: i64,
    /// requests that give storage back: discards, and writes of zeroes that may do so
    pub unmap_operations: i64,
    /// nanoseconds that reads took, all together, from when they were taken from the guest
    pub rd_total_time_ns: i64,
    /// nanoseconds that writes took, all together, from when they were taken from the guest
    pub wr_total_time_ns: i64,
    /// nanoseconds that flushes took, all together, from when they were taken from the guest
    pub flush_total_time_ns: i64,
    /// nanoseconds that requests that give storage back took, all together, from when they were taken from the guest
    pub unmap_total_time_ns: i64,
    /// the end of the last byte of the disk that was written
    pub wr_highest_offset: i64,
    /// reads that were put together with others; none are
    pub rd_merged: i64,
    /// writes that were put together with others; none are
    pub wr_merged: i64,
    /// requests that give storage back that were put together with others; none are
    pub unmap_merged: i64,
    /// nanoseconds since the last request was done (absent: there was none)
    pub idle_time_ns: Option<i64>,
    /// reads that the storage could not do
    pub failed_rd_operations: i64,
    /// writes that the storage could not do
    pub failed_wr_operations: i64,
    /// flushes that the storage could not do
    pub failed_flush_operations: i64,
    /// requests that give storage back that the storage could not do
    pub failed_unmap_operations: i64,
    /// reads of the guest that broke the rules
    pub invalid_rd_operations: i64,
    /// writes of the guest that broke the rules
    pub invalid_wr_operations: i64,
    /// flushes of the guest that broke the rules
    pub invalid_flush_operations: i64,
    /// requests that give storage back of the guest that broke the rules
    pub invalid_unmap_operations: i64,
    /// whether invalid requests count for `idle_time_ns`; they do not
    pub account_invalid: bool,
    /// whether failed requests count for times; they do not
    pub account_failed: bool,
    /// statistics of intervals that somebody has asked for; nobody can
    pub timed_stats: Vec<BlockDeviceTimedStats>,
}

impl EncodeMembers for BlockDeviceStats {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("rd_bytes", &self.rd_bytes)?;
        members.serialize_entry("wr_bytes", &self.wr_bytes)?;
        members.serialize_entry("unmap_bytes", &self.unmap_bytes)?;
        members.serialize_entry("rd_operations", &self.rd_operations)?;
        members.serialize_entry("wr_operations", &self.wr_operations)?;
        members.serialize_entry("flush_operations", &self.flush_operations)?;
        members.serialize_entry("unmap_operations", &self.unmap_operations)?;
        members.serialize_entry("rd_total_time_ns", &self.rd_total_time_ns)?;
        members.serialize_entry("wr_total_time_ns", &self.wr_total_time_ns)?;
        members.serialize_entry("flush_total_time_ns", &self.flush_total_time_ns)?;
        members.serialize_entry("unmap_total_time_ns", &self.unmap_total_time_ns)?;
        members.serialize_entry("wr_highest_offset", &self.wr_highest_offset)?;
        members.serialize_entry("rd_merged", &self.rd_merged)?;
        members.serialize_entry("wr_merged", &self.wr_merged)?;
        members.serialize_entry("unmap_merged", &self.unmap_merged)?;
        if let Some(value) = &self.idle_time_ns {
            members.serialize_entry("idle_time_ns", value)?;
        }
        members.serialize_entry("failed_rd_operations", &self.failed_rd_operations)?;
        members.serialize_entry("failed_wr_operations", &self.failed_wr_operations)?;
        members.serialize_entry("failed_flush_operations", &self.failed_flush_operations)?;
        members.serialize_entry("failed_unmap_operations", &self.failed_unmap_operations)?;
        members.serialize_entry("invalid_rd_operations", &self.invalid_rd_operations)?;
        members.serialize_entry("invalid_wr_operations", &self.invalid_wr_operations)?;
        members.serialize_entry("invalid_flush_operations", &self.invalid_flush_operations)?;
        members.serialize_entry("invalid_unmap_operations", &self.invalid_unmap_operations)?;
        members.serialize_entry("account_invalid", &self.account_invalid)?;
        members.serialize_entry("account_failed", &self.account_failed)?;
        members.serialize_entry("timed_stats", &self.timed_stats)?;
        Ok(())
    }
}

impl DecodeMembers for BlockDeviceStats {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            rd_bytes: members.required("rd_bytes")?,
            wr_bytes: members.required("wr_bytes")?,
            unmap_bytes: members.required("unmap_bytes")?,
            rd_operations: members.required("rd_operations")?,
            wr_operations: members.required("wr_operations")?,
            flush_operations: members.required("flush_operations")?,
            unmap_operations: members.required("unmap_operations")?,
            rd_total_time_ns: members.required("rd_total_time_ns")?,
            wr_total_time_ns: members.required("wr_total_time_ns")?,
            flush_total_time_ns: members.required("flush_total_time_ns")?,
            unmap_total_time_ns: members.required("unmap_total_time_ns")?,
            wr_highest_offset: members.required("wr_highest_offset")?,
            rd_merged: members.required("rd_merged")?,
            wr_merged: members.required("wr_merged")?,
            unmap_merged: members.required("unmap_merged")?,
            idle_time_ns: members.optional("idle_time_ns")?,
            failed_rd_operations: members.required("failed_rd_operations")?,
            failed_wr_operations: members.required("failed_wr_operations")?,
            failed_flush_operations: members.required("failed_flush_operations")?,
            failed_unmap_operations: members.required("failed_unmap_operations")?,
            invalid_rd_operations: members.required("invalid_rd_operations")?,
            invalid_wr_operations: members.required("invalid_wr_operations")?,
            invalid_flush_operations: members.required("invalid_flush_operations")?,
            invalid_unmap_operations: members.required("invalid_unmap_operations")?,
            account_invalid: members.required("account_invalid")?,
            account_failed: members.required("account_failed")?,
            timed_stats: members.required("timed_stats")?,
        })
    }
}

impl Serialize for BlockDeviceStats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockDeviceStats {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockDeviceStats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A disk, and what it has done.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BlockStats {
    /// its id; empty if it has none
    pub device: Option<String>,
    /// as in `BlockInfo`
    pub qdev: Option<String>,
    /// what it has done
    pub stats: BlockDeviceStats,
}

impl EncodeMembers for BlockStats {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.device {
            members.serialize_entry("device", value)?;
        }
        if let Some(value) = &self.qdev {
            members.serialize_entry("qdev", value)?;
        }
        members.serialize_entry("stats", &self.stats)?;
        Ok(())
    }
}

impl DecodeMembers for BlockStats {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device: members.optional("device")?,
            qdev: members.optional("qdev")?,
            stats: members.required("stats")?,
        })
    }
}

impl Serialize for BlockStats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BlockStats {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BlockStats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

