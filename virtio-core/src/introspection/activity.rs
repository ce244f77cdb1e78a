//! A device's threads: which run, and which are at work.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};

/// A thread's own word: nothing that another thread writes lies near it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Thread {
    working: AtomicBool,
    /// The host's number of it while it runs, else 0.
    host_id: AtomicI32,
}

/// A thread of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceThread {
    /// The first of its queues, if it has one.
    pub first_queue: Option<u16>,
    /// The host's thread ID (`gettid`).
    pub host_id: i32,
}

/// The threads of a device, known by numbers, and which of them has which queue.
#[derive(Debug)]
pub(crate) struct Activity {
    threads: Vec<Thread>,
    thread_of_queue: Vec<AtomicUsize>,
}

impl Activity {
    /// No thread of a device with so many queues is at work.
    pub(crate) fn new(queues: usize) -> Self {
        // There may be a thread without a queue besides one for each.
        let threads = std::iter::repeat_with(Thread::default).take(queues.saturating_add(1)).collect();
        Self { threads, thread_of_queue: std::iter::repeat_with(AtomicUsize::default).take(queues).collect() }
    }

    /// These queues are the business of this thread.
    pub(crate) fn assign(&self, thread: usize, queues: &[u16]) {
        for queue in queues {
            if let Some(place) = self.thread_of_queue.get(usize::from(*queue)) {
                place.store(thread, Ordering::Release);
            }
        }
    }

    /// The thread is at work, or about to wait. It says so before it takes a kick, so that whoever sees neither a kick nor
    /// work knows that nothing is under way.
    pub(crate) fn set_working(&self, thread: usize, working: bool) {
        if let Some(thread) = self.threads.get(thread) {
            thread.working.store(working, Ordering::SeqCst);
        }
    }

    /// What the host calls the thread while it runs; 0 once it has ended.
    pub(crate) fn set_host_id(&self, thread: usize, id: i32) {
        if let Some(thread) = self.threads.get(thread) {
            thread.host_id.store(id, Ordering::Release);
        }
    }

    /// The threads that run.
    pub(crate) fn threads(&self) -> Vec<DeviceThread> {
        let first_queue = |thread| {
            let queue = self.thread_of_queue.iter().position(|of| of.load(Ordering::Acquire) == thread);
            queue.and_then(|queue| u16::try_from(queue).ok())
        };
        let ids = self.threads.iter().map(|thread| thread.host_id.load(Ordering::Acquire));
        let running = ids.enumerate().filter(|(_, host_id)| *host_id != 0);
        running.map(|(thread, host_id)| DeviceThread { first_queue: first_queue(thread), host_id }).collect()
    }

    /// Whether any thread of the device is at work.
    pub(crate) fn is_any_working(&self) -> bool {
        self.threads.iter().any(Thread::is_working)
    }

    /// Whether the thread that has this queue is at work.
    pub(crate) fn is_working(&self, queue: u16) -> bool {
        let thread =
            self.thread_of_queue.get(usize::from(queue)).map(|thread| thread.load(Ordering::Acquire));
        thread.and_then(|thread| self.threads.get(thread)).is_some_and(Thread::is_working)
    }
}

impl Thread {
    fn is_working(&self) -> bool {
        self.working.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_as_busy_as_the_thread_that_has_it() {
        let activity = Activity::new(3);
        activity.assign(0, &[0, 2]);
        activity.assign(3, &[1]);
        assert!(!activity.is_any_working());
        activity.set_working(3, true);
        assert!(activity.is_any_working());
        assert_eq!([0, 1, 2, 3].map(|queue| activity.is_working(queue)), [false, true, false, false]);
        activity.set_working(0, true);
        activity.set_working(3, false);
        assert_eq!([0, 1, 2, 3].map(|queue| activity.is_working(queue)), [true, false, true, false]);
    }

    #[test]
    fn threads_are_known_while_they_run() {
        let activity = Activity::new(3);
        assert_eq!(activity.threads(), []);
        activity.assign(0, &[0, 1]);
        activity.assign(1, &[2]);
        activity.set_host_id(0, 17);
        activity.set_host_id(1, 18);
        let thread = |first_queue, host_id| DeviceThread { first_queue, host_id };
        assert_eq!(activity.threads(), [thread(Some(0), 17), thread(Some(2), 18)]);
        activity.set_host_id(0, 0);
        assert_eq!(activity.threads(), [thread(Some(2), 18)]);
    }
}
