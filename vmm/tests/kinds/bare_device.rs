//! A device that can be of any kind: it offers every bit that a device may, and gives every chain back as it came.

use virtio_core::feature_map::DEVICE_BITS;
use virtio_core::{Activation, Device, DeviceError, DeviceKind, QueueError, Worker, WorkerContext, Workers};

pub(crate) const QUEUE_SIZE: u16 = 16;

pub(crate) struct BareDevice(pub(crate) &'static DeviceKind);

impl Device for BareDevice {
    fn kind(&self) -> &'static DeviceKind {
        self.0
    }

    fn features(&self) -> u128 {
        DEVICE_BITS
    }

    fn queue_sizes(&self) -> &[u16] {
        &[QUEUE_SIZE]
    }

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        Ok(Workers::new(BareWorker))
    }
}

struct BareWorker;

impl Worker for BareWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve(queue, |_, _| Ok(0_u32))
    }
}
