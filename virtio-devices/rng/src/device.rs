//! The front half: what the transport asks for.

use std::fs::File;
use std::sync::{Arc, OnceLock};

use rate_limits::Limiter;
use virtio_core::roles::{Limited, RateLimited};
use virtio_core::{Activation, Device, DeviceError, DeviceKind, DevicePlace, Roles, Workers};

use crate::features::DEVICE_KIND;
use crate::worker::RngWorker;

/// The host's source of randomness that never runs dry.
const SOURCE: &str = "/dev/urandom";
/// Entries of the one request queue; drivers have one request under way at a time.
const QUEUE_SIZE: u16 = 64;

/// An entropy device that a driver can be attached to.
#[derive(Debug)]
pub struct Rng {
    source: File,
    shared: Arc<Shared>,
}

/// What monitors share with the device.
#[derive(Debug, Default)]
struct Shared {
    limiter: Arc<Limiter>,
    place: OnceLock<DevicePlace>,
}

impl RateLimited for Shared {
    fn limited(&self) -> Vec<Limited> {
        vec![Limited::whole(self.place.get(), &self.limiter)]
    }
}

impl Rng {
    /// A device that gives what the host's random number generator gives.
    ///
    /// # Errors
    ///
    /// The host's generator cannot be opened.
    pub fn new() -> Result<Self, DeviceError> {
        let source = File::open(SOURCE).map_err(DeviceError::io(format!("cannot open {SOURCE}")))?;
        Ok(Self::with_source(source))
    }

    /// A device that gives what is read from `source`, which is not to keep anybody waiting.
    pub fn with_source(source: File) -> Self {
        Self { source, shared: Arc::default() }
    }

    /// How much the guest may have in a second. There is no limit at first.
    pub fn limiter(&self) -> &Arc<Limiter> {
        &self.shared.limiter
    }
}

impl Device for Rng {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn attached(&mut self, place: DevicePlace) {
        // It is attached once.
        let _ = self.shared.place.set(place);
    }

    fn roles(&self) -> Roles {
        let mut roles = Roles::default();
        roles.rate_limits = Some(Arc::clone(&self.shared) as _);
        roles.statistics = Some(Arc::clone(self.limiter().held_back()) as _);
        roles
    }

    fn features(&self) -> u128 {
        0
    }

    fn queue_sizes(&self) -> &[u16] {
        &[QUEUE_SIZE]
    }

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        let source = self.source.try_clone().map_err(DeviceError::io("cannot share the source"))?;
        let waiter = self.limiter().waiter().map_err(DeviceError::io("cannot create a timer"))?;
        Ok(Workers::new(RngWorker::new(source, waiter)))
    }
}
