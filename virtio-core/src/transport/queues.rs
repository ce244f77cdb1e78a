//! The queue that the driver has selected: set up, put to use, stopped.

use super::queue_setup::{QueueRegister, QueueSetup, of_queue, ring_form};
use super::{Transport, status};
use crate::feature_map::RING_RESET;
use crate::introspection::{DeviceFailure, PublishedQueue};
use crate::queue::{Queue, RingError};
use std::sync::Arc;

impl<R> Transport<R> {
    /// Selects the queue that the others here are about.
    pub(crate) fn select_queue(&mut self, queue: u32) {
        self.queue_select = queue;
        self.view.set_queue_select(queue);
    }

    /// The choice of [`select_queue`](Self::select_queue).
    pub(crate) fn queue_select(&self) -> u32 {
        self.queue_select
    }

    /// How many queues the device has.
    pub(crate) fn queue_count(&self) -> u16 {
        u16::try_from(self.queues.len()).unwrap_or(u16::MAX)
    }

    /// Its number, if the device has such a queue.
    pub(crate) fn selected_queue_index(&self) -> Option<u16> {
        u16::try_from(self.queue_select).ok().filter(|index| usize::from(*index) < self.queues.len())
    }

    /// What the driver has said of it.
    pub(crate) fn selected_queue(&self) -> Option<&QueueSetup> {
        self.queues.get(usize::try_from(self.queue_select).ok()?)
    }

    /// A queue's ring can be described while the queue is not in use (4.2.2, table) and before the device starts.
    pub(crate) fn set_up_queue(&mut self, register: QueueRegister, value: u32) {
        // A queue in use is published by its worker's thread, and by nobody else.
        if !self.selected_queue().is_some_and(|queue| queue.ready) {
            self.change_queue(|setup| setup.write(register, value));
        }
    }

    /// Puts a queue to use, or stops it and waits until the device has let go of it. A device at work takes another queue
    /// only from a driver that can reset queues (2.6.1).
    pub(crate) fn set_queue_ready(&mut self, ready: bool) {
        let started = self.view.device_status() & status::DRIVER_OK != 0;
        if !ready {
            self.stop_queue();
        } else if started {
            return self.restart_queue();
        }
        self.change_queue(|setup| {
            setup.ready = ready;
            Ok(())
        });
    }

    /// The driver resets a queue: it is as before it was set up (2.6.1). Gives the queue's number; nothing happens unless
    /// that was negotiated.
    pub(crate) fn reset_queue(&mut self) -> Option<u16> {
        let index = self.selected_queue_index().filter(|_| self.can_reset_queues())?;
        self.stop_queue();
        if let Some(setup) = self.queues.get_mut(usize::from(index)) {
            *setup = QueueSetup::new(setup.maximum_size);
        }
        if let Some(published) = self.view.published_queue(index) {
            published.reset();
        }
        Some(index)
    }

    fn can_reset_queues(&self) -> bool {
        self.acknowledged_features & RING_RESET != 0
    }

    fn stop_queue(&mut self) {
        let Some(queue) = self.selected_queue_index() else { return };
        if let Some(runners) = &self.runners {
            runners.stop_queue(queue);
        }
        if let Some(back_end) = self.device.back_end() {
            back_end.stop_queue(queue);
        }
    }

    /// Gives the device at work a queue that it does not have.
    fn restart_queue(&mut self) {
        let Some(index) = self.selected_queue_index().filter(|_| self.can_reset_queues()) else { return };
        let Some(setup) = self.queues.get(usize::from(index)).filter(|setup| !setup.ready) else { return };
        let setup = QueueSetup { ready: true, ..*setup };
        if let Some(published) = self.view.published_queue(index) {
            published.reset();
        }
        match self.give_queue(index, &setup) {
            Ok(true) => {}
            Ok(false) => return,
            Err(failure) => return self.view.fail(failure),
        }
        if let Some(setup) = self.queues.get_mut(usize::from(index)) {
            setup.ready = true;
        }
    }

    /// Gives a queue to whoever is at work. False if nobody is.
    fn give_queue(&mut self, index: u16, setup: &QueueSetup) -> Result<bool, DeviceFailure> {
        if self.runners.is_none() {
            return self.restart_back_end_queue(index, setup);
        }
        let queue = self.make_queue(index, setup)?;
        if let Some(runners) = &self.runners {
            runners.start_queue(queue);
        }
        Ok(true)
    }

    /// Changes the selected queue's registers and publishes them.
    fn change_queue(&mut self, change: impl FnOnce(&mut QueueSetup) -> Result<(), RingError>) {
        let Ok(index) = u16::try_from(self.queue_select) else { return };
        let form = ring_form(self.acknowledged_features);
        let Some(setup) = self.queues.get_mut(usize::from(index)) else { return };
        setup.layout.form = form;
        let changed = change(setup).map_err(of_queue(index));
        if let Some(published) = self.view.published_queue(index) {
            published.publish_layout(&setup.layout, setup.ready);
        }
        if let Err(error) = changed {
            self.view.fail(error.into());
        }
    }

    /// The queue that the device's thread works with.
    pub(super) fn make_queue(&self, index: u16, setup: &QueueSetup) -> Result<Queue, DeviceFailure> {
        let configuration = setup.configuration(index, self.acknowledged_features, self.stage_clocks);
        let published = match self.view.published_queue(index) {
            Some(published) => Arc::clone(published),
            None => Arc::new(PublishedQueue::new(index, setup.maximum_size)),
        };
        // The driver may have described the ring before it chose the form.
        published.publish_layout(&configuration.layout, setup.ready);
        let interrupt = Arc::clone(self.view.interrupt());
        Ok(Queue::new(&configuration, Arc::clone(&self.memory), published, interrupt)?)
    }
}
