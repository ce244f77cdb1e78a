//! What a driver can do with a device, whichever transport is in between.

use crate::queue::RingLayout;
use crate::transport::Transport;
use std::os::fd::RawFd;

/// A transport's registers by their meaning.
pub trait Registers {
    /// What the transport has besides.
    type Own;

    /// The transport.
    fn transport(&mut self) -> &mut Transport<Self::Own>;

    /// 32 of the features offered.
    fn offered_features(&mut self, select: u32) -> u32;

    /// Acknowledges 32 features.
    fn acknowledge_features(&mut self, select: u32, features: u32);

    /// The status register.
    fn status(&mut self) -> u8;

    /// Writes the status register.
    fn set_status(&mut self, status: u8);

    /// The largest size of a queue; zero if there is none of this number.
    fn queue_size_maximum(&mut self, index: u16) -> u16;

    /// Tells the device where a queue lies, and puts it to use.
    fn enable_queue(&mut self, index: u16, layout: &RingLayout);

    /// Tells the device to look at a queue.
    fn kick(&mut self, queue: u16);

    /// Reads the device's configuration space.
    fn read_configuration(&mut self, offset: u64, data: &mut [u8]);

    /// Writes the device's configuration space.
    fn write_configuration(&mut self, offset: u64, data: &[u8]);

    /// The events that turn readable when there is an interrupt.
    fn interrupt_events(&self) -> Vec<RawFd>;

    /// Acknowledges what there is, and returns it as an interrupt status.
    fn take_interrupt(&mut self) -> u8;
}
