//! Announcements: telling the network where the guest's card is, again and again for a while.

use std::time::Duration;

use qapi_schema::net::AnnounceParameters;
use vmm_sys_util::errno;
use vmm_sys_util::timerfd::TimerFd;

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
    timer: TimerFd,
    left: u64,
    pause: Duration,
    step: Duration,
    longest: Duration,
}

impl Announcer {
    /// None are.
    pub(crate) fn new() -> Result<Self, errno::Error> {
        let none = Duration::ZERO;
        Ok(Self { timer: TimerFd::new()?, left: 0, pause: none, step: none, longest: none })
    }

    /// Readable when it is time for the next one.
    pub(crate) fn timer(&self) -> &TimerFd {
        &self.timer
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

    /// The timer has gone off: says whether an announcement is due.
    pub(crate) fn timer_is_over(&mut self) -> bool {
        // It is readable, and so this does not wait.
        self.timer.wait().is_ok() && self.next()
    }

    /// Takes the next announcement, and sets the timer for the one after it.
    fn next(&mut self) -> bool {
        let due = self.left > 0;
        self.left = self.left.saturating_sub(1);
        // A failure ends the announcements, which is better than one without a pause.
        let set = if self.left > 0 {
            let pause = self.pause.min(self.longest).max(Duration::from_millis(1));
            self.pause = self.pause.saturating_add(self.step);
            self.timer.reset(pause, None)
        } else {
            self.timer.clear()
        };
        if set.is_err() {
            self.left = 0;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(rounds: i64, initial: i64, step: i64, max: i64) -> AnnounceParameters {
        AnnounceParameters { initial, max, rounds, step, interfaces: None, id: None }
    }

    #[test]
    fn there_are_as_many_as_wanted() {
        let mut announcer = Announcer::new().unwrap();
        assert!(announcer.begin(&wanted(3, 1, 1, 2)));
        assert!(announcer.timer_is_over());
        assert!(announcer.timer_is_over());
        assert!(!announcer.timer.is_armed().unwrap());
        assert!(!announcer.begin(&wanted(0, 1, 1, 1)), "none");
    }

    #[test]
    fn others_end_those_that_are_under_way_and_no_number_is_too_strange() {
        let mut announcer = Announcer::new().unwrap();
        assert!(announcer.begin(&wanted(i64::MAX, i64::MAX, i64::MAX, i64::MAX)));
        assert!(announcer.begin(&wanted(2, i64::MIN, -1, -5)));
        assert!(announcer.timer_is_over());
        assert!(!announcer.timer.is_armed().unwrap());
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
