//! What monitors can do with a balloon.

use std::sync::Arc;

use qapi_schema::balloon::GuestMemoryStatistics;
use virtio_core::roles::MemoryTarget;

use crate::pages::PAGE_SIZE;
use crate::state::BalloonState;

/// The balloon as a role.
#[derive(Debug)]
pub(crate) struct Target {
    state: Arc<BalloonState>,
}

impl Target {
    pub(crate) fn new(state: Arc<BalloonState>) -> Self {
        Self { state }
    }
}

impl MemoryTarget for Target {
    fn requested(&self) -> u64 {
        u64::from(self.state.requested_pages()) * PAGE_SIZE
    }

    fn given_up(&self) -> u64 {
        u64::from(self.state.given_up_pages()) * PAGE_SIZE
    }

    fn request(&self, bytes: u64) {
        self.state.request_pages(u32::try_from(bytes / PAGE_SIZE).unwrap_or(u32::MAX));
    }

    fn statistics(&self) -> Option<GuestMemoryStatistics> {
        self.state.statistics.told()
    }

    fn statistics_interval(&self) -> u32 {
        self.state.interval()
    }

    fn set_statistics_interval(&self, seconds: u32) -> std::io::Result<()> {
        self.state.set_interval(seconds)
    }
}
