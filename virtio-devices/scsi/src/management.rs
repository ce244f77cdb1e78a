//! Task management (virtio 1.3, 5.6.6.2, and SAM-5, 7): the control queue's worker asks the workers of the request queues,
//! each of which knows its own tasks, and hears when all of them are done with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vmm_sys_util::eventfd::EventFd;

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

/// What is asked of the workers of the request queues: first they make tasks of all that the driver has made available.
/// Whatever is asked, they then let go of disks that are no longer on the bus.
#[derive(Clone, Debug)]
pub(crate) struct Summons {
    pub(crate) scope: Scope,
    /// What to answer the tasks with; none if it is only asked whether there are some.
    pub(crate) end_with: Option<Response>,
    pub(crate) tally: Arc<Tally>,
}

impl Summons {
    /// Nothing but letting go of disks of this target that are no longer on the bus.
    pub(crate) fn to_forget(unit: UnitAddress) -> Self {
        let scope = Scope { target: unit.target, lun: Some(unit.lun), id: None };
        Self { scope, end_with: None, tally: Arc::default() }
    }
}

/// What all copies of a [`Summons`] have in common. When the last one is dropped, the workers are done.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    found: Arc<AtomicBool>,
    done: Arc<AtomicBool>,
    wake: Option<Arc<EventFd>>,
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
        (Arc::new(Self { found, done, wake: Some(wake) }), progress)
    }

    /// There is a task of those that are meant.
    pub(crate) fn found(&self) {
        self.found.store(true, Ordering::Relaxed);
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        if let Some(wake) = &self.wake {
            // The only failure is a full counter, and then the worker will look anyway.
            let _ = wake.write(1);
        }
    }
}

impl Progress {
    /// Whether there was a task of those that are meant; `None` while not everybody is done.
    pub(crate) fn outcome(&self) -> Option<bool> {
        self.done.load(Ordering::Acquire).then(|| self.found.load(Ordering::Relaxed))
    }
}
