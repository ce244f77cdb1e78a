//! The front half: what the transport asks for.

use std::sync::Arc;

use qapi_schema::virtio_debug::VirtioBlkFeature;
use storage::{Channel, Image};
use virtio_core::pci::PciClass;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, DevicePlace, Roles, Workers};

use crate::config::{self, QUEUE_SIZE};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::options::BlockSettings;
use crate::request::{ID_SIZE, Rules};
use crate::role::DiskRole;
use crate::shared::Shared;
use crate::worker::BlockWorker;

/// A disk that a driver can be attached to.
#[derive(Debug)]
pub struct Block {
    image: Image,
    shared: Arc<Shared>,
    queue_sizes: Vec<u16>,
}

impl Block {
    /// A device in front of `image`.
    pub fn new(image: Image, settings: &BlockSettings) -> Self {
        let mut id = [0; ID_SIZE];
        id.iter_mut().zip(settings.serial.bytes()).for_each(|(place, byte)| *place = byte);
        let shared = Arc::new(Shared::new(id, settings.policy));
        Self { image, shared, queue_sizes: vec![QUEUE_SIZE; settings.queues.get().into()] }
    }

    fn worker(&self, queue: u16, activation: &Activation) -> Result<BlockWorker, DeviceError> {
        let has = |feature| FEATURES.has(activation.features, feature);
        let rules = Rules {
            sectors: self.image.sectors(),
            read_only: self.image.is_read_only(),
            discard: has(VirtioBlkFeature::Discard),
            write_zeroes: has(VirtioBlkFeature::WriteZeroes),
        };
        let memory = &activation.memory;
        let channel = Channel::new(&self.image, Arc::clone(memory), QUEUE_SIZE)
            .map_err(DeviceError::io("cannot make a channel to the disk"))?;
        Ok(BlockWorker::new(queue, Arc::clone(&self.shared), rules, Arc::clone(memory), channel))
    }
}

impl Device for Block {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn attached(&mut self, place: DevicePlace) {
        self.shared.attached(place);
    }

    fn roles(&self) -> Roles {
        let disk = Arc::new(DiskRole { image: self.image.clone(), shared: Arc::clone(&self.shared) });
        let mut roles = Roles::default();
        roles.storage = Some(Arc::clone(&disk) as _);
        roles.rate_limits = Some(disk);
        roles.statistics = Some(Arc::clone(self.image.limiter().held_back()) as _);
        roles
    }

    fn pci_class(&self) -> PciClass {
        PciClass::STORAGE
    }

    fn features(&self) -> u128 {
        use VirtioBlkFeature::{
            BlkSize, ConfigWce, Discard, Flush, Mq, Ro, SegMax, SizeMax, Topology, WriteZeroes,
        };
        let writing: &[_] = if self.image.is_read_only() { &[Ro] } else { &[Discard, WriteZeroes] };
        FEATURES.mask(&[SizeMax, SegMax, BlkSize, Flush, Topology, ConfigWce, Mq]) | FEATURES.mask(writing)
    }

    fn queue_sizes(&self) -> &[u16] {
        &self.queue_sizes
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let queues = u16::try_from(self.queue_sizes.len()).unwrap_or(u16::MAX);
        let space = config::space(&self.image, queues, self.shared.is_write_back());
        virtio_core::read_config_space(&space, offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        if let (config::WRITE_BACK, [value]) = (offset, data) {
            self.shared.set_write_back(*value != 0);
        }
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        let has = |feature| FEATURES.has(activation.features, feature);
        if !has(VirtioBlkFeature::ConfigWce) {
            // A driver that cannot flush is told of a write when it is stable (5.2.6.2).
            self.shared.set_write_back(has(VirtioBlkFeature::Flush));
        }
        let mut workers = Workers::new(self.worker(0, &activation)?);
        for queue in (0..).take(self.queue_sizes.len()).skip(1) {
            workers = workers.and([queue], self.worker(queue, &activation)?);
        }
        Ok(workers)
    }

    fn reset(&mut self) {
        self.shared.set_write_back(true);
    }
}
