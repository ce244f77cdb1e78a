//! A thread for each worker of a device: it waits for kicks and sources, and lets the worker handle them.
//!
//! The transport keeps the `Runners`, who keep a `thread` each; that one's own part is `event_loop`.

mod context;
mod event_loop;
mod thread;

pub use context::{Outcome, WorkerContext};

use crate::GuestMemory;
use crate::device::Workers;
use crate::introspection::{DeviceFailure, DeviceView};
use crate::queue::Queue;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use thread::{Asked, WorkerThread};
use vmm_sys_util::eventfd::EventFd;

/// What the transport wants of a thread. That it wants it to end, it says by dropping its end of the channel.
#[derive(Debug)]
enum Command {
    /// Do nothing from now on, and say when that is so.
    Pause(SyncSender<()>),
    /// Go on.
    Resume,
    /// Leave this queue alone from now on, and say when that is so.
    StopQueue(u16, SyncSender<()>),
    /// Work on this queue as well.
    StartQueue(Queue),
}

/// What all threads of a device share.
pub(crate) struct Common<'a> {
    /// What the threads are named after.
    pub(crate) name: &'a str,
    pub(crate) memory: &'a GuestMemory,
    pub(crate) view: &'a Arc<DeviceView>,
    pub(crate) kicks: &'a Arc<[EventFd]>,
    /// Nothing is to be done before [`Runners::resume`].
    pub(crate) paused: bool,
}

/// The transport's end of a device's threads. Dropping it ends them and waits for that.
#[derive(Debug)]
pub(crate) struct Runners {
    threads: Vec<WorkerThread>,
}

impl Runners {
    /// Starts a thread for each of `workers`. `queues` has an entry for every queue, `None` if the driver does not use it.
    pub(crate) fn start(
        workers: Workers,
        queues: Vec<Option<Queue>>,
        common: &Common<'_>,
    ) -> Result<Self, DeviceFailure> {
        let workers = workers.with_queues(queues);
        let several = workers.len() > 1;
        let mut threads = Vec::with_capacity(workers.len());
        for (number, (worker, queues)) in workers.into_iter().enumerate() {
            let name = thread_name(common.name, queues.first().map(|own| own.index).filter(|_| several));
            threads.push(WorkerThread::start(number, name, worker, queues, common)?);
        }
        Ok(Self { threads })
    }

    /// Returns when no worker does anything any more.
    pub(crate) fn pause(&self) {
        // All are asked before any is waited for: each may have something to finish.
        let asked: Vec<Asked> = self.threads.iter().map(|thread| thread.ask(Command::Pause)).collect();
        asked.into_iter().for_each(Asked::wait);
    }

    /// Lets the workers go on.
    pub(crate) fn resume(&self) {
        self.threads.iter().for_each(|thread| thread.command(Command::Resume));
    }

    /// Returns when nobody can use the queue any more.
    pub(crate) fn stop_queue(&self, queue: u16) {
        if let Some(thread) = self.thread_of(queue) {
            thread.ask(|done| Command::StopQueue(queue, done)).wait();
        }
    }

    /// Gives its worker a queue that it does not have.
    pub(crate) fn start_queue(&self, queue: Queue) {
        if let Some(thread) = self.thread_of(queue.index()) {
            thread.command(Command::StartQueue(queue));
        }
    }

    fn thread_of(&self, queue: u16) -> Option<&WorkerThread> {
        self.threads.iter().find(|thread| thread.has_queue(queue))
    }
}

impl Drop for Runners {
    fn drop(&mut self) {
        // As for a pause: each then waits for its own when it is dropped.
        self.threads.iter_mut().for_each(WorkerThread::let_end);
    }
}

/// What the host shows a thread as: the device's name and, if there are several threads, the first of its queues.
fn thread_name(device: &str, first_queue: Option<u16>) -> String {
    // The host keeps 15 bytes; the end is what tells the threads of a device apart.
    const LONGEST: usize = 15;
    let end = first_queue.map(|queue| format!("-q{queue}")).unwrap_or_default();
    let room = LONGEST.saturating_sub(end.len());
    let beginning = (0..=room.min(device.len())).rev().find_map(|length| device.get(..length));
    beginning.unwrap_or_default().to_owned() + &end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_named_after_its_device_and_queue() {
        assert_eq!(thread_name("disk0", None), "disk0");
        assert_eq!(thread_name("disk0", Some(3)), "disk0-q3");
        assert_eq!(thread_name("the-database-of-1987", Some(1023)), "the-datab-q1023");
        assert_eq!(thread_name("ääääääää", None), "äääääää");
    }
}
