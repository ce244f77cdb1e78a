//! What limits hold back of a pair's frames. They wait where they are: in the transmit queue, or on the host's side of the
//! wire.

use std::io;
use std::os::fd::RawFd;
use std::sync::Arc;

use rate_limits::{Direction, Limiter, Wait, Waiter};

/// The limits, as the thread of one pair of queues meets them.
#[derive(Debug)]
pub(crate) struct Gate {
    waiter: Waiter,
    /// There while the transmit queue waits.
    sending: Option<Wait>,
    /// There while the receive queue does.
    receiving: Option<Wait>,
}

impl Gate {
    pub(crate) fn new(limiter: &Arc<Limiter>) -> io::Result<Self> {
        Ok(Self { waiter: limiter.waiter()?, sending: None, receiving: None })
    }

    /// Readable when it is worth trying again.
    pub(crate) fn source(&self) -> RawFd {
        self.waiter.source()
    }

    /// Whoever tries again says so before.
    pub(crate) fn put_off(&self) {
        self.waiter.put_off();
    }

    /// Whether a frame of so many bytes may be sent now; if so, it counts as sent.
    pub(crate) fn may_send(&mut self, bytes: u64) -> bool {
        self.waiter.pass_or_hold(&mut self.sending, Direction::FromGuest, Some(bytes))
    }

    /// Whether the next frame may be taken from the wire now. What it turns out to be is to be [told](Self::received).
    pub(crate) fn may_receive(&mut self) -> bool {
        self.waiter.pass_or_hold(&mut self.receiving, Direction::ToGuest, None)
    }

    /// The driver gets a frame of so many bytes.
    pub(crate) fn received(&self, bytes: u64) {
        self.waiter.charge(Direction::ToGuest, bytes);
    }

    /// Whether the receive queue waits.
    pub(crate) fn holds_receiving(&self) -> bool {
        self.receiving.is_some()
    }

    /// A queue is no longer there, and waits for nothing.
    pub(crate) fn forget(&mut self, receiving: bool) {
        if receiving {
            self.receiving = None;
        } else {
            self.sending = None;
        }
    }
}
