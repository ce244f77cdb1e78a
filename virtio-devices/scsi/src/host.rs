//! What all halves of the device share: its units, the sizes that the driver has chosen, and the way to the worker that
//! tells the driver what happens.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use virtio_core::DevicePlace;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::config::Sizes;
use crate::disk::Disk;
use crate::events::Event;
use crate::management::Summons;
use crate::target::Attention;
use crate::units::Units;

/// The device as its front, its workers and its bus know it.
#[derive(Debug, Default)]
pub(crate) struct Host {
    pub(crate) units: Units,
    pub(crate) sizes: Sizes,
    pub(crate) place: OnceLock<DevicePlace>,
    /// There while a driver is.
    mail: Mutex<Option<Mail>>,
}

/// The ways to all workers.
#[derive(Debug)]
pub(crate) struct Mail {
    /// What the driver is to be told.
    pub(crate) news: Mailbox<Event>,
    /// What the workers of the request queues are to do.
    pub(crate) request_workers: Vec<Mailbox<Summons>>,
}

/// Where a worker is sent what it cannot see by itself.
#[derive(Debug)]
pub(crate) struct Mailbox<T> {
    sender: Sender<T>,
    wake: Arc<EventFd>,
}

/// The worker's end of a mailbox.
#[derive(Debug)]
pub(crate) struct Inbox<T> {
    receiver: Receiver<T>,
    /// Readable when there is something.
    pub(crate) wake: Arc<EventFd>,
}

/// A mailbox and its other end.
///
/// # Errors
/// The host has no event descriptor left.
pub(crate) fn mailbox<T>() -> std::io::Result<(Mailbox<T>, Inbox<T>)> {
    let (sender, receiver) = channel();
    let wake = Arc::new(EventFd::new(EFD_NONBLOCK)?);
    Ok((Mailbox { sender, wake: Arc::clone(&wake) }, Inbox { receiver, wake }))
}

impl<T> Mailbox<T> {
    /// Sends something. To a worker that has ended it is nothing.
    pub(crate) fn send(&self, message: T) {
        if self.sender.send(message).is_ok() {
            // The only failure is a full counter, and then the worker will look anyway.
            let _ = self.wake.write(1);
        }
    }
}

impl<T> Inbox<T> {
    /// What has been sent. Nothing more makes the inbox readable until something else is sent.
    pub(crate) fn take(&self) -> impl Iterator<Item = T> {
        // Nothing to read means that it was read before.
        let _ = self.wake.read();
        self.receiver.try_iter()
    }
}

impl Host {
    /// The driver is there, and so are the workers.
    pub(crate) fn start(&self, mail: Mail) {
        *self.lock() = Some(mail);
    }

    /// The driver has gone; the next one finds everything as after switching on.
    pub(crate) fn reset(&self) {
        *self.lock() = None;
        self.sizes.reset();
        self.units.all().iter().for_each(|disk| disk.unit.reset(Attention::PowerOn));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Mail>> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks whether the disk's image has another size than before, which somebody may have given it.
    pub(crate) fn notice_size(&self, disk: &Disk) {
        // An image that does not tell its size keeps the one that it had.
        if disk.image.size_now().is_ok_and(|size| disk.unit.resize(size)) {
            self.announce(Event::Resized(disk.address));
        }
    }

    /// Sends the workers of all request queues something.
    pub(crate) fn summon(&self, summons: &Summons) {
        if let Some(mail) = &*self.lock() {
            mail.request_workers.iter().for_each(|worker| worker.send(summons.clone()));
        }
    }

    /// Has the driver be told, if there is one. One that comes later looks by itself.
    pub(crate) fn announce(&self, event: Event) {
        if let Some(mail) = &*self.lock() {
            mail.news.send(event);
        }
    }
}
