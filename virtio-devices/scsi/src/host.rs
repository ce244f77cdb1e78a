//! What all halves of the device share: its units, the sizes that the driver has chosen, and the ways to the workers.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rate_limits::HeldBack;
use virtio_core::DevicePlace;
use vmm_sys_util::eventfd::EventFd;

use crate::config::Sizes;
use crate::disk::Disk;
use crate::events::{EVENT_SIZE, Event, WaitingEvents};
use crate::management::{Mailbox, Summons};
use crate::target::Attention;
use crate::units::Units;

/// The device as its front, its workers and its bus know it.
#[derive(Debug, Default)]
pub(crate) struct Host {
    pub(crate) units: Units,
    pub(crate) sizes: Sizes,
    pub(crate) place: OnceLock<DevicePlace>,
    /// What the limits of all disks have held back.
    pub(crate) held_back: Arc<HeldBack>,
    /// There while a driver is. The workers of the request queues look only when an image has another size than before.
    driver: Mutex<Option<DriverSide>>,
}

/// What there is while a driver is there.
#[derive(Debug)]
pub(crate) struct DriverSide {
    /// Whether it wants to hear of units that come and go.
    pub(crate) hotplug: bool,
    /// Whether it wants to hear of units that change.
    pub(crate) change: bool,
    /// What it is to be told.
    pub(crate) events: WaitingEvents,
    /// Wakes the worker that tells it.
    pub(crate) wake: Arc<EventFd>,
    /// The ways to the workers of the request queues.
    pub(crate) request_workers: Vec<Mailbox>,
}

impl Host {
    /// The driver is there, and so are the workers.
    pub(crate) fn start(&self, driver: DriverSide) {
        *self.lock() = Some(driver);
    }

    /// The driver has gone; the next one finds everything as after switching on.
    pub(crate) fn reset(&self) {
        *self.lock() = None;
        self.sizes.reset();
        self.units.all().iter().for_each(|disk| disk.unit.reset(Attention::PowerOn));
    }

    /// Looks whether the disk's image has another size than before, which somebody may have given it.
    pub(crate) fn notice_size(&self, disk: &Disk) {
        // An image that does not tell its size keeps the one that it had.
        if disk.image.size_now().is_ok_and(|size| disk.unit.resize(size)) {
            self.announce(Event::Resized(disk.address));
        }
    }

    /// Has the driver be told, if there is one that wants to hear of it. One that comes later looks by itself.
    pub(crate) fn announce(&self, event: Event) {
        let mut driver = self.lock();
        let Some(driver) = &mut *driver else { return };
        let wanted = match event {
            Event::Added(_) | Event::Removed(_) => driver.hotplug,
            Event::Resized(_) => driver.change,
        };
        if wanted {
            driver.events.push(event);
            // The only failure is a full counter, and then the worker will look anyway.
            let _ = driver.wake.write(1);
        }
    }

    /// Whether the driver is to be told something.
    pub(crate) fn has_event(&self) -> bool {
        self.lock().as_ref().is_some_and(|driver| !driver.events.is_empty())
    }

    /// The next thing that the driver is to be told.
    pub(crate) fn next_event(&self) -> Option<[u8; EVENT_SIZE]> {
        self.lock().as_mut()?.events.next()
    }

    /// Sends the workers of all request queues a summons.
    pub(crate) fn summon(&self, summons: &Summons) {
        if let Some(driver) = &*self.lock() {
            driver.request_workers.iter().for_each(|worker| worker.send(summons.clone()));
        }
    }

    /// Has the workers of all request queues let go of disks that are no longer on the bus.
    pub(crate) fn forget_unplugged(&self) {
        if let Some(driver) = &*self.lock() {
            driver.request_workers.iter().for_each(Mailbox::wake);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<DriverSide>> {
        self.driver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
