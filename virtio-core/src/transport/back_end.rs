//! The transport of a device whose queues another process works on.

use super::queue_setup::{QueueSetup, of_queue};
use super::{Transport, status};
use crate::Activation;
use crate::back_end::{BackEndQueue, DriverEnd};
use crate::introspection::DeviceFailure;
use crate::queue::check::check_layout;
use std::sync::Arc;

impl<R> Transport<R> {
    /// The driver is ready: the back end gets all queues that the driver uses.
    pub(super) fn start_back_end(&mut self) -> Result<(), DeviceFailure> {
        let ready = (0..).zip(&self.queues).filter(|(_, setup)| setup.ready);
        let queues: Result<Vec<_>, _> =
            ready.map(|(index, setup)| self.back_end_queue(index, setup)).collect();
        let queues = queues?;
        let activation =
            Activation { features: self.acknowledged_features, memory: Arc::clone(&self.memory) };
        let driver = DriverEnd::new(Arc::clone(&self.view));
        match self.device.back_end() {
            Some(back_end) => back_end.start(activation, queues, driver).map_err(DeviceFailure::Start),
            None => Ok(()),
        }
    }

    /// Gives the back end at work a queue that it does not have. False if there is no back end at work.
    pub(super) fn restart_back_end_queue(
        &mut self,
        index: u16,
        setup: &QueueSetup,
    ) -> Result<bool, DeviceFailure> {
        if self.device.back_end().is_none() || self.view.device_status() & status::DRIVER_OK == 0 {
            return Ok(false);
        }
        let queue = self.back_end_queue(index, setup)?;
        if let Some(back_end) = self.device.back_end() {
            back_end.start_queue(queue);
        }
        Ok(true)
    }

    /// What the back end is to know of a queue. Nobody else checks the ring, which monitors are going to read.
    fn back_end_queue(&self, index: u16, setup: &QueueSetup) -> Result<BackEndQueue, DeviceFailure> {
        let layout = setup.configuration(index, self.acknowledged_features, self.stage_clocks).layout;
        check_layout(&self.memory, layout, setup.maximum_size).map_err(of_queue(index))?;
        if let Some(published) = self.view.published_queue(index) {
            published.publish_layout(&layout, true);
        }
        let clone_kick = |error| DeviceFailure::Thread { what: "be given its kick event", error };
        let kick = self.kicks.get(usize::from(index)).map(|kick| kick.try_clone().map_err(clone_kick));
        match kick.transpose()? {
            Some(kick) => Ok(BackEndQueue { index, layout, kick }),
            None => Err(clone_kick(std::io::ErrorKind::NotFound.into())),
        }
    }
}
