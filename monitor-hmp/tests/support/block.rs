//! The disks of the test's machine: a file with limits, and one in memory.

use qapi_schema::block::requests::QueryBlockstats;
use qapi_schema::block::{
    BlockCommands, BlockDeviceInfo, BlockDeviceIoStatus, BlockDeviceStats, BlockIOThrottle, BlockInfo,
    BlockStats,
};
use qapi_schema::runtime::Error;
use serde_json::json;

use super::TestMachine;

impl BlockCommands for TestMachine {
    fn block_set_io_throttle(&self, _: BlockIOThrottle) -> Result<(), Error> {
        Ok(())
    }

    fn query_block(&self) -> Result<Vec<BlockInfo>, Error> {
        let limited = inserted("/srv/disk.qcow2", "qcow2", false);
        let limited = BlockDeviceInfo {
            bps: 1000,
            iops_rd: 7,
            bps_max: Some(5000),
            iops_size: Some(4096),
            group: Some("disk0".to_owned()),
            ..limited
        };
        let disk = |device: &str, inserted, io_status| BlockInfo {
            device: device.to_owned(),
            qdev: Some(device.to_owned()),
            type_: "unknown".to_owned(),
            removable: false,
            locked: false,
            inserted: Some(inserted),
            io_status,
        };
        Ok(vec![
            disk("disk0", limited, Some(BlockDeviceIoStatus::Nospace)),
            disk("disk1", inserted("", "memory", true), Some(BlockDeviceIoStatus::Ok)),
        ])
    }

    fn query_blockstats(&self, _: QueryBlockstats) -> Result<Vec<BlockStats>, Error> {
        Ok(vec![BlockStats { device: Some("disk0".to_owned()), qdev: None, stats: statistics() }])
    }
}

fn inserted(file: &str, format: &str, read_only: bool) -> BlockDeviceInfo {
    let told = json!({
        "file": file, "ro": read_only, "drv": format, "backing_file_depth": 0, "encrypted": false,
        "detect_zeroes": "off", "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": 0, "iops_rd": 0, "iops_wr": 0,
        "image": { "filename": file, "format": format, "virtual-size": 1 << 20 },
        "cache": { "writeback": !read_only, "direct": false, "no-flush": false },
        "write_threshold": 0
    });
    serde_json::from_value(told).unwrap()
}

fn statistics() -> BlockDeviceStats {
    BlockDeviceStats {
        rd_bytes: 1,
        wr_bytes: 2,
        unmap_bytes: 3,
        rd_operations: 4,
        wr_operations: 5,
        flush_operations: 6,
        unmap_operations: 7,
        rd_total_time_ns: 8,
        wr_total_time_ns: 9,
        flush_total_time_ns: 10,
        unmap_total_time_ns: 11,
        wr_highest_offset: 12,
        rd_merged: 13,
        wr_merged: 14,
        unmap_merged: 15,
        idle_time_ns: Some(16),
        failed_rd_operations: 17,
        failed_wr_operations: 18,
        failed_flush_operations: 19,
        failed_unmap_operations: 20,
        invalid_rd_operations: 21,
        invalid_wr_operations: 22,
        invalid_flush_operations: 23,
        invalid_unmap_operations: 24,
        account_invalid: false,
        account_failed: false,
        timed_stats: Vec::new(),
    }
}
