//! The front half: what the transport asks for.

use std::io;

use qapi_schema::virtio_debug::VirtioBlkFeature;
use virtio_core::pci::PciClass;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, Workers};

use crate::config::{self, CONFIG_SIZE, QUEUE_SIZE};
use crate::details::DETAILS;
use crate::disk::Disk;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::request::{Executor, ID_SIZE, Negotiated};
use crate::worker::BlockWorker;

/// A disk that a driver can be attached to.
#[derive(Debug)]
pub struct Block {
    disk: Disk,
    id: [u8; ID_SIZE],
    space: [u8; CONFIG_SIZE],
}

impl Block {
    /// A device in front of `disk`. `serial` is what the driver gets when it asks for the disk's
    /// identification, cut to 20 bytes.
    pub fn new(disk: Disk, serial: &str) -> Self {
        let mut id = [0; ID_SIZE];
        id.iter_mut().zip(serial.bytes()).for_each(|(place, byte)| *place = byte);
        Self { space: config::space(&disk), disk, id }
    }

    fn worker(&self, activation: &Activation) -> io::Result<BlockWorker> {
        let has = |feature| FEATURES.has(activation.features, feature);
        let negotiated = Negotiated {
            flush: has(VirtioBlkFeature::Flush),
            discard: has(VirtioBlkFeature::Discard),
            write_zeroes: has(VirtioBlkFeature::WriteZeroes),
        };
        Ok(BlockWorker { executor: Executor::new(self.disk.try_clone()?, self.id, negotiated) })
    }
}

impl Device for Block {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn pci_class(&self) -> PciClass {
        PciClass::STORAGE
    }

    fn features(&self) -> u128 {
        use VirtioBlkFeature::{BlkSize, Discard, Flush, Ro, SegMax, SizeMax, WriteZeroes};
        let writing: &[_] = if self.disk.is_read_only() { &[Ro] } else { &[Discard, WriteZeroes] };
        FEATURES.mask(&[SizeMax, SegMax, BlkSize, Flush]) | FEATURES.mask(writing)
    }

    fn queue_sizes(&self) -> &[u16] {
        &[QUEUE_SIZE]
    }

    // Not `write_config`: only `writeback` can be written, and that belongs to CONFIG_WCE, which is not
    // offered.
    fn read_config(&self, offset: u64, data: &mut [u8]) {
        virtio_core::read_config_space(&self.space, offset, data);
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        let worker = self.worker(&activation).map_err(DeviceError::io("cannot open the disk again"))?;
        Ok(Workers::new(worker))
    }
}
