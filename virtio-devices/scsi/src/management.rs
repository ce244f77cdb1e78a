//! Task management (virtio 1.3, 5.6.6.2, and SAM-5, 7): before a function is answered, every worker of a request queue
//! has done what the driver had made available by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vmm_sys_util::eventfd::EventFd;

/// What the workers of the request queues are sent. Each drops its copy when nothing of what the driver had made available
/// before is left to do.
#[derive(Clone, Debug)]
pub(crate) struct Summons {
    _tally: Arc<Tally>,
}

/// Dropped with the last copy.
#[derive(Debug)]
struct Tally {
    done: Arc<AtomicBool>,
    wake: Arc<EventFd>,
}

/// How the worker of the control queue sees it.
#[derive(Debug)]
pub(crate) struct Progress {
    done: Arc<AtomicBool>,
}

impl Summons {
    /// The two sides; `wake` is written to when all workers are done.
    pub(crate) fn new(wake: Arc<EventFd>) -> (Self, Progress) {
        let done = Arc::<AtomicBool>::default();
        let progress = Progress { done: Arc::clone(&done) };
        (Self { _tally: Arc::new(Tally { done, wake }) }, progress)
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
    /// Whether all workers are done.
    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }
}
