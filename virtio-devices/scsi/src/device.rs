//! The front half: what the transport asks for.

use std::io;
use std::sync::Arc;

use qapi_schema::virtio_debug::VirtioScsiFeature;
use virtio_core::pci::PciClass;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, DevicePlace, Roles, Workers};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::bus::ScsiBus;
use crate::config::{self, FIRST_REQUEST_QUEUE, QUEUE_SIZE};
use crate::control_worker::ControlWorker;
use crate::details::DETAILS;
use crate::events::WaitingEvents;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::host::{DriverSide, Host};
use crate::lanes::Lanes;
use crate::management::mailbox;
use crate::role::DiskRoles;
use crate::worker::RequestWorker;

/// A SCSI host without disks; these come over its bus.
#[derive(Debug)]
pub struct Scsi {
    host: Arc<Host>,
    request_queues: u16,
    queue_sizes: Vec<u16>,
}

impl Scsi {
    /// A host with this many request queues.
    pub fn new(request_queues: u16) -> Self {
        let queues = usize::from(FIRST_REQUEST_QUEUE + request_queues);
        Self { host: Arc::default(), request_queues, queue_sizes: vec![QUEUE_SIZE; queues] }
    }
}

impl Scsi {
    #[cfg(test)]
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    fn workers(&self, activation: &Activation) -> io::Result<Workers> {
        let has = |feature| FEATURES.has(activation.features, feature);
        let wake = Arc::new(EventFd::new(EFD_NONBLOCK)?);
        let control =
            ControlWorker { host: Arc::clone(&self.host), wake: Arc::clone(&wake), functions: Vec::new() };
        let mut workers = Workers::new(control);
        let mut request_workers = Vec::new();
        for queue in (FIRST_REQUEST_QUEUE..).take(self.request_queues.into()) {
            let (mailbox, summons) = mailbox()?;
            let lanes = Lanes::new(Arc::clone(&activation.memory))?;
            request_workers.push(mailbox);
            workers = workers.and([queue], RequestWorker::new(queue, Arc::clone(&self.host), summons, lanes));
        }
        self.host.start(DriverSide {
            hotplug: has(VirtioScsiFeature::Hotplug),
            change: has(VirtioScsiFeature::Change),
            events: WaitingEvents::default(),
            wake,
            request_workers,
        });
        Ok(workers)
    }
}

impl Device for Scsi {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn attached(&mut self, place: DevicePlace) {
        // It is attached once.
        let _ = self.host.place.set(place);
    }

    fn roles(&self) -> Roles {
        let mut roles = Roles::default();
        let disks = Arc::new(DiskRoles(Arc::clone(&self.host)));
        roles.bus = Some(Arc::new(ScsiBus(Arc::clone(&self.host))));
        roles.storage = Some(Arc::clone(&disks) as _);
        roles.rate_limits = Some(disks);
        roles.statistics = Some(Arc::clone(&self.host.held_back) as _);
        roles
    }

    fn pci_class(&self) -> PciClass {
        PciClass::STORAGE
    }

    fn features(&self) -> u128 {
        use VirtioScsiFeature::{Change, Hotplug};
        FEATURES.mask(&[Hotplug, Change])
    }

    fn queue_sizes(&self) -> &[u16] {
        &self.queue_sizes
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let space = config::space(self.request_queues, &self.host.sizes);
        virtio_core::read_config_space(&space, offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        self.host.sizes.write(offset, data);
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        self.workers(&activation).map_err(DeviceError::io("cannot create event descriptors"))
    }

    fn reset(&mut self) {
        self.host.reset();
    }
}
