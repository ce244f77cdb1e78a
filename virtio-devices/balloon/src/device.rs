//! The front half: what the transport asks for.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use qapi_schema::balloon::BalloonChange;
use qapi_schema::virtio_debug::VirtioBalloonFeature as Feature;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, DevicePlace, Roles, Workers};
use vm_memory::{GuestMemoryBackend, GuestMemoryRegion};

use crate::config::{self, ACTUAL, POISON};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::pages::Releaser;
use crate::state::BalloonState;
use crate::target::Target;
use crate::worker::BalloonWorker;

/// What a balloon is to do, by choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Pages of 4096 bytes that the guest is asked for at first.
    pub target: u32,
    /// The guest may take pages back when it runs out of memory.
    pub deflate_on_oom: bool,
    /// The guest may report pages that are free for the moment.
    pub free_page_reporting: bool,
    /// Seconds between two requests for the guest's statistics; 0 for none but those that it tells when it comes.
    pub statistics_interval: u32,
}

/// A memory balloon that a driver can be attached to.
#[derive(Debug)]
pub struct Balloon {
    state: Arc<BalloonState>,
    settings: Settings,
}

impl Balloon {
    /// A balloon that does what `settings` say.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub fn new(settings: Settings) -> io::Result<Self> {
        let state = BalloonState::new(settings.target, settings.statistics_interval)?;
        Ok(Self { state: Arc::new(state), settings })
    }

    /// The driver says how much it has given up.
    fn set_given_up(&self, pages: u32) {
        let left = self.state.set_given_up_pages(pages);
        if let (Some(actual), Some(place)) = (left, self.state.place.get()) {
            place.emit(&BalloonChange { actual: i64::try_from(actual).unwrap_or(i64::MAX) });
        }
    }
}

impl Device for Balloon {
    fn attached(&mut self, place: DevicePlace) {
        // It is told once.
        let _ = self.state.place.set(place);
    }

    fn roles(&self) -> Roles {
        let mut roles = Roles::default();
        roles.memory_target = Some(Arc::new(Target::new(Arc::clone(&self.state))));
        roles.statistics = Some(Arc::clone(&self.state) as _);
        roles
    }

    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn features(&self) -> u128 {
        let chosen = |wanted: bool, features: &[Feature]| if wanted { FEATURES.mask(features) } else { 0 };
        FEATURES.mask(&[Feature::MustTellHost, Feature::StatsVq])
            | chosen(self.settings.deflate_on_oom, &[Feature::DeflateOnOom])
            | chosen(self.settings.free_page_reporting, &[Feature::Reporting, Feature::PagePoison])
    }

    fn queue_sizes(&self) -> &[u16] {
        config::queue_sizes(self.settings.free_page_reporting)
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let state = &self.state;
        let space =
            config::space(state.requested_pages(), state.given_up_pages(), state.poison.load(Relaxed));
        virtio_core::read_config_space(&space, offset, data);
    }

    /// Takes a driver's write of a whole field; any other is none that the specification knows.
    fn write_config(&mut self, offset: u64, data: &[u8]) {
        match (offset, data.try_into().map(u32::from_le_bytes)) {
            (ACTUAL, Ok(pages)) => self.set_given_up(pages),
            (POISON, Ok(poison)) if self.settings.free_page_reporting => {
                self.state.poison.store(poison, Relaxed);
            }
            _ => {}
        }
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        let size = activation.memory.iter().map(GuestMemoryRegion::len).sum();
        self.state.memory_size.store(size, Relaxed);
        let driver_asks = activation.has_feature(FEATURES.bit("VIRTIO_BALLOON_F_MUST_TELL_HOST"));
        Ok(Workers::new(BalloonWorker::new(Arc::clone(&self.state), Releaser::new(driver_asks))))
    }

    fn reset(&mut self) {
        // A driver that starts anew has given up nothing yet.
        self.set_given_up(0);
        self.state.poison.store(0, Relaxed);
        self.state.statistics.clear();
    }
}
