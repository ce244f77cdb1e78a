//! Threads that wait for the image: as many as there are requests at once, up to a few.

use super::{Done, Engine, EngineKind, Job};
use crate::image::Blocking;
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::os::fd::{AsRawFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// The most threads of one channel. More requests at once than that wait for each other.
const MOST_THREADS: usize = 8;

#[derive(Debug)]
pub(super) struct Threads {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    /// Emptied, to be filled again: no allocation in steady state.
    collected: Vec<Done>,
}

#[derive(Debug)]
struct Shared {
    image: Arc<dyn Blocking>,
    state: Mutex<State>,
    /// There is a job, or the end.
    more: Condvar,
    /// Something is done.
    fewer: Condvar,
    /// The same for those who watch files.
    event: EventFd,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    done: Vec<Done>,
    idle: usize,
    /// Jobs that a thread is at.
    busy: usize,
    ended: bool,
}

impl Threads {
    pub(super) fn new(image: Arc<dyn Blocking>) -> io::Result<Self> {
        let shared = Shared {
            image,
            state: Mutex::default(),
            more: Condvar::new(),
            fewer: Condvar::new(),
            event: EventFd::new(EFD_NONBLOCK)?,
        };
        Ok(Self { shared: Arc::new(shared), threads: Vec::new(), collected: Vec::new() })
    }

    /// Another thread. It is called as the thread that it works for.
    fn add_thread(&mut self) {
        let shared = Arc::clone(&self.shared);
        // Without a thread more the jobs wait for those that there are.
        self.threads.extend(Builder::new().spawn(move || shared.work()));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thread's life.
    fn work(&self) {
        let mut state = self.state();
        while !state.ended {
            let Some(mut job) = state.jobs.pop_front() else {
                state.idle += 1;
                state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
                continue;
            };
            state.busy += 1;
            drop(state);
            // Images are hostile, and not all that reads them is ours: a panic, which says so on standard error, is the end of
            // one request. Whoever waits for that would otherwise do so for ever.
            let performed = catch_unwind(AssertUnwindSafe(|| job.perform(&*self.image)));
            let result =
                performed.unwrap_or_else(|_| Err(io::Error::other("the image's driver has panicked")));
            state = self.state();
            state.busy -= 1;
            state.done.push((job, result));
            self.fewer.notify_one();
            // The only failure is a full counter, and then the event is readable already.
            let _ = self.event.write(1);
        }
    }
}

impl Engine for Threads {
    fn kind(&self) -> EngineKind {
        EngineKind::Threads
    }

    fn start(&mut self, job: Job, done: &mut VecDeque<Done>) {
        let mut state = self.shared.state();
        state.jobs.push_back(job);
        let wanted = state.jobs.len() > state.idle && self.threads.len() < MOST_THREADS;
        drop(state);
        if wanted {
            self.add_thread();
        }
        self.shared.more.notify_one();
        if self.threads.is_empty() {
            // The host has no thread for us at all.
            while let Some(mut job) = self.shared.state().jobs.pop_front() {
                let result = job.perform(&*self.shared.image);
                done.push_back((job, result));
            }
        }
    }

    fn submit(&mut self, _done: &mut VecDeque<Done>) {}

    fn collect(&mut self, done: &mut VecDeque<Done>) {
        // Nothing to read means that nothing has been done since the last time.
        let _ = self.shared.event.read();
        mem::swap(&mut self.collected, &mut self.shared.state().done);
        done.extend(self.collected.drain(..));
    }

    fn wait(&mut self) {
        let mut state = self.shared.state();
        while state.done.is_empty() && (state.busy > 0 || !state.jobs.is_empty()) {
            state = self.shared.fewer.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn source(&self) -> Option<RawFd> {
        Some(self.shared.event.as_raw_fd())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.more.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
