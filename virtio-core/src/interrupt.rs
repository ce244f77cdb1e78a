//! The device's way to get the driver's attention: interrupt status bits, and what carries them to the guest.

use crate::introspection::MessageSnapshot;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU8, Ordering};
use vmm_sys_util::eventfd::EventFd;

/// Interrupt status bit 0: the device has used a buffer (virtio 1.3, 4.1.4.5 and 4.2.2).
pub const USED_BUFFER: u8 = 1;
/// Interrupt status bit 1: the device's configuration or status has changed (virtio 1.3, 4.1.4.5 and 4.2.2).
pub const CONFIGURATION_CHANGE: u8 = 2;

/// Why the device interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It has used a buffer of the queue with this number.
    UsedBuffer(u16),
    /// Its configuration space or its status has changed.
    ConfigurationChange,
}

impl Cause {
    /// The interrupt status bit.
    pub(crate) fn status_bit(self) -> u8 {
        match self {
            Self::UsedBuffer(_) => USED_BUFFER,
            Self::ConfigurationChange => CONFIGURATION_CHANGE,
        }
    }
}

/// One device's interrupt: shared by the transport (which acknowledges) and the device's thread (which raises).
pub trait Interrupt: Debug + Send + Sync {
    /// Tells the driver.
    fn raise(&self, cause: Cause);

    /// The interrupt status. Reading it here changes nothing.
    fn status(&self) -> u8;

    /// The driver has handled these bits.
    fn acknowledge(&self, bits: u8);

    /// The driver has reset the device: everything is as before it came.
    fn reset(&self) {
        self.acknowledge(u8::MAX);
    }

    /// Which messages it sends; `None` if the transport has no messages.
    fn messages(&self) -> Option<MessageSnapshot> {
        None
    }
}

/// The interrupt of virtio-mmio: one line for everything, edge triggered.
#[derive(Debug)]
pub struct LineInterrupt {
    status: AtomicU8,
    line: EventFd,
}

impl LineInterrupt {
    /// An interrupt with no bit set. Writing to `line` raises it.
    pub fn new(line: EventFd) -> Self {
        Self { status: AtomicU8::new(0), line }
    }
}

impl Interrupt for LineInterrupt {
    fn raise(&self, cause: Cause) {
        self.status.fetch_or(cause.status_bit(), Ordering::AcqRel);
        // The only failure is a counter that is full, and then the line is raised already.
        let _ = self.line.write(1);
    }

    fn status(&self) -> u8 {
        self.status.load(Ordering::Acquire)
    }

    fn acknowledge(&self, bits: u8) {
        self.status.fetch_and(!bits, Ordering::AcqRel);
    }
}
