//! Whether a kick waits to be taken, without taking it.
#![allow(unsafe_code, reason = "an event file descriptor is borrowed by its number")]

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::os::fd::{AsRawFd, BorrowedFd};
use vmm_sys_util::eventfd::EventFd;

/// Whether the event has been written and not read since.
pub(super) fn is_pending(kick: &EventFd) -> bool {
    // SAFETY: `kick` keeps its descriptor open for as long as this function borrows it.
    let descriptor = unsafe { BorrowedFd::borrow_raw(kick.as_raw_fd()) };
    let mut descriptors = [PollFd::from_borrowed_fd(descriptor, PollFlags::IN)];
    matches!(poll(&mut descriptors, Some(&Timespec::default())), Ok(1..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vmm_sys_util::eventfd::EFD_NONBLOCK;

    #[test]
    fn looking_for_a_kick_leaves_it() {
        let kick = EventFd::new(EFD_NONBLOCK).unwrap();
        assert!(!is_pending(&kick));
        kick.write(1).unwrap();
        assert!(is_pending(&kick));
        assert!(is_pending(&kick));
        assert_eq!(kick.read().unwrap(), 1);
        assert!(!is_pending(&kick));
    }
}
