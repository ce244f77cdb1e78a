//! Disks, as monitors list them.

use super::rate_limits::Limited;
use qapi_schema::block::{BlockDeviceStats, ImageInfo};

/// A device that is a disk, or that carries disks.
pub trait Storage: Send + Sync {
    /// The disks that there are now, in a fixed order.
    fn disks(&self) -> Vec<DiskInfo>;
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
    /// What it has done.
    pub statistics: BlockDeviceStats,
}
