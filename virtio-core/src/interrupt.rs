//! The device's way to get the driver's attention: interrupt status bits and the line.

use std::sync::atomic::{AtomicU8, Ordering};
use vmm_sys_util::eventfd::EventFd;

/// InterruptStatus bit 0: the device has used a buffer (virtio 1.3, 4.2.2).
pub const USED_BUFFER: u8 = 1;
/// InterruptStatus bit 1: the device's configuration or status has changed (virtio 1.3, 4.2.2).
pub const CONFIGURATION_CHANGE: u8 = 2;

/// One device's interrupt: shared by the transport (which acknowledges) and the device's thread (which raises).
#[derive(Debug)]
pub struct Interrupt {
    status: AtomicU8,
    line: EventFd,
}

impl Interrupt {
    /// An interrupt with no bit set. Writing to `line` raises it.
    pub fn new(line: EventFd) -> Self {
        Self { status: AtomicU8::new(0), line }
    }

    /// Tells the driver that the device has used a buffer.
    pub fn used_buffer(&self) {
        self.raise(USED_BUFFER);
    }

    /// Tells the driver to look at the configuration space and the status register.
    pub fn configuration_change(&self) {
        self.raise(CONFIGURATION_CHANGE);
    }

    /// The InterruptStatus register. Reading it changes nothing.
    pub fn status(&self) -> u8 {
        self.status.load(Ordering::Acquire)
    }

    /// The driver has handled these bits (InterruptACK).
    pub fn acknowledge(&self, bits: u8) {
        self.status.fetch_and(!bits, Ordering::AcqRel);
    }

    fn raise(&self, bit: u8) {
        self.status.fetch_or(bit, Ordering::AcqRel);
        // The only failure is a counter that is full, and then the line is raised already.
        let _ = self.line.write(1);
    }
}
