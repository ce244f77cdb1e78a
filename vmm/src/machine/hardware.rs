//! What stops and runs together: the vCPUs and the devices.

use std::sync::{Arc, Mutex};

use virtio_core::{MmioTransport, PciTransport, Transport};

use crate::accelerator::Accelerator;
use crate::bus::{BusDevice, lock};
use crate::run_control::Parts;

/// A device that stops and runs with the machine.
pub(super) trait Stoppable: Send {
    /// Returns when it does nothing any more.
    fn pause(&mut self);
    /// Lets it go on.
    fn resume(&mut self);
}

impl<R: Send> Stoppable for Transport<R> {
    fn pause(&mut self) {
        Transport::pause(self);
    }

    fn resume(&mut self) {
        Transport::resume(self);
    }
}

/// The vCPUs and the devices of a machine.
pub(super) struct Hardware {
    accelerator: Arc<dyn Accelerator>,
    devices: Vec<Arc<Mutex<dyn Stoppable>>>,
}

impl Hardware {
    pub(super) fn new(accelerator: Arc<dyn Accelerator>, devices: Vec<Arc<Mutex<dyn Stoppable>>>) -> Self {
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

/// The memory of a function; its configuration space is reached through the host bridge.
impl BusDevice for PciTransport {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        self.read_memory(offset, data);
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        self.write_memory(offset, data);
    }

    fn reset(&mut self) {
        self.reset_function();
    }
}
