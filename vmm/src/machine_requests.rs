//! What guest and devices want of the machine as a whole: asked for on their threads, done by one thread.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::accelerator::GuestEvent;
use crate::bus::lock;
use crate::wake::Wake;

/// At most one request of the guest waits: a guest that has asked for a reset does not know yet that it is about to come,
/// and may ask again in other ways.
#[derive(Debug)]
pub struct MachineRequests {
    /// What the guest wants, or what has become of it.
    guest: Mutex<Option<GuestEvent>>,
    /// A device has met an error that people are to put right while the guest waits.
    stop_for_error: AtomicBool,
    wake: Wake,
}

impl MachineRequests {
    /// Nothing is asked for.
    ///
    /// # Errors
    /// The host has no event descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self { guest: Mutex::default(), stop_for_error: AtomicBool::new(false), wake: Wake::new()? })
    }

    /// The guest asks for something; what it asked for before stands.
    pub fn ask(&self, request: GuestEvent) {
        lock(&self.guest).get_or_insert(request);
        self.wake.signal();
    }

    /// A device asks for the machine to stop.
    pub fn stop_for_error(&self) {
        self.stop_for_error.store(true, Ordering::Release);
        self.wake.signal();
    }

    /// To be called before looking at what is asked for: what comes after the look makes this readable again.
    pub fn begin_look(&self) {
        self.wake.take();
    }

    /// What the guest asks for; it stands until [`MachineRequests::clear`].
    pub fn of_guest(&self) -> Option<GuestEvent> {
        lock(&self.guest).clone()
    }

    /// Whether a device has asked for a stop since the last time. To be called while nobody else can stop the machine or let
    /// it go on: a stop that is taken before one and made after it would be for an error that is over.
    pub fn take_stop_for_error(&self) -> bool {
        self.stop_for_error.swap(false, Ordering::AcqRel)
    }

    /// The guest's request is being done. To be called when no vCPU can ask for the same again.
    pub fn clear(&self) {
        *lock(&self.guest) = None;
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

    fn is_readable(requests: &MachineRequests) -> bool {
        wait_readable([requests.as_fd()], Some(Duration::ZERO)).unwrap() == [true]
    }

    /// As the thread that does what is asked for.
    fn look(requests: &MachineRequests) -> (Option<GuestEvent>, bool) {
        requests.begin_look();
        let wanted = (requests.of_guest(), requests.take_stop_for_error());
        assert!(!is_readable(requests));
        wanted
    }

    #[test]
    fn the_first_request_stands_until_it_is_done() {
        let requests = MachineRequests::new().unwrap();
        assert!(!is_readable(&requests));
        requests.ask(GuestEvent::Reset);
        requests.ask(GuestEvent::PowerOff);
        assert!(is_readable(&requests));
        assert_eq!(look(&requests), (Some(GuestEvent::Reset), false));
        requests.ask(GuestEvent::Reset);
        requests.clear();
        assert!(is_readable(&requests));
        assert_eq!(look(&requests), (None, false), "it was the same request");
        requests.ask(GuestEvent::PowerOff);
        assert_eq!(look(&requests), (Some(GuestEvent::PowerOff), false));
    }

    #[test]
    fn a_stop_is_told_of_once_and_hides_no_request_of_the_guest() {
        let requests = MachineRequests::new().unwrap();
        requests.stop_for_error();
        requests.ask(GuestEvent::Reset);
        assert!(is_readable(&requests));
        assert_eq!(look(&requests), (Some(GuestEvent::Reset), true));
        assert_eq!(look(&requests), (Some(GuestEvent::Reset), false));
    }
}
