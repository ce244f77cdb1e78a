//! What the guest wants of the machine as a whole: asked for on vCPU threads, done by one thread.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Mutex;

use crate::accelerator::GuestEvent;
use crate::bus::lock;
use crate::wake::Wake;

/// At most one request waits: a guest that has asked for a reset does not know yet that it is about to come, and may ask
/// again in other ways.
#[derive(Debug)]
pub struct GuestRequest {
    pending: Mutex<Option<GuestEvent>>,
    wake: Wake,
}

impl GuestRequest {
    /// Nothing is asked for.
    ///
    /// # Errors
    /// The host has no event descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self { pending: Mutex::default(), wake: Wake::new()? })
    }

    /// Asks for something, unless something is asked for already.
    pub fn ask(&self, request: GuestEvent) {
        lock(&self.pending).get_or_insert(request);
        self.wake.signal();
    }

    /// What is asked for.
    pub fn pending(&self) -> Option<GuestEvent> {
        // Before the look: what is asked for after it makes this readable again.
        self.wake.take();
        lock(&self.pending).clone()
    }

    /// It is being done. To be called when no vCPU can ask for the same again.
    pub fn clear(&self) {
        *lock(&self.pending) = None;
    }
}

/// Readable when something is asked for.
impl AsFd for GuestRequest {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wake::wait_readable;

    #[test]
    fn the_first_request_stands_until_it_is_done() {
        let request = GuestRequest::new().unwrap();
        let is_readable = || wait_readable([request.as_fd()], Some(Duration::ZERO)).unwrap();
        assert_eq!((request.pending(), is_readable()), (None, [false]));
        request.ask(GuestEvent::Reset);
        request.ask(GuestEvent::PowerOff);
        assert_eq!(is_readable(), [true]);
        assert_eq!((request.pending(), is_readable()), (Some(GuestEvent::Reset), [false]));
        request.ask(GuestEvent::Reset);
        request.clear();
        assert_eq!((is_readable(), request.pending()), ([true], None), "it was the same request");
        request.ask(GuestEvent::PowerOff);
        assert_eq!(request.pending(), Some(GuestEvent::PowerOff));
    }
}
