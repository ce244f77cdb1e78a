//! One thread a device: it waits for kicks and sources, and lets the worker handle them.
//!
//! The transport keeps the `Runner`; the thread's own part is `event_loop`.

mod context;
mod event_loop;

pub use context::{Outcome, WorkerContext};

use crate::device::Worker;
use crate::introspection::{DeviceFailure, Introspect};
use crate::queue::Queue;
use event_loop::EventLoop;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// The stack of a device's thread. It stays below a huge page, for hosts that give those to everybody would make all of it
/// resident.
const STACK_SIZE: usize = 1 << 20;

/// What the transport wants of the thread. That it wants it to end, it says by dropping its end of the channel.
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

/// The transport's end of a device's thread. Dropping it ends the thread and waits for that.
#[derive(Debug)]
pub(crate) struct Runner {
    commands: Option<Sender<Command>>,
    wake: EventFd,
    thread: Option<JoinHandle<()>>,
}

impl Runner {
    /// Starts the thread; if `paused`, it does nothing before [`resume`](Self::resume).
    pub(crate) fn start(
        worker: Box<dyn Worker>,
        context: WorkerContext,
        kicks: Arc<[EventFd]>,
        paused: bool,
    ) -> Result<Self, DeviceFailure> {
        let failed = |what| move |error| DeviceFailure::Thread { what, error };
        let wake = EventFd::new(EFD_NONBLOCK).map_err(failed("be given a wake-up event"))?;
        let wake_of_thread = wake.try_clone().map_err(failed("be given a wake-up event"))?;
        let (sender, receiver) = channel();
        let view = Arc::clone(context.view());
        let event_loop = EventLoop::new(worker, context, kicks, receiver, wake_of_thread)
            .map_err(failed("watch its events"))?;
        // It looks at every queue as soon as it runs.
        view.set_working(!paused);
        let thread = Builder::new()
            .name(view.kind().name.to_owned())
            .stack_size(STACK_SIZE)
            .spawn(move || {
                let outcome = event_loop.run(paused);
                view.set_working(false);
                if let Err(failure) = outcome {
                    view.fail(failure);
                }
            })
            .map_err(failed("be created"))?;
        Ok(Self { commands: Some(sender), wake, thread: Some(thread) })
    }

    /// Returns when the worker does nothing any more.
    pub(crate) fn pause(&self) {
        self.command_and_wait(Command::Pause);
    }

    /// Lets the worker go on.
    pub(crate) fn resume(&self) {
        self.command(Command::Resume);
    }

    /// Returns when the worker can no longer use the queue.
    pub(crate) fn stop_queue(&self, queue: u16) {
        self.command_and_wait(|done| Command::StopQueue(queue, done));
    }

    /// Gives the worker a queue that it does not have.
    pub(crate) fn start_queue(&self, queue: Queue) {
        self.command(Command::StartQueue(queue));
    }

    fn command_and_wait(&self, command: impl FnOnce(SyncSender<()>) -> Command) {
        let (done, wait) = sync_channel(1);
        self.command(command(done));
        // An error says that the thread has ended after a failure: then it does nothing either.
        let _ = wait.recv();
    }

    fn command(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // As above: a thread that has ended needs no command.
            let _ = commands.send(command);
        }
        self.wake();
    }

    fn wake(&self) {
        // The only failure is a full counter, and then the thread will wake up anyway.
        let _: io::Result<()> = self.wake.write(1);
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.commands = None;
        self.wake();
        if let Some(thread) = self.thread.take() {
            // A worker that has panicked has said so on standard error; there is nothing to add.
            let _ = thread.join();
        }
    }
}
