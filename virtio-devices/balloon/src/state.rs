//! What the halves of the device and monitors share: all of it in atomics, so that looking at it holds nobody up.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use stats::Counter;
use virtio_core::DevicePlace;

use crate::pages::PAGE_SIZE;
use crate::statistics::GuestStatistics;

/// The state of a balloon.
#[derive(Debug)]
pub(crate) struct BalloonState {
    requested_pages: AtomicU32,
    given_up_pages: AtomicU32,
    pub(crate) poison: AtomicU32,
    pub(crate) memory_size: AtomicU64,
    pub(crate) statistics: GuestStatistics,
    /// Bytes that the inflate queue has brought the host.
    pub(crate) released: Counter,
    /// Bytes that reports have brought it.
    pub(crate) reported: Counter,
    interval: AtomicU32,
    /// Fires when the guest is to be asked for statistics.
    timer: OwnedFd,
    /// Where the device is, once it has been told.
    pub(crate) place: OnceLock<DevicePlace>,
}

impl BalloonState {
    /// A balloon that asks for `target` pages, and every `interval` seconds for statistics; for none if that is 0.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub(crate) fn new(target: u32, interval: u32) -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let state = Self {
            requested_pages: AtomicU32::new(target),
            given_up_pages: AtomicU32::new(0),
            poison: AtomicU32::new(0),
            memory_size: AtomicU64::new(0),
            statistics: GuestStatistics::default(),
            released: Counter::default(),
            reported: Counter::default(),
            interval: AtomicU32::new(0),
            timer: timerfd_create(TimerfdClockId::Monotonic, flags)?,
            place: OnceLock::new(),
        };
        state.set_interval(interval)?;
        Ok(state)
    }

    /// Pages that the guest is asked to give up.
    pub(crate) fn requested_pages(&self) -> u32 {
        self.requested_pages.load(Relaxed)
    }

    /// Asks for another number of pages; the driver hears of it.
    pub(crate) fn request_pages(&self, pages: u32) {
        self.requested_pages.store(pages, Relaxed);
        if let Some(place) = self.place.get() {
            place.configuration_changed();
        }
    }

    /// Pages that the guest says it has given up.
    pub(crate) fn given_up_pages(&self) -> u32 {
        self.given_up_pages.load(Relaxed)
    }

    /// Takes the guest's word for it; gives the memory that it has left, in bytes, if that is news.
    pub(crate) fn set_given_up_pages(&self, pages: u32) -> Option<u64> {
        let before = self.given_up_pages.swap(pages, Relaxed);
        (before != pages).then(|| self.memory_size.load(Relaxed).saturating_sub(u64::from(pages) * PAGE_SIZE))
    }

    /// Seconds between two requests for statistics; 0 if there are none.
    pub(crate) fn interval(&self) -> u32 {
        self.interval.load(Relaxed)
    }

    /// Asks for statistics every so many seconds from now on; never if that is 0.
    ///
    /// # Errors
    /// The host refuses.
    pub(crate) fn set_interval(&self, seconds: u32) -> io::Result<()> {
        let period = Timespec { tv_sec: seconds.into(), tv_nsec: 0 };
        let times = Itimerspec { it_interval: period, it_value: period };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &times)?;
        self.interval.store(seconds, Relaxed);
        Ok(())
    }

    /// Turns readable when it is time to ask for statistics.
    pub(crate) fn timer_fd(&self) -> RawFd {
        self.timer.as_raw_fd()
    }

    /// Whether it is time to ask for statistics; only the first to ask is told so.
    pub(crate) fn take_tick(&self) -> bool {
        let mut count = [0; 8];
        !matches!(rustix::io::read(self.timer.as_fd(), &mut count), Err(Errno::AGAIN))
    }
}
