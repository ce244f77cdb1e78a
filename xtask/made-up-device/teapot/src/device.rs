//! The front half: what the transport asks for.

use virtio_core::{Activation, Device, DeviceError, DeviceKind, Workers};

use crate::features::DEVICE_KIND;
use crate::worker::Kettle;

/// A teapot that a driver can be attached to.
#[derive(Debug)]
pub struct Teapot;

impl Device for Teapot {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn features(&self) -> u128 {
        // Short and stout; the lid is lost.
        1
    }

    fn queue_sizes(&self) -> &[u16] {
        &[8]
    }

    fn read_config(&self, _offset: u64, _data: &mut [u8]) {
        // There is no configuration space.
    }

    fn write_config(&mut self, _offset: u64, _data: &[u8]) {}

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        Ok(Workers::new(Kettle))
    }

    fn reset(&mut self) {}
}
