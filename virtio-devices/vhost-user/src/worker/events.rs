//! What the device's thread waits for.

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};
use vmm_sys_util::eventfd::EventFd;

use crate::connection::Connection;
use crate::error::VhostUserError;
use crate::rings::Ring;

/// Taken at once.
const EVENTS_AT_ONCE: usize = 16;

/// What the thread is woken by. What an event is about may be gone when it is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The transport wants something.
    Command,
    /// The back end has hung up, or says something.
    Connection,
    /// The back end wants something.
    Request,
    /// The back end has used buffers of this queue.
    Call(u16),
    /// The back end cannot go on with this queue.
    RingError(u16),
}

/// All that is waited for. Sockets are forgotten by the kernel when they are closed; events, which the back end shares, are
/// not.
pub(super) struct Events {
    epoll: Epoll,
}

impl Events {
    pub(super) fn new(wake: &EventFd) -> Result<Self, VhostUserError> {
        let epoll = Epoll::new().map_err(VhostUserError::host("make an epoll instance"))?;
        let events = Self { epoll };
        events.watch(Event::Command, wake.as_raw_fd())?;
        Ok(events)
    }

    pub(super) fn watch_connection(&self, connection: &Connection) -> Result<(), VhostUserError> {
        self.watch(Event::Connection, connection.messages.socket().stream().as_raw_fd())?;
        connection.requests.iter().try_for_each(|requests| self.watch(Event::Request, requests.as_raw_fd()))
    }

    pub(super) fn watch_ring(&self, ring: &Ring) -> Result<(), VhostUserError> {
        self.watch(Event::Call(ring.index()), ring.call().as_raw_fd())?;
        self.watch(Event::RingError(ring.index()), ring.error().as_raw_fd())
    }

    pub(super) fn forget_ring(&self, ring: &Ring) {
        for event in [ring.call(), ring.error()] {
            // One that was never watched is forgotten already.
            let _ = self.epoll.ctl(ControlOperation::Delete, event.as_raw_fd(), EpollEvent::default());
        }
    }

    fn watch(&self, event: Event, descriptor: RawFd) -> Result<(), VhostUserError> {
        let watched = self.epoll.ctl(ControlOperation::Add, descriptor, event.as_epoll());
        watched.map_err(VhostUserError::host("wait for events"))
    }

    /// Waits for events, at most so long.
    pub(super) fn wait(&self, most: Option<Duration>) -> io::Result<Vec<Event>> {
        let mut events = [EpollEvent::default(); EVENTS_AT_ONCE];
        // Rounded up: a wait that ends early would only be begun again.
        let most = most.map_or(-1, |most| i32::try_from(most.as_millis()).unwrap_or(i32::MAX - 1) + 1);
        match self.epoll.wait(most, &mut events) {
            Ok(count) => Ok(events.iter().take(count).map(Event::from_epoll).collect()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

impl Event {
    fn as_epoll(self) -> EpollEvent {
        let (kind, queue) = match self {
            Self::Command => (0, 0),
            Self::Connection => (1, 0),
            Self::Request => (2, 0),
            Self::Call(queue) => (3, queue),
            Self::RingError(queue) => (4, queue),
        };
        EpollEvent::new(EventSet::IN, kind << 16 | u64::from(queue))
    }

    fn from_epoll(event: &EpollEvent) -> Self {
        let [q0, q1, kind, ..] = event.data().to_le_bytes();
        let queue = u16::from_le_bytes([q0, q1]);
        match kind {
            0 => Self::Command,
            1 => Self::Connection,
            2 => Self::Request,
            3 => Self::Call(queue),
            _ => Self::RingError(queue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_back_as_they_went() {
        let events = [
            Event::Command,
            Event::Connection,
            Event::Request,
            Event::Call(0),
            Event::Call(u16::MAX),
            Event::RingError(7),
        ];
        for event in events {
            assert_eq!(Event::from_epoll(&event.as_epoll()), event);
        }
    }
}
