//! Task management (virtio 1.3, 5.6.6.2, and SAM-5, 7): the control queue's worker asks the workers of the request queues,
//! each of which knows its own tasks, and hears when all of them are done with it.

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::address::UnitAddress;
use crate::request::Response;

/// Which tasks are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) target: u8,
    /// All units of the target, if none.
    pub(crate) lun: Option<u16>,
    /// All tasks, if none.
    pub(crate) id: Option<u64>,
}

impl Scope {
    pub(crate) fn has(&self, unit: UnitAddress, id: u64) -> bool {
        unit.target == self.target
            && self.lun.is_none_or(|lun| lun == unit.lun)
            && self.id.is_none_or(|wanted| wanted == id)
    }
}

/// What is asked of the workers of the request queues, after they have made tasks of all that the driver has made available.
#[derive(Clone, Debug)]
pub(crate) struct Summons {
    pub(crate) scope: Scope,
    /// What to answer the tasks with; none if it is only asked whether there are some.
    pub(crate) end_with: Option<Response>,
    pub(crate) tally: Arc<Tally>,
}

/// The way to a worker of a request queue. The ring of the control queue bounds how much is in it.
#[derive(Debug)]
pub(crate) struct Mailbox {
    sender: Sender<Summons>,
    wake: Arc<EventFd>,
}

/// The worker's end of a mailbox.
#[derive(Debug)]
pub(crate) struct Inbox {
    receiver: Receiver<Summons>,
    wake: Arc<EventFd>,
}

/// A mailbox and its other end.
///
/// # Errors
/// The host has no event descriptor left.
pub(crate) fn mailbox() -> io::Result<(Mailbox, Inbox)> {
    let (sender, receiver) = channel();
    let wake = Arc::new(EventFd::new(EFD_NONBLOCK)?);
    Ok((Mailbox { sender, wake: Arc::clone(&wake) }, Inbox { receiver, wake }))
}

impl Mailbox {
    pub(crate) fn send(&self, summons: Summons) {
        // To a worker that has ended it is nothing.
        if self.sender.send(summons).is_ok() {
            self.wake();
        }
    }

    /// Wakes the worker, which then lets go of what it need not keep.
    pub(crate) fn wake(&self) {
        // The only failure is a full counter, and then the worker will look anyway.
        let _ = self.wake.write(1);
    }
}

impl Inbox {
    /// Readable when the worker is to look.
    pub(crate) fn source(&self) -> RawFd {
        self.wake.as_raw_fd()
    }

    /// What has been sent. Nothing more makes the inbox readable until something else is sent.
    pub(crate) fn take(&self) -> impl Iterator<Item = Summons> {
        // Nothing to read means that it was read before.
        let _ = self.wake.read();
        self.receiver.try_iter()
    }
}

/// What all copies of a [`Summons`] have in common. When the last one is dropped, the workers are done.
#[derive(Debug)]
pub(crate) struct Tally {
    found: Arc<AtomicBool>,
    done: Arc<AtomicBool>,
    wake: Arc<EventFd>,
}

/// How the worker of the control queue sees it.
#[derive(Debug)]
pub(crate) struct Progress {
    found: Arc<AtomicBool>,
    done: Arc<AtomicBool>,
}

impl Tally {
    /// The two sides; `wake` is written to when the workers are done.
    pub(crate) fn new(wake: Arc<EventFd>) -> (Arc<Self>, Progress) {
        let (found, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let progress = Progress { found: Arc::clone(&found), done: Arc::clone(&done) };
        (Arc::new(Self { found, done, wake }), progress)
    }

    /// There is a task of those that are meant.
    pub(crate) fn found(&self) {
        self.found.store(true, Ordering::Relaxed);
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        // The only failure is a full counter, and then the worker will look anyway.
        let _ = self.wake.write(1);
    }
}

impl Progress {
    /// Whether there was a task of those that are meant; `None` while not everybody is done.
    pub(crate) fn outcome(&self) -> Option<bool> {
        self.done.load(Ordering::Acquire).then(|| self.found.load(Ordering::Relaxed))
    }
}
