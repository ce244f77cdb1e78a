//! What the worker waits for: any number of descriptors that come and go, behind the one that the runner watches.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

/// A console's output that has not moved for a whole one of these is lost: time enough for a reader that is merely slow.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
const ZERO: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
/// The timer's number; ports have those below.
const TIMER: u64 = u64::MAX;
/// Events taken at once.
const AT_ONCE: usize = 16;

/// The descriptors of all ports, and a timer.
#[derive(Debug)]
pub(crate) struct Watch {
    epoll: Epoll,
    timer: OwnedFd,
    timer_runs: Cell<bool>,
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    /// The patience with output that is stuck is over.
    TimeIsUp,
    /// Something at a port.
    AtPort {
        /// Its number.
        port: usize,
        /// There is room for output.
        writable: bool,
        /// The other end is gone, altogether.
        hung_up: bool,
    },
}

impl Watch {
    /// Waits for nothing yet.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub(crate) fn new() -> io::Result<Self> {
        let timer =
            timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        let epoll = Epoll::new()?;
        epoll.ctl(ControlOperation::Add, timer.as_raw_fd(), EpollEvent::new(EventSet::IN, TIMER))?;
        Ok(Self { epoll, timer, timer_runs: Cell::new(false) })
    }

    /// Readable when something has happened.
    pub(crate) fn fd(&self) -> RawFd {
        self.epoll.as_raw_fd()
    }

    /// Starts the timer if it does not run: nobody's patience can be made longer by somebody else's.
    pub(crate) fn start_timer(&self) {
        if self.timer_runs.replace(true) {
            return;
        }
        // The times are valid, and so the kernel takes them.
        let times = Itimerspec { it_interval: ZERO, it_value: PATIENCE };
        let _ = timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &times);
    }

    /// What has happened since the last time; a part of it, if it is much.
    pub(crate) fn happened(&self) -> Vec<Happened> {
        let mut events = [EpollEvent::default(); AT_ONCE];
        // An interruption is the only failure, and then the runner will call again.
        let count = self.epoll.wait(0, &mut events).unwrap_or(0);
        events.iter().take(count).map(|event| self.meaning(event)).collect()
    }

    fn meaning(&self, event: &EpollEvent) -> Happened {
        if event.data() == TIMER {
            // Read, it does not count as expired any more.
            let _ = rustix::io::read(self.timer.as_fd(), &mut [0; 8]);
            self.timer_runs.set(false);
            return Happened::TimeIsUp;
        }
        let (events, gone) = (event.event_set(), EventSet::HANG_UP | EventSet::ERROR);
        let port = usize::try_from(event.data()).unwrap_or(usize::MAX);
        Happened::AtPort { port, writable: events.contains(EventSet::OUT), hung_up: events.intersects(gone) }
    }
}

/// What of a port is watched: listener, input or client, output.
#[derive(Debug, Default)]
pub(crate) struct PortWatch {
    registered: [Option<(RawFd, EventSet)>; 3],
}

impl PortWatch {
    /// Watches for exactly what is wanted from now on. What cannot be watched (a regular file) is always ready.
    pub(crate) fn set(&mut self, watch: &Watch, port: usize, wanted: [Option<(RawFd, EventSet)>; 3]) {
        let port = u64::try_from(port).unwrap_or(u64::MAX);
        for (registered, wanted) in self.registered.iter_mut().zip(wanted) {
            let (operation, (fd, events)) = match (*registered, wanted) {
                (before, after) if before == after => continue,
                (_, None) => {
                    if let Some((fd, _)) = registered.take() {
                        let _ = watch.epoll.ctl(ControlOperation::Delete, fd, EpollEvent::default());
                    }
                    continue;
                }
                (Some((before, _)), Some(after)) if before == after.0 => (ControlOperation::Modify, after),
                (_, Some(after)) => (ControlOperation::Add, after),
            };
            let done = watch.epoll.ctl(operation, fd, EpollEvent::new(events, port));
            *registered = done.is_ok().then_some((fd, events));
        }
    }

    /// The client or the input is about to be closed, and its number may be given to another.
    pub(crate) fn forget_input(&mut self, watch: &Watch, port: usize) {
        let [listener, _, output] = self.registered;
        self.set(watch, port, [listener, None, output]);
    }
}
