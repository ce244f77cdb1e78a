//! Disks, as monitors list them.

use super::rate_limits::Limited;
use qapi_schema::block::{BlockDeviceIoStatus, BlockDeviceStats, ImageInfo};

/// A device that is a disk, or that carries disks.
pub trait Storage: Send + Sync {
    /// The disks that there are now, in a fixed order.
    fn disks(&self) -> Vec<DiskInfo>;

    /// The machine is about to go on: no disk is why it does not any more.
    fn forget_errors(&self);
}

/// A disk.
#[derive(Clone, Debug)]
pub struct DiskInfo {
    /// What it is called, and its limits.
    pub limited: Limited,
    /// What its bytes are.
    pub image: ImageInfo,
    /// Writes are refused.
    pub read_only: bool,
    /// Writes may stay in the host's memory until the guest flushes.
    pub write_back: bool,
    /// Whether it is why the machine does not go on; `None` if it never is.
    pub io_status: Option<BlockDeviceIoStatus>,
    /// What it has done.
    pub statistics: BlockDeviceStats,
}
