//! Which of a device's threads are at work.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A thread's own word: nothing that another thread writes lies near it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Thread {
    working: AtomicBool,
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
}
