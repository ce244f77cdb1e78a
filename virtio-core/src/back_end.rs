//! Devices whose queues another process works on.
//!
//! The transport makes neither a thread nor a [`Queue`](crate::Queue) for such a device: it tells the device's
//! [`BackEnd`] where the rings lie, and the device tells the driver through its [`DriverEnd`].

use crate::Activation;
use crate::device::DeviceError;
use crate::introspection::{DeviceFailure, DeviceView};
use crate::queue::RingLayout;
use std::sync::Arc;
use vmm_sys_util::eventfd::EventFd;

/// The part of a device that has others work on its queues. It is called from vCPU threads, one call at a time, and must
/// not keep them waiting for a process that does not answer.
///
/// A reset of the device, [`Device::reset`](crate::Device::reset), stops all queues.
pub trait BackEnd {
    /// The driver is ready (DRIVER_OK), and these queues are to be worked on. `driver` is the way to the driver from now on,
    /// until the device is reset.
    ///
    /// # Errors
    /// Whatever keeps the device from working for good; the driver then sees DEVICE_NEEDS_RESET.
    fn start(
        &mut self,
        activation: Activation,
        queues: Vec<BackEndQueue>,
        driver: DriverEnd,
    ) -> Result<(), DeviceError>;

    /// One more queue is to be worked on.
    fn start_queue(&mut self, queue: BackEndQueue);

    /// Returns when nobody works on the queue any more.
    fn stop_queue(&mut self, queue: u16);

    /// Returns when nobody works on any queue. It may be called before the driver is ready, too.
    fn pause(&mut self);

    /// The queues are worked on again, as they were before [`pause`](Self::pause).
    fn resume(&mut self);
}

/// A queue that somebody outside of this process works on.
#[derive(Debug)]
pub struct BackEndQueue {
    /// The queue's number in its device.
    pub index: u16,
    /// Where the ring lies; all of it is in guest memory, aligned as it has to be.
    pub layout: RingLayout,
    /// The event by which the driver kicks.
    pub kick: EventFd,
}

/// The way from a back end to the driver, and to monitors.
#[derive(Clone, Debug)]
pub struct DriverEnd {
    view: Arc<DeviceView>,
}

impl DriverEnd {
    pub(crate) fn new(view: Arc<DeviceView>) -> Self {
        Self { view }
    }

    /// Interrupts the driver: buffers of this queue have been used.
    pub fn used_buffer(&self, queue: u16) {
        self.view.used_buffer(queue);
    }

    /// The back end has given back so many more requests of this queue.
    pub fn count_requests(&self, queue: u16, more: u16) {
        if let Some(published) = self.view.published_queue(queue) {
            published.counters().requests.add(more.into());
        }
    }

    /// Tells the driver that the configuration space has changed. Whatever [`Device::read_config`] gives has to have
    /// changed before.
    ///
    /// [`Device::read_config`]: crate::Device::read_config
    pub fn config_changed(&self) {
        self.view.configuration_changed();
    }

    /// The device cannot go on until the driver resets it.
    pub fn fail(&self, error: DeviceError) {
        self.view.fail(DeviceFailure::BackEnd(error));
    }
}
