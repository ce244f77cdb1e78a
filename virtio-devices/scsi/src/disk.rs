//! A disk on the device's bus: what SCSI sees, the image behind it, and its place in the machine.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use qapi_schema::device::DeviceDeleted;
use virtio_core::DevicePlace;

use crate::address::UnitAddress;
use crate::image::Image;
use crate::target::unit::Unit;

/// A disk. Whoever works on a request for it holds it, so that it is gone when the last one has ended.
#[derive(Debug)]
pub(crate) struct Disk {
    pub(crate) address: UnitAddress,
    pub(crate) unit: Unit,
    pub(crate) image: Image,
    pub(crate) id: Option<String>,
    pub(crate) path: String,
    /// It has been taken off the bus.
    unplugged: AtomicBool,
    /// The way to the clients who wait for its end; none if the device has no place.
    place: OnceLock<DevicePlace>,
}

impl Disk {
    pub(crate) fn new(
        address: UnitAddress,
        unit: Unit,
        image: Image,
        id: Option<String>,
        path: String,
    ) -> Self {
        Self { address, unit, image, id, path, unplugged: AtomicBool::new(false), place: OnceLock::new() }
    }

    /// It is no longer on the bus; `place` will tell when it is gone.
    pub(crate) fn unplug(&self, place: Option<DevicePlace>) {
        if let Some(place) = place {
            let _ = self.place.set(place);
        }
        self.unplugged.store(true, Ordering::Release);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Some(place) = self.place.get().filter(|_| self.unplugged.load(Ordering::Acquire)) {
            let event = DeviceDeleted { device: self.id.take(), path: std::mem::take(&mut self.path) };
            place.emit(&event);
        }
    }
}
