// Written by `cargo xtask codegen` from `qapi-schema/schema/block.json`; change nothing here.

//! Commands, from the client's side, of `block.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{BlockIOThrottle, BlockInfo, BlockStats};

/// Command `block_set_io_throttle`.
///
/// Gives a disk other limits, at once.  What is held back goes on as far as these allow; nothing is lost.  `set-rate-limits`
/// does the same for any device that can be limited.
///
/// # Errors
///
/// - DeviceNotFound if there is no such device
/// - GenericError if the device is no disk, or the numbers make no sense together
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "block_set_io_throttle",
///      "arguments": { "id": "disk0", "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": 100000, "iops_rd": 0,
///                     "iops_wr": 0 } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BlockSetIoThrottle(pub BlockIOThrottle);

impl Serialize for BlockSetIoThrottle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Decode for BlockSetIoThrottle {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        Decode::decode(value, path).map(Self)
    }
}

impl Request for BlockSetIoThrottle {
    const NAME: &'static str = "block_set_io_throttle";
    type Return = Empty;
}

/// Command `query-block`.
///
/// Lists the disks, those on buses of other devices included.
///
/// Returns: the disks
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-block" }
/// <- { "return": [ {
///      "device": "disk0", "qdev": "disk0", "type": "unknown", "removable": false, "locked": false,
///      "io-status": "ok",
///      "inserted": {
///          "file": "", "ro": false, "drv": "memory", "backing_file_depth": 0, "encrypted": false,
///          "detect_zeroes": "off", "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": 100000, "iops_rd": 0,
///          "iops_wr": 0, "group": "disk0",
///          "image": { "filename": "", "format": "memory", "actual-size": 4096,
///                     "virtual-size": 67108864 },
///          "cache": { "writeback": true, "direct": false, "no-flush": false },
///          "write_threshold": 0 } } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryBlock;

impl Serialize for QueryBlock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryBlock {
    const NAME: &'static str = "query-block";
    type Return = Vec<BlockInfo>;
}

/// Command `query-blockstats`.
///
/// Tells what the disks have done.
///
/// Returns: the disks
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-blockstats" }
/// <- { "return": [ {
///      "device": "disk0", "qdev": "disk0",
///      "stats": {
///          "rd_bytes": 512, "wr_bytes": 0, "unmap_bytes": 0,
///          "rd_operations": 1, "wr_operations": 0, "flush_operations": 0, "unmap_operations": 0,
///          "rd_total_time_ns": 12000, "wr_total_time_ns": 0, "flush_total_time_ns": 0,
///          "unmap_total_time_ns": 0, "wr_highest_offset": 0,
///          "rd_merged": 0, "wr_merged": 0, "unmap_merged": 0, "idle_time_ns": 1000000,
///          "failed_rd_operations": 0, "failed_wr_operations": 0, "failed_flush_operations": 0,
///          "failed_unmap_operations": 0,
///          "invalid_rd_operations": 0, "invalid_wr_operations": 0, "invalid_flush_operations": 0,
///          "invalid_unmap_operations": 0,
///          "account_invalid": false, "account_failed": false, "timed_stats": [] } } ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryBlockstats {
    /// list the parts of the storage that have names instead of the disks: none has one (default: false)
    pub query_nodes: Option<bool>,
}

impl EncodeMembers for QueryBlockstats {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.query_nodes {
            members.serialize_entry("query-nodes", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QueryBlockstats {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            query_nodes: members.optional("query-nodes")?,
        })
    }
}

impl Serialize for QueryBlockstats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QueryBlockstats {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QueryBlockstats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QueryBlockstats {
    const NAME: &'static str = "query-blockstats";
    type Return = Vec<BlockStats>;
}
