//! What monitors can do with a disk.

use std::sync::Arc;

use storage::Image;
use virtio_core::roles::{DiskInfo, Limited, RateLimited, Storage};

use crate::shared::Shared;

/// A disk, as monitors know it.
#[derive(Debug)]
pub(crate) struct DiskRole {
    pub(crate) image: Image,
    pub(crate) shared: Arc<Shared>,
}

impl RateLimited for DiskRole {
    fn limited(&self) -> Vec<Limited> {
        vec![self.shared.limited(self.image.limiter())]
    }
}

impl Storage for DiskRole {
    fn disks(&self) -> Vec<DiskInfo> {
        vec![DiskInfo {
            limited: self.shared.limited(self.image.limiter()),
            image: self.image.info(),
            read_only: self.image.is_read_only(),
            write_back: self.shared.is_write_back(),
            io_status: self.shared.errors.io_status(),
            statistics: self.image.statistics(),
        }]
    }

    fn forget_errors(&self) {
        self.shared.errors.forget();
    }
}
