//! What a worker can do.

use crate::GuestMemory;
use crate::device::{OwnQueue, Source};
use crate::introspection::DeviceView;
use crate::queue::{Chain, Queue, QueueError, RingError};
use std::io;
use std::os::fd::RawFd;
use std::sync::Arc;
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

/// What a worker works with: the queues, guest memory, its sources. Handed to it at every call.
#[derive(Debug)]
pub struct WorkerContext {
    /// The thread's number in its device.
    thread: usize,
    /// Few, but for devices whose only worker has all: looking through them is cheaper than a table of all queues.
    queues: Vec<OwnQueue>,
    memory: GuestMemory,
    view: Arc<DeviceView>,
    epoll: Epoll,
    sources: Vec<WatchedSource>,
    /// The first refusal by epoll, for the event loop to pick up.
    error: Option<io::Error>,
}

#[derive(Clone, Copy, Debug)]
struct WatchedSource {
    source: Source,
    on: bool,
}

impl WorkerContext {
    pub(crate) fn new(
        thread: usize,
        queues: Vec<OwnQueue>,
        memory: GuestMemory,
        view: Arc<DeviceView>,
    ) -> io::Result<Self> {
        Ok(Self { thread, queues, memory, view, epoll: Epoll::new()?, sources: Vec::new(), error: None })
    }

    /// A queue; `None` if the driver does not use it, or if it is another worker's.
    pub fn queue(&mut self, index: u16) -> Option<&mut Queue> {
        queue_of(&mut self.queues, index)
    }

    /// The guest's memory.
    pub fn memory(&self) -> &GuestMemory {
        &self.memory
    }

    /// Takes every available chain of a queue, hands it to `handle`, gives it back with what that came to (the number of
    /// bytes written, or an [`Outcome`]), and then interrupts once. What most workers do when a queue is ready.
    ///
    /// # Errors
    /// A broken ring, or what `handle` says.
    pub fn serve<T: Into<Outcome>>(
        &mut self,
        index: u16,
        handle: impl FnMut(&Chain, &GuestMemory) -> Result<T, RingError>,
    ) -> Result<(), QueueError> {
        self.serve_while(index, |_| true, handle)
    }

    /// The same, up to the first chain that is not to be handled now. It stays in the queue, with those behind it, and the
    /// worker has to come back to it by itself.
    ///
    /// # Errors
    /// A broken ring, or what `handle` says.
    pub fn serve_while<T: Into<Outcome>>(
        &mut self,
        index: u16,
        mut wanted: impl FnMut(&Chain) -> bool,
        mut handle: impl FnMut(&Chain, &GuestMemory) -> Result<T, RingError>,
    ) -> Result<(), QueueError> {
        let Some(queue) = queue_of(&mut self.queues, index) else { return Ok(()) };
        while let Some(chain) = queue.pop()? {
            if !wanted(&chain) {
                queue.undo_pop(chain)?;
                break;
            }
            let outcome = handle(&chain, &self.memory).map_err(|error| QueueError { queue: index, error })?;
            match outcome.into() {
                Outcome::Done { written } => queue.complete(chain, written)?,
                Outcome::Failed { written } => queue.complete_failed(chain, written)?,
            }
        }
        queue.interrupt()
    }

    /// Lets `handle` move what the source called `token` gives into the chains of a queue, and then interrupts once. It
    /// says whether to watch the source further; without buffers there is nowhere to put anything, and the source has to
    /// wait until the queue is ready again. What most workers do when a source is.
    ///
    /// # Errors
    /// A broken ring, or what `handle` says.
    pub fn serve_source(
        &mut self,
        token: u32,
        index: u16,
        handle: impl FnOnce(&mut Queue, &GuestMemory) -> Result<bool, QueueError>,
    ) -> Result<(), QueueError> {
        let watch = match queue_of(&mut self.queues, index) {
            Some(queue) => {
                let watch = handle(queue, &self.memory)?;
                queue.end_delivery();
                queue.interrupt()?;
                watch
            }
            None => false,
        };
        self.watch(token, watch);
        Ok(())
    }

