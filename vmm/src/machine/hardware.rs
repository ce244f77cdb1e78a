//! What stops and runs together: the vCPUs and the devices.

use std::sync::{Arc, Mutex};

use virtio_core::mmio::MmioTransport;

use crate::accelerator::Accelerator;
use crate::bus::{BusDevice, lock};
use crate::run_control::Parts;

/// The vCPUs and the devices of a machine.
pub(super) struct Hardware {
    accelerator: Arc<dyn Accelerator>,
    devices: Vec<Arc<Mutex<MmioTransport>>>,
}

impl Hardware {
    pub(super) fn new(accelerator: Arc<dyn Accelerator>, devices: Vec<Arc<Mutex<MmioTransport>>>) -> Self {
        Self { accelerator, devices }
    }

    pub(super) fn accelerator(&self) -> &dyn Accelerator {
        &*self.accelerator
    }
}

/// The devices' locks belong to the vCPUs: they are taken here only while no vCPU runs.
impl Parts for Hardware {
    fn pause(&self) {
        self.accelerator.pause();
        self.devices.iter().for_each(|device| lock(device).pause());
    }

    fn resume(&self) {
        self.devices.iter().for_each(|device| lock(device).resume());
        self.accelerator.resume();
    }
}

impl BusDevice for MmioTransport {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        MmioTransport::read(self, offset, data);
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        MmioTransport::write(self, offset, data);
    }

    fn reset(&mut self) {
        MmioTransport::reset(self);
    }
}
