//! The front half: what the transport asks for.

use qapi_schema::virtio_debug::VirtioBalloonFeature;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, Workers};

use crate::config::{Configuration, QUEUE_SIZES};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::worker::BalloonWorker;

/// A memory balloon that a driver can be attached to.
#[derive(Debug)]
pub struct Balloon {
    configuration: Configuration,
    features: u128,
}

impl Balloon {
    /// A balloon that asks the guest for `target` pages of 4096 bytes; with `deflate_on_oom` the guest may
    /// take them back when it runs out of memory.
    pub fn new(target: u32, deflate_on_oom: bool) -> Self {
        let features: &[_] = if deflate_on_oom { &[VirtioBalloonFeature::DeflateOnOom] } else { &[] };
        let configuration = Configuration { num_pages: target, actual: 0 };
        Self { configuration, features: FEATURES.mask(features) }
    }
}

impl Device for Balloon {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn features(&self) -> u128 {
        self.features
    }

    fn queue_sizes(&self) -> &[u16] {
        &QUEUE_SIZES
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        virtio_core::read_config_space(&self.configuration.space(), offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        self.configuration.write(offset, data);
    }

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        Ok(Workers::new(BalloonWorker))
    }

    fn reset(&mut self) {
        // A driver that starts anew has given up nothing yet.
        self.configuration.actual = 0;
    }
}
