//! What wakes a thread that holds something back.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;
/// What is over by now.
const AT_ONCE: u64 = 1;

/// The clock of all limits: nanoseconds since some time in the past.
pub(crate) fn now() -> u64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Monotonic);
    let (seconds, part) = (u64::try_from(tv_sec).unwrap_or(0), u64::try_from(tv_nsec).unwrap_or(0));
    seconds.saturating_mul(SECOND).saturating_add(part)
}

/// A thread's alarm. It is set, put off and rung under the lock of the limits.
#[derive(Debug)]
pub(crate) struct Alarm {
    timer: OwnedFd,
    /// When it goes off; 0 if it does not.
    due: AtomicU64,
}

impl Alarm {
    pub(crate) fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        Ok(Self { timer: timerfd_create(TimerfdClockId::Monotonic, flags)?, due: AtomicU64::new(0) })
    }

    /// Readable when it has gone off.
    pub(crate) fn as_raw_fd(&self) -> RawFd {
        self.timer.as_fd().as_raw_fd()
    }

    pub(crate) fn is_set(&self) -> bool {
        self.due.load(Relaxed) != 0
    }

    /// It is to go off at this time, or before if it was set so.
    pub(crate) fn set(&self, time: u64) {
        let time = time.max(AT_ONCE);
        let due = self.due.load(Relaxed);
        if due == 0 || time < due {
            self.due.store(time, Relaxed);
            self.arm(time);
        }
    }

    /// It goes off now if somebody waits for it.
    pub(crate) fn ring(&self) {
        if self.is_set() {
            self.set(AT_ONCE);
        }
    }

    /// It does not go off, and is not readable any more.
    pub(crate) fn put_off(&self) {
        self.due.store(0, Relaxed);
        self.arm(0);
    }

    fn arm(&self, time: u64) {
        let part = |part: u64| i64::try_from(part).unwrap_or(i64::MAX);
        let value = Timespec { tv_sec: part(time / SECOND), tv_nsec: part(time % SECOND) };
        let never = Timespec { tv_sec: 0, tv_nsec: 0 };
        let times = Itimerspec { it_interval: never, it_value: value };
        // It could fail only for a time that is none.
        let _ = timerfd_settime(&self.timer, TimerfdTimerFlags::ABSTIME, &times);
    }
}