    /// Whether the source called `token` is to be watched. All are at first.
    pub fn watch(&mut self, token: u32, on: bool) {
        let known = self.sources.iter_mut().find(|watched| watched.source.token == token);
        let Some(watched) = known.filter(|watched| watched.on != on) else { return };
        watched.on = on;
        let operation = if on { ControlOperation::Add } else { ControlOperation::Delete };
        let event = Event::Source(token).as_epoll();
        if let Err(error) = self.epoll.ctl(operation, watched.source.fd, event) {
            self.error.get_or_insert(error);
        }
    }

    /// Tells the driver that the configuration space has changed. Whatever [`Device::read_config`] gives has to have
    /// changed before.
    ///
    /// [`Device::read_config`]: crate::Device::read_config
    pub fn config_changed(&self) {
        self.view.configuration_changed();
    }

    pub(crate) fn view(&self) -> &Arc<DeviceView> {
        &self.view
    }

    pub(super) fn queues(&mut self) -> &mut [OwnQueue] {
        &mut self.queues
    }

    /// The thread is at work, or about to wait.
    pub(super) fn set_working(&self, working: bool) {
        self.view.activity().set_working(self.thread, working);
    }

    pub(super) fn is_watched(&self, token: u32) -> bool {
        self.sources.iter().any(|watched| watched.source.token == token && watched.on)
    }

    /// Watches the worker's sources from now on.
    pub(super) fn add_sources(&mut self, sources: Vec<Source>) -> io::Result<()> {
        self.sources.extend(sources.into_iter().map(|source| WatchedSource { source, on: false }));
        let tokens: Vec<u32> = self.sources.iter().map(|watched| watched.source.token).collect();
        tokens.into_iter().for_each(|token| self.watch(token, true));
        self.take_error()
    }

    pub(super) fn add_event(&self, event: Event, fd: RawFd) -> io::Result<()> {
        self.epoll.ctl(ControlOperation::Add, fd, event.as_epoll())
    }

    pub(super) fn take_error(&mut self) -> io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }

    /// Waits for events, not at all if `poll`; returns how many of `events` have been filled.
    pub(super) fn wait(&self, poll: bool, events: &mut [EpollEvent]) -> io::Result<usize> {
        match self.epoll.wait(if poll { 0 } else { -1 }, events) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            result => result,
        }
    }
}

fn queue_of(queues: &mut [OwnQueue], index: u16) -> Option<&mut Queue> {
    queues.iter_mut().find(|own| own.index == index)?.queue.as_mut()
}

/// What a request has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The device has done what the driver wanted.
    Done {
        /// Bytes written into the chain, counted from the first writable one.
        written: u32,
    },
    /// It has not, or has lost what it was given. Monitors count this as an error; what the driver is told stands in what
    /// was written.
    Failed {
        /// As above.
        written: u32,
    },
}

/// Most requests cannot fail.
impl From<u32> for Outcome {
    fn from(written: u32) -> Self {
        Self::Done { written }
    }
}

/// What the thread is woken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The transport has sent a command.
    Command,
    /// The driver has kicked this queue.
    Kick(u16),
    /// This source of the worker is readable.
    Source(u32),
}

impl Event {
    fn as_epoll(self) -> EpollEvent {
        let (kind, number) = match self {
            Self::Command => (0, 0),
            Self::Kick(queue) => (1, u32::from(queue)),
            Self::Source(token) => (2, token),
        };
        EpollEvent::new(EventSet::IN, kind << 32 | u64::from(number))
    }

    /// The event that epoll has reported.
    pub(super) fn from_epoll(event: &EpollEvent) -> Self {
        let [n0, n1, n2, n3, kind, ..] = event.data().to_le_bytes();
        match kind {
            0 => Self::Command,
            1 => Self::Kick(u16::from_le_bytes([n0, n1])),
            _ => Self::Source(u32::from_le_bytes([n0, n1, n2, n3])),
        }
    }
}
