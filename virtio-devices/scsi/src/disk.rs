//! A disk on the device's bus: what SCSI sees, the image behind it, and its place in the machine.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rate_limits::unlimited;
use storage::{DiskErrors, DiskName, ErrorAction, ErrorPolicy, Image, Operation};
use virtio_core::DevicePlace;
use virtio_core::roles::{Limited, Plugged};

use crate::address::UnitAddress;
use crate::target::unit::Unit;

/// A disk. Whoever works on a request for it holds it, so that it is gone when the last one has ended.
#[derive(Debug)]
pub(crate) struct Disk {
    pub(crate) address: UnitAddress,
    pub(crate) unit: Unit,
    pub(crate) image: Image,
    pub(crate) errors: DiskErrors,
    /// It has been taken off the bus.
    unplugged: AtomicBool,
    /// Behind the image, for that is closed when this tells that the disk is gone.
    pub(crate) name: Plugged,
}

impl Disk {
    pub(crate) fn new(
        address: UnitAddress,
        unit: Unit,
        image: Image,
        policy: ErrorPolicy,
        name: Plugged,
    ) -> Self {
        Self {
            address,
            unit,
            image,
            errors: DiskErrors::new(policy),
            unplugged: AtomicBool::new(false),
            name,
        }
    }

    /// It is no longer on the bus; `place` will tell when it is gone.
    pub(crate) fn unplug(&self, place: Option<DevicePlace>) {
        if let Some(place) = place {
            self.name.unplugged(place);
        }
        self.unplugged.store(true, Ordering::Release);
        // What is under way is to end, and no limit is to keep it from that. That there is none makes sense.
        let _ = self.image.limiter().set(unlimited());
    }

    /// What becomes of an operation that has failed; the machine and its clients hear of it at `place`, the host's.
    pub(crate) fn action(
        &self,
        operation: Operation,
        error: &io::Error,
        place: Option<&DevicePlace>,
    ) -> ErrorAction {
        let Some(place) = place else {
            // Nobody could stop and go on.
            return ErrorAction::Report;
        };
        let action = self.errors.failed(operation, error);
        if action == ErrorAction::Stop {
            // Before clients hear of it: one that has the machine go on at once means this stop.
            place.stop_machine();
        }
        let name = DiskName { path: &self.name.path, id: self.name.id.as_deref() };
        place.emit(&name.io_error(operation, error, action));
        action
    }

    /// What monitors call it, and its limits.
    pub(crate) fn limited(&self) -> Limited {
        let limiter = Arc::clone(self.image.limiter());
        Limited { id: self.name.id.clone(), path: self.name.path.clone(), limiter }
    }

    pub(crate) fn is_unplugged(&self) -> bool {
        self.unplugged.load(Ordering::Acquire)
    }
}
