//! Output that may be stuck: a terminal that was stopped, a pipe that nobody reads.
//!
//! Whoever writes there blocks, and with it everybody who waits for the device to pause. So a writer waits
//! for room first, and not for long.

use std::fs::File;
use std::io::{self, ErrorKind, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;

/// Bytes written at a time: a pipe that has room at all has room for as many.
pub(crate) const PART: usize = 4096;
/// How long output may be stuck before it is lost: time enough for a reader that is merely slow.
const LONGEST_WAIT: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// The waiting that is left for one turn of the queue.
#[derive(Debug)]
pub(crate) struct Patience {
    wait: Timespec,
}

impl Default for Patience {
    fn default() -> Self {
        Self { wait: LONGEST_WAIT }
    }
}

impl Patience {
    /// No waiting at all.
    pub(crate) fn none() -> Self {
        Self { wait: Timespec::default() }
    }

    /// Writes up to [`PART`] bytes as soon as there is room. Once there was none in time, nothing is waited
    /// for again.
    pub(crate) fn write(&mut self, output: &mut File, text: &[u8]) -> io::Result<()> {
        let mut events = [PollFd::new(&*output, PollFlags::OUT)];
        if retry_on_intr(|| poll(&mut events, Some(&self.wait)))? == 0 {
            *self = Self::none();
            return Err(ErrorKind::TimedOut.into());
        }
        output.write_all(text)
    }
}
