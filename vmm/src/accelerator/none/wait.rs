//! The host thread's halt: waits for the devices' interrupts and for the next round.

use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use builtin_guest::Wake;
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// From the end of one round to the beginning of the next, as the built-in guest's timer under KVM.
const ROUND: Duration = Duration::from_millis(100);
/// Marks the event that says nothing but "look again".
const INTERRUPTED: u64 = u64::MAX;

pub(super) struct Waiter {
    epoll: Epoll,
    interrupt: EventFd,
    /// Interrupts, and the bits of the windows that each is for.
    events: Vec<(EventFd, Arc<AtomicU32>)>,
    next_round: Instant,
}

impl Waiter {
    /// A waiter, and the event that ends its wait.
    pub(super) fn new() -> io::Result<(Self, EventFd)> {
        let (epoll, interrupt) = (Epoll::new()?, EventFd::new(EFD_NONBLOCK)?);
        let waker = interrupt.try_clone()?;
        let event = EpollEvent::new(EventSet::IN, INTERRUPTED);
        epoll.ctl(ControlOperation::Add, interrupt.as_raw_fd(), event)?;
        Ok((Self { epoll, interrupt, events: Vec::new(), next_round: Instant::now() }, waker))
    }

    /// Waits for `event` too: an interrupt for those windows whose bits are set when it comes.
    pub(super) fn watch(&mut self, windows: Arc<AtomicU32>, event: &EventFd) -> io::Result<()> {
        let event = event.try_clone()?;
        let mark = u64::try_from(self.events.len()).unwrap_or(INTERRUPTED);
        self.epoll.ctl(ControlOperation::Add, event.as_raw_fd(), EpollEvent::new(EventSet::IN, mark))?;
        self.events.push((event, windows));
        Ok(())
    }

    /// Waits for an interrupt or the next round. Nothing has come if somebody else wants the thread's attention.
    pub(super) fn wait(&mut self) -> Wake {
        let mut ready = [EpollEvent::default(); 32];
        let left = self.next_round.saturating_duration_since(Instant::now());
        // Rounded up: waking a little early would mean to wait again, at once and in vain.
        let timeout = i32::try_from(left.as_millis().saturating_add(1)).unwrap_or(i32::MAX);
        // Can be interrupted only, and that ends a wait as well.
        let count = self.epoll.wait(timeout, &mut ready).unwrap_or(0);
        let mut wake = Wake::default();
        for event in ready.iter().take(count) {
            wake.windows |= self.take(event.data());
        }
        let now = Instant::now();
        if now >= self.next_round {
            wake.tick = true;
            self.next_round = now + ROUND;
        }
        wake
    }

    /// Takes note of an event; the bits of its windows.
    fn take(&self, mark: u64) -> u32 {
        let known = usize::try_from(mark).ok().and_then(|mark| self.events.get(mark));
        let (event, windows) = match known {
            Some((event, windows)) => (event, windows.load(Ordering::Acquire)),
            None => (&self.interrupt, 0),
        };
        // Nobody else reads it, so the counter is not zero.
        let _ = event.read();
        windows
    }
}
