//! What guest and devices want of the machine as a whole: asked for on their threads, done by one thread.

use std::io;
use std::mem;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Mutex;

use crate::accelerator::GuestEvent;
use crate::bus::lock;
use crate::wake::Wake;

/// What is wanted now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What the guest wants, or what has become of it. It stands until [`MachineRequests::clear`].
    pub guest: Option<GuestEvent>,
    /// A device has met an error that people are to put right while the guest waits.
    pub stop_for_error: bool,
}

/// At most one request of the guest waits: a guest that has asked for a reset does not know yet that it is about to come,
/// and may ask again in other ways.
#[derive(Debug)]
pub struct MachineRequests {
    wanted: Mutex<Wanted>,
    wake: Wake,
}

impl MachineRequests {
    /// Nothing is asked for.
    ///
    /// # Errors
    /// The host has no event descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self { wanted: Mutex::default(), wake: Wake::new()? })
    }

    /// The guest asks for something; what it asked for before stands.
    pub fn ask(&self, request: GuestEvent) {
        lock(&self.wanted).guest.get_or_insert(request);
        self.wake.signal();
    }

    /// A device asks for the machine to stop.
    pub fn stop_for_error(&self) {
        lock(&self.wanted).stop_for_error = true;
        self.wake.signal();
    }

    /// What is asked for. A stop is told of once.
    pub fn wanted(&self) -> Wanted {
        // Before the look: what is asked for after it makes this readable again.
        self.wake.take();
        let mut wanted = lock(&self.wanted);
        Wanted { guest: wanted.guest.clone(), stop_for_error: mem::take(&mut wanted.stop_for_error) }
    }

    /// The guest's request is being done. To be called when no vCPU can ask for the same again.
    pub fn clear(&self) {
        lock(&self.wanted).guest = None;
    }
}

/// Readable when something is asked for.
impl AsFd for MachineRequests {
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
        let request = MachineRequests::new().unwrap();
        let is_readable = || wait_readable([request.as_fd()], Some(Duration::ZERO)).unwrap();
        assert_eq!((request.wanted().guest, is_readable()), (None, [false]));
        request.ask(GuestEvent::Reset);
        request.ask(GuestEvent::PowerOff);
        assert_eq!(is_readable(), [true]);
        assert_eq!((request.wanted().guest, is_readable()), (Some(GuestEvent::Reset), [false]));
        request.ask(GuestEvent::Reset);
        request.clear();
        assert_eq!((is_readable(), request.wanted().guest), ([true], None), "it was the same request");
        request.ask(GuestEvent::PowerOff);
        assert_eq!(request.wanted().guest, Some(GuestEvent::PowerOff));
    }

    #[test]
    fn a_stop_is_told_of_once_and_hides_no_request_of_the_guest() {
        let request = MachineRequests::new().unwrap();
        request.stop_for_error();
        request.ask(GuestEvent::Reset);
        let both = Wanted { guest: Some(GuestEvent::Reset), stop_for_error: true };
        assert_eq!(request.wanted(), both);
        assert_eq!(request.wanted(), Wanted { stop_for_error: false, ..both });
    }
}
