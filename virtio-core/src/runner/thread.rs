//! The transport's end of one worker's thread.

use super::context::WorkerContext;
use super::event_loop::EventLoop;
use super::{Command, Common};
use crate::device::{OwnQueue, Worker};
use crate::introspection::DeviceFailure;
use rustix::thread::gettid;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// The stack of a device's thread. It stays below a huge page, for hosts that give those to everybody would make all of it
/// resident.
const STACK_SIZE: usize = 1 << 20;

/// One thread. Dropping this ends it and waits for that.
#[derive(Debug)]
pub(super) struct WorkerThread {
    /// The numbers of its queues.
    queues: Vec<u16>,
    commands: Option<Sender<Command>>,
    wake: EventFd,
    thread: Option<JoinHandle<()>>,
}

impl WorkerThread {
    /// Starts thread `number` of the device.
    pub(super) fn start(
        number: usize,
        name: String,
        worker: Box<dyn Worker>,
        own: Vec<OwnQueue>,
        common: &Common<'_>,
    ) -> Result<Self, DeviceFailure> {
        let failed = |what| move |error| DeviceFailure::Thread { what, error };
        let (view, paused) = (Arc::clone(common.view), common.paused);
        let queues: Vec<u16> = own.iter().map(|own| own.index).collect();
        let wake = EventFd::new(EFD_NONBLOCK).map_err(failed("be given a wake-up event"))?;
        let wake_of_thread = wake.try_clone().map_err(failed("be given a wake-up event"))?;
        let (sender, receiver) = channel();
        let context = WorkerContext::new(number, own, Arc::clone(common.memory), Arc::clone(&view))
            .map_err(failed("be given an epoll instance"))?;
        let event_loop = EventLoop::new(worker, context, Arc::clone(common.kicks), receiver, wake_of_thread)
            .map_err(failed("watch its events"))?;
        view.activity().assign(number, &queues);
        // It looks at every queue as soon as it runs.
        view.activity().set_working(number, !paused);
        let thread = Builder::new()
            .name(name)
            .stack_size(STACK_SIZE)
            .spawn(move || {
                view.activity().set_host_id(number, gettid().as_raw_nonzero().get());
                let outcome = event_loop.run(paused);
                view.activity().set_working(number, false);
                view.activity().set_host_id(number, 0);
                if let Err(failure) = outcome {
                    view.fail(failure);
                }
            })
            .map_err(failed("be created"))?;
        Ok(Self { queues, commands: Some(sender), wake, thread: Some(thread) })
    }

    pub(super) fn has_queue(&self, queue: u16) -> bool {
        self.queues.contains(&queue)
    }

    /// Sends a command that is answered when it has been obeyed.
    pub(super) fn ask(&self, command: impl FnOnce(SyncSender<()>) -> Command) -> Asked {
        let (done, wait) = sync_channel(1);
        self.command(command(done));
        Asked(wait)
    }

    pub(super) fn command(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // A thread that has ended after a failure needs no command.
            let _ = commands.send(command);
        }
        self.wake();
    }

    /// Has the thread end, and does not wait for that.
    pub(super) fn let_end(&mut self) {
        self.commands = None;
        self.wake();
    }

    fn wake(&self) {
        // The only failure is a full counter, and then the thread will wake up anyway.
        let _: io::Result<()> = self.wake.write(1);
    }
}

impl Drop for WorkerThread {
    fn drop(&mut self) {
        self.let_end();
        if let Some(thread) = self.thread.take() {
            // A worker that has panicked has said so on standard error; there is nothing to add.
            let _ = thread.join();
        }
    }
}

/// A command that has been sent.
#[must_use = "the thread has not obeyed yet"]
pub(super) struct Asked(Receiver<()>);

impl Asked {
    /// Returns when the thread has obeyed.
    pub(super) fn wait(self) {
        // An error says that the thread has ended after a failure: then it does nothing either.
        let _ = self.0.recv();
    }
}
