//! What the front and all workers of a device share. None of it is a lock.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rate_limits::Limiter;
use storage::{DiskErrors, DiskName, ErrorAction, ErrorPolicy, Operation};
use virtio_core::DevicePlace;
use virtio_core::roles::Limited;

use crate::request::ID_SIZE;

#[derive(Debug)]
pub(crate) struct Shared {
    /// What the driver gets when it asks for the disk's identification.
    pub(crate) id: [u8; ID_SIZE],
    pub(crate) errors: DiskErrors,
    /// Whether writes may stay in the host's cache until the driver flushes (5.2.5, `writeback`).
    write_back: AtomicBool,
    place: OnceLock<DevicePlace>,
}

impl Shared {
    pub(crate) fn new(id: [u8; ID_SIZE], policy: ErrorPolicy) -> Self {
        Self {
            id,
            errors: DiskErrors::new(policy),
            write_back: AtomicBool::new(true),
            place: OnceLock::new(),
        }
    }

    /// The machine has given the device its place, which it does once.
    pub(crate) fn attached(&self, place: DevicePlace) {
        let _ = self.place.set(place);
    }

    /// What monitors call the disk, and its limits.
    pub(crate) fn limited(&self, limiter: &Arc<Limiter>) -> Limited {
        Limited::whole(self.place.get(), limiter)
    }

    pub(crate) fn set_write_back(&self, write_back: bool) {
        self.write_back.store(write_back, Ordering::Relaxed);
    }

    pub(crate) fn is_write_back(&self) -> bool {
        self.write_back.load(Ordering::Relaxed)
    }

    /// Whether everything written is to be stable when it is answered.
    pub(crate) fn is_write_through(&self) -> bool {
        !self.is_write_back()
    }

    /// What becomes of an operation that has failed; the machine and its clients hear of it.
    pub(crate) fn action(&self, operation: Operation, error: &io::Error) -> ErrorAction {
        let Some(place) = self.place.get() else {
            // Nobody could stop and go on.
            return ErrorAction::Report;
        };
        let action = self.errors.failed(operation, error);
        if action == ErrorAction::Stop {
            // Before clients hear of it: one that has the machine go on at once means this stop.
            place.stop_machine();
        }
        let name = DiskName { path: place.path(), id: place.id() };
        place.emit(&name.io_error(operation, error, action));
        action
    }
}
