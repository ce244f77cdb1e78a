//! Waking a thread that waits: a descriptor that turns readable and stays so.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;

/// Readable from [`Wake::signal`] on, for everybody who waits, until somebody calls [`Wake::take`].
#[derive(Debug)]
pub struct Wake(OwnedFd);

impl Wake {
    /// Not signalled yet.
    ///
    /// # Errors
    /// The host has no descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    /// Makes it readable. Safe to be called from a signal handler.
    pub fn signal(&self) {
        // It fails only if 2^64-2 signals were not read: then it is readable already.
        let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
    }

    /// Makes it unreadable until the next signal.
    pub fn take(&self) {
        // It fails only if there was no signal.
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }
}

impl AsFd for Wake {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Waits until at least one of the descriptors can be read (or has hung up), or the time is over; tells which.
///
/// # Errors
/// The host's own; being interrupted by a signal is none.
pub fn wait_readable<const N: usize>(
    descriptors: [BorrowedFd<'_>; N],
    timeout: Option<Duration>,
) -> io::Result<[bool; N]> {
    let mut polled = descriptors.map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
    let timeout = timeout.and_then(|time| Timespec::try_from(time).ok());
    loop {
        match poll(&mut polled, timeout.as_ref()) {
            Ok(_) => return Ok(polled.map(|descriptor| !descriptor.revents().is_empty())),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_readable_for_everybody() {
        let (quiet, signalled) = (Wake::new().unwrap(), Wake::new().unwrap());
        let look = || wait_readable([quiet.as_fd(), signalled.as_fd()], Some(Duration::ZERO)).unwrap();
        assert_eq!(look(), [false, false]);
        signalled.signal();
        signalled.signal();
        assert_eq!(look(), [false, true]);
        assert_eq!(look(), [false, true]);
        signalled.take();
        assert_eq!(look(), [false, false]);
        signalled.signal();
        assert_eq!(look(), [false, true]);
    }
}
