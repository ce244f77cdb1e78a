//! What waits for one client, and who writes it.
//!
//! The thread that has a reply writes it itself if nobody else is writing: no hand-over, and a client that
//! does not read holds up only its own requests. Events come from threads that must never wait; they are left
//! to the connection's writing thread, and if too many pile up, the client is given up. Events that only one
//! client has asked for are offered: they are refused before they pile up.

use std::borrow::Cow;
use std::io::{self, Write};
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use qapi_schema::runtime::Style;

use crate::layout;

/// A reply is added when fewer than this many bytes wait.
const REPLY_BYTES: usize = 64 << 10;
/// How many bytes of events wait at most. An event has about 100 bytes.
const EVENT_BYTES: usize = 1 << 20;
/// An offered event is added when fewer than this many bytes of offered events wait.
const OFFERED_BYTES: usize = 64 << 10;
/// A buffer larger than this is given back after use.
const KEPT_BYTES: usize = 64 << 10;

/// How a client stands with the events that are offered to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reception {
    /// It takes them.
    Ready,
    /// It has not read earlier ones yet.
    Behind,
    /// It has left, or is leaving.
    Gone,
}

/// The way to one client.
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// For the writing thread: there is something that nobody writes yet, or the end.
    work: Condvar,
    /// For everybody else: less waits than before.
    room: Condvar,
    hang_up: Box<dyn Fn() + Send + Sync>,
    style: Style,
}

struct State {
    /// Bytes in the order in which they will be written.
    waiting: Vec<u8>,
    /// How many of them are events that every client gets.
    event_bytes: usize,
    /// How many of them are events that were offered.
    offered_bytes: usize,
    /// Absent while a thread is writing.
    writer: Option<Box<dyn Write + Send>>,
    /// The client is lost: nothing is kept for it any more.
    closed: bool,
    /// The client asks for nothing more: what waits is still written.
    leaving: bool,
    /// Nothing will be added any more.
    ended: bool,
}

impl Outbox {
    /// An outbox that writes to `writer`, laid out in this style. `hang_up` is called when the client is given up.
    pub(crate) fn new(
        writer: Box<dyn Write + Send>,
        hang_up: Box<dyn Fn() + Send + Sync>,
        style: Style,
    ) -> Self {
        let state = State {
            waiting: Vec::new(),
            event_bytes: 0,
            offered_bytes: 0,
            writer: Some(writer),
            closed: false,
            leaving: false,
            ended: false,
        };
        Self { state: Mutex::new(state), work: Condvar::new(), room: Condvar::new(), hang_up, style }
    }

    /// Sends a reply, without a copy if nothing waits. Once `placed` is called, whatever is added comes behind it. Waits
    /// while too much waits: a client that does not read its replies is not read from either.
    pub(crate) fn send_reply(&self, line: &[u8], placed: impl FnOnce()) {
        let line = &*self.lay_out(line);
        let mut state = self.lock();
        match state.writer.take() {
            Some(mut writer) if state.waiting.is_empty() && !state.closed => {
                drop(state);
                placed();
                if write_all(&mut *writer, line).is_err() {
                    self.close();
                }
                state = self.lock();
                state.writer = Some(writer);
            }
            writer => {
                state.writer = writer;
                let full = |state: &mut State| state.waiting.len() >= REPLY_BYTES && !state.closed;
                state = wait_while(&self.room, state, full);
                if !state.closed {
                    state.waiting.extend_from_slice(line);
                }
                drop(state);
                placed();
                state = self.lock();
            }
        }
        drop(self.write(state));
    }

    /// Adds an event and returns at once; gives the client up if it has left too many unread.
    pub(crate) fn push_event(&self, line: &[u8]) {
        let line = &*self.lay_out(line);
        let mut state = self.lock();
        if state.closed || state.ended {
            return;
        }
        if state.event_bytes + line.len() > EVENT_BYTES {
            drop(state);
            self.close();
            return;
        }
        state.event_bytes += line.len();
        state.waiting.extend_from_slice(line);
        self.work.notify_one();
    }

    /// Whether an event that is offered now would be added.
    pub(crate) fn reception(&self) -> Reception {
        self.lock().reception()
    }

    /// Adds an event if the client keeps up, and returns at once; tells whether it was added.
    pub(crate) fn offer_event(&self, line: &[u8]) -> Reception {
        let line = &*self.lay_out(line);
        let mut state = self.lock();
        let reception = state.reception();
        if reception == Reception::Ready {
            state.offered_bytes += line.len();
            state.waiting.extend_from_slice(line);
            self.work.notify_one();
        }
        reception
    }

    /// Writes whatever other threads leave, until the outbox has ended.
    pub(crate) fn write_until_ended(&self) {
        let idle = |state: &mut State| {
            !state.closed && !state.ended && (state.waiting.is_empty() || state.writer.is_none())
        };
        let mut state = self.lock();
        loop {
            state = wait_while(&self.work, state, idle);
            if state.closed || state.ended {
                return;
            }
            state = self.write(state);
        }
    }

    /// Waits until everything is written or the client is lost; nothing is added afterwards.
    pub(crate) fn finish(&self) {
        let busy = |state: &mut State| !state.closed && (!state.waiting.is_empty() || state.writer.is_none());
        let mut state = self.lock();
        state.leaving = true;
        let mut state = wait_while(&self.room, state, busy);
        state.ended = true;
        self.work.notify_one();
    }

    /// Gives the client up.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        if !mem::replace(&mut state.closed, true) {
            state.waiting = Vec::new();
            drop(state);
            self.work.notify_one();
            self.room.notify_all();
            (self.hang_up)();
        }
    }

    /// Whether the client is lost.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Writes what waits, unless another thread is at it: that one will write this as well.
    fn write<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let Some(mut writer) = state.writer.take() else { return state };
        while !state.waiting.is_empty() {
            let mut bytes = mem::take(&mut state.waiting);
            (state.event_bytes, state.offered_bytes) = (0, 0);
            drop(state);
            self.room.notify_all();
            let written = write_all(&mut *writer, &bytes);
            if written.is_err() {
                self.close();
            }
            state = self.lock();
            bytes.clear();
            if state.waiting.is_empty() && bytes.capacity() <= KEPT_BYTES {
                state.waiting = bytes;
            }
        }
        state.writer = Some(writer);
        self.room.notify_all();
        state
    }

    /// A message as this client wants it.
    fn lay_out<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        match self.style {
            Style::Line => Cow::Borrowed(line),
            Style::Pretty => Cow::Owned(layout::pretty(line)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn reception(&self) -> Reception {
        if self.closed || self.leaving {
            Reception::Gone
        } else if self.offered_bytes >= OFFERED_BYTES {
            Reception::Behind
        } else {
            Reception::Ready
        }
    }
}

fn wait_while<'a>(
    condvar: &Condvar,
    state: MutexGuard<'a, State>,
    condition: impl FnMut(&mut State) -> bool,
) -> MutexGuard<'a, State> {
    condvar.wait_while(state, condition).unwrap_or_else(PoisonError::into_inner)
}

fn write_all(writer: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    writer.write_all(bytes)?;
    writer.flush()
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
