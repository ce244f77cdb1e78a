//! Announcements: telling the network where the guest's card is, again and again for a while.

use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::time::Duration;

use qapi_schema::net::AnnounceParameters;
use rustix::io::{self, Errno};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use crate::header::HEADER_SIZE;
use crate::mac::MacAddress;

/// Bytes of the shortest frame.
const FRAME_SIZE: usize = 60;
/// Header and frame of an announcement.
pub(crate) type Announcement = [u8; HEADER_SIZE + FRAME_SIZE];

/// RARP: its EtherType; Ethernet, IPv4, the lengths of their addresses; "who am I?".
const REVERSE_ARP: [u8; 10] = [0x80, 0x35, 0, 1, 8, 0, 6, 4, 0, 3];

/// The message that has the card's address and asks for nothing: a question to everybody for one's own IP address, which
/// nobody answers who is not asked to.
pub(crate) fn announcement(mac: MacAddress) -> Announcement {
    let header = [0; HEADER_SIZE];
    let nothing = [0; 4];
    let parts = [&header[..], &[0xff; 6], &mac.0, &REVERSE_ARP, &mac.0, &nothing, &mac.0];
    let mut message = [0; HEADER_SIZE + FRAME_SIZE];
    message.iter_mut().zip(parts.concat()).for_each(|(place, byte)| *place = byte);
    message
}

/// Announcements that are under way.
#[derive(Debug)]
pub(crate) struct Announcer {
    timer: OwnedFd,
    left: u64,
    pause: Duration,
    step: Duration,
    longest: Duration,
}

impl Announcer {
    /// None are.
    pub(crate) fn new() -> io::Result<Self> {
        let none = Duration::ZERO;
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        Ok(Self {
            timer: timerfd_create(TimerfdClockId::Monotonic, flags)?,
            left: 0,
            pause: none,
            step: none,
            longest: none,
        })
    }

    /// Readable when it is time for the next one.
    pub(crate) fn timer_fd(&self) -> RawFd {
        self.timer.as_raw_fd()
    }

    /// Begins, and forgets what was under way. The first one is due at once: says whether there is one.
    pub(crate) fn begin(&mut self, wanted: &AnnounceParameters) -> bool {
        let milliseconds = |number: i64| Duration::from_millis(u64::try_from(number).unwrap_or(0));
        self.left = u64::try_from(wanted.rounds).unwrap_or(0);
        self.pause = milliseconds(wanted.initial);
        self.step = milliseconds(wanted.step);
        self.longest = milliseconds(wanted.max);
        self.next()
    }

    /// The timer may have gone off: says whether an announcement is due.
    pub(crate) fn timer_is_over(&mut self) -> bool {
        // There is nothing to read if others have begun after the timer was seen to be over.
        rustix::io::read(&self.timer, &mut [0; 8]).is_ok() && self.next()
    }

    /// Takes the next announcement, and sets the timer for the one after it.
    fn next(&mut self) -> bool {
        let due = self.left > 0;
        self.left = self.left.saturating_sub(1);
        // A failure ends the announcements, which is better than one without a pause.
        let set = if self.left > 0 {
            let pause = self.pause.min(self.longest).max(Duration::from_millis(1));
            self.pause = self.pause.saturating_add(self.step);
            self.set_timer(pause)
        } else {
            self.set_timer(Duration::ZERO)
        };
        if set.is_err() {
            self.left = 0;
        }
        due
    }

    /// Has the timer go off once after a pause, or not at all without one.
    fn set_timer(&self, pause: Duration) -> io::Result<()> {
        let it_value = Timespec::try_from(pause).map_err(|_| Errno::INVAL)?;
        let times = Itimerspec { it_interval: Timespec::default(), it_value };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &times)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::time::timerfd_gettime;

    fn wanted(rounds: i64, initial: i64, step: i64, max: i64) -> AnnounceParameters {
        AnnounceParameters { initial, max, rounds, step, interfaces: None, id: None }
    }

    /// Returns when the timer has gone off.
    fn wait(announcer: &Announcer) {
        poll(&mut [PollFd::new(&announcer.timer, PollFlags::IN)], None).unwrap();
    }

    fn is_armed(announcer: &Announcer) -> bool {
        let left = timerfd_gettime(&announcer.timer).unwrap().it_value;
        left != Timespec::default()
    }

    #[test]
    fn there_are_as_many_as_wanted() {
        let mut announcer = Announcer::new().unwrap();
        assert!(announcer.begin(&wanted(3, 1, 1, 2)));
        for _ in 1..3 {
            wait(&announcer);
            assert!(announcer.timer_is_over());
        }
        assert!(!is_armed(&announcer));
        assert!(!announcer.begin(&wanted(0, 1, 1, 1)), "none");
    }

    #[test]
    fn others_end_those_that_are_under_way_and_no_number_is_too_strange() {
        let mut announcer = Announcer::new().unwrap();
        assert!(announcer.begin(&wanted(i64::MAX, i64::MAX, i64::MAX, i64::MAX)));
        assert!(announcer.begin(&wanted(2, i64::MIN, -1, -5)));
        wait(&announcer);
        assert!(announcer.timer_is_over());
        assert!(!is_armed(&announcer));
    }

    #[test]
    fn a_timer_that_was_over_when_others_began_keeps_nobody_waiting() {
        let mut announcer = Announcer::new().unwrap();
        assert!(announcer.begin(&wanted(2, 1, 1, 1)));
        wait(&announcer);
        assert!(announcer.begin(&wanted(1, 1, 1, 1)), "the only one");
        assert!(!announcer.timer_is_over());
    }

    #[test]
    fn an_announcement_is_a_question_to_everybody() {
        let message = announcement(MacAddress([2, 0, 0, 0, 0, 9]));
        assert_eq!(message[..HEADER_SIZE], [0; HEADER_SIZE]);
        assert_eq!(message[12..24], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9]);
        assert_eq!(message[24..34], [0x80, 0x35, 0, 1, 8, 0, 6, 4, 0, 3]);
        assert_eq!(message[34..54], [2, 0, 0, 0, 0, 9, 0, 0, 0, 0, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0]);
        assert_eq!(message[54..], [0; 18]);
    }
}
