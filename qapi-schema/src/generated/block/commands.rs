// Written by `cargo xtask codegen` from `qapi-schema/schema/block.json`; change nothing here.

//! Commands, from the server's side, of `block.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{BlockIOThrottle, BlockInfo, BlockStats};

/// The commands of `block.json`.
pub trait BlockCommands {
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
    fn block_set_io_throttle(&self, arguments: BlockIOThrottle) -> Result<(), Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_block(&self) -> Result<Vec<BlockInfo>, Error>;

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
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_blockstats(&self, arguments: requests::QueryBlockstats) -> Result<Vec<BlockStats>, Error>;
}

/// The table of the commands of `block.json`.
pub fn commands<H: BlockCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "block_set_io_throttle",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_block_set_io_throttle::<H>,
        },
        Command {
            name: "query-block",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_block::<H>,
        },
        Command {
            name: "query-blockstats",
            allow_oob: false,
            allow_preconfig: true,
            success_response: true,
            features: &["read-only"],
            call: call_query_blockstats::<H>,
        },
    ])
}

fn call_block_set_io_throttle<H: BlockCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.block_set_io_throttle(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}

fn call_query_block<H: BlockCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_block()?)
}

fn call_query_blockstats<H: BlockCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_blockstats(decode::arguments(arguments)?)?)
}
