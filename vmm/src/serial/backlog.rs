//! What the guest has printed and the other end of the line has not taken yet.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::bus::lock;
use crate::wake::Wake;

/// Bytes that may wait for the other end.
const MOST: usize = 64 << 10;
/// How long a vCPU waits at most for an other end that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bounded queue of bytes, from vCPUs to the line's thread.
///
/// A byte that finds it full waits until the other end takes some. If that does not happen within [`PATIENCE`], bytes are
/// lost, and no vCPU waits again before the other end has taken some: a slow reader loses nothing, and one that has
/// stopped reading cannot stop the guest.
#[derive(Debug)]
pub(super) struct Backlog {
    state: Mutex<State>,
    taken: Condvar,
    /// Readable for the line's thread when there is something for it to do.
    wake: Wake,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    /// The other end has taken nothing for a whole [`PATIENCE`].
    is_stuck: bool,
    /// Nobody prints any more.
    is_closed: bool,
    /// The line's thread has ended.
    is_deaf: bool,
}

impl Backlog {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { state: Mutex::default(), taken: Condvar::new(), wake: Wake::new()? })
    }

    /// Says a byte.
    pub(super) fn push(&self, byte: u8) {
        let mut state = lock(&self.state);
        if state.bytes.len() >= MOST && !state.is_stuck {
            let is_full = |state: &mut State| state.bytes.len() >= MOST && !state.is_deaf;
            let waited = self.taken.wait_timeout_while(state, PATIENCE, is_full);
            let timeout;
            (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state.is_stuck = timeout.timed_out();
        }
        if state.bytes.len() < MOST && !state.is_deaf {
            state.bytes.push(byte);
            // The thread is awake until it has taken what was there before.
            if state.bytes.len() == 1 {
                self.wake.signal();
            }
        }
    }

    /// Takes everything that was said, in exchange for an empty vector; tells whether more may come.
    pub(super) fn take(&self, bytes: &mut Vec<u8>) -> bool {
        self.wake.take();
        let mut state = lock(&self.state);
        std::mem::swap(&mut state.bytes, bytes);
        state.is_stuck = false;
        self.taken.notify_all();
        !state.is_closed
    }

    /// Has the line's thread look around.
    pub(super) fn nudge(&self) {
        self.wake.signal();
    }

    /// Nobody prints any more: returns when the other end has taken everything, or shown for a whole [`PATIENCE`] that it
    /// does not.
    pub(super) fn close(&self) {
        let mut state = lock(&self.state);
        state.is_closed = true;
        self.wake.signal();
        drop(self.taken.wait_timeout_while(state, PATIENCE, |state| !state.is_deaf));
    }

    /// Nobody listens any more.
    pub(super) fn hang_up(&self) {
        let mut state = lock(&self.state);
        state.is_deaf = true;
        state.bytes = Vec::new();
        self.taken.notify_all();
    }
}

impl AsFd for Backlog {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn who_waits_for_room_loses_nothing() {
        let backlog = Backlog::new().unwrap();
        let count = 3 * MOST;
        let mut heard = Vec::new();
        thread::scope(|scope| {
            scope.spawn(|| (0..count).for_each(|number| backlog.push(number.to_le_bytes()[0])));
            let mut bytes = Vec::new();
            while heard.len() < count {
                bytes.clear();
                backlog.take(&mut bytes);
                heard.extend_from_slice(&bytes);
            }
        });
        assert!(heard.iter().enumerate().all(|(number, byte)| *byte == number.to_le_bytes()[0]));
    }

    #[test]
    fn an_end_that_takes_nothing_is_waited_for_once() {
        let backlog = Backlog::new().unwrap();
        (0..MOST).for_each(|_| backlog.push(b'a'));
        let start = std::time::Instant::now();
        (0..100).for_each(|_| backlog.push(b'b'));
        assert!(start.elapsed() < 50 * PATIENCE, "each byte has waited");
        let mut bytes = Vec::new();
        assert!(backlog.take(&mut bytes));
        assert_eq!(bytes, [b'a'; MOST]);
        backlog.push(b'c');
        bytes.clear();
        backlog.take(&mut bytes);
        assert_eq!(bytes, b"c", "it listens again");
    }

    #[test]
    fn the_end_of_the_line_is_waited_for() {
        let backlog = Backlog::new().unwrap();
        backlog.push(b'a');
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut bytes, mut heard) = (Vec::new(), Vec::new());
                while backlog.take(&mut bytes) {
                    heard.append(&mut bytes);
                    thread::yield_now();
                }
                heard.append(&mut bytes);
                backlog.hang_up();
                assert_eq!(heard, b"a");
            });
            backlog.close();
            assert!(lock(&backlog.state).is_deaf);
        });
        backlog.push(b'b');
        assert_eq!(lock(&backlog.state).bytes, b"");
    }
}
