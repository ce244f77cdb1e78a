//! What monitors can do with the disks on the bus.

use std::sync::Arc;

use virtio_core::roles::{DiskInfo, Limited, RateLimited, Storage};

use crate::disk::Disk;
use crate::host::Host;

/// The disks of a host.
pub(crate) struct DiskRoles(pub(crate) Arc<Host>);

impl RateLimited for DiskRoles {
    fn limited(&self) -> Vec<Limited> {
        self.0.units.all().iter().map(|disk| disk.limited()).collect()
    }
}

impl Storage for DiskRoles {
    fn disks(&self) -> Vec<DiskInfo> {
        let info = |disk: &Arc<Disk>| DiskInfo {
            limited: disk.limited(),
            image: disk.image.info(),
            read_only: disk.image.is_read_only(),
            write_back: disk.unit.mode().write_cache(),
            io_status: disk.errors.io_status(),
            statistics: disk.image.statistics(),
        };
        self.0.units.all().iter().map(info).collect()
    }

    fn forget_errors(&self) {
        self.0.units.all().iter().for_each(|disk| disk.errors.forget());
    }
}
