//! From ACKNOWLEDGE to DRIVER_OK and back (virtio 1.3, 3.1): features, status, start and reset.

use super::queue_setup::QueueSetup;
use super::{Transport, status};
use crate::device::Activation;
use crate::feature_map::VERSION_1;
use crate::introspection::DeviceFailure;
use crate::runner::{Common, Runners};
use std::sync::Arc;

impl<R> Transport<R> {
    /// Chooses which 32 of the offered features [`device_features`](Self::device_features) gives.
    pub(crate) fn select_device_features(&mut self, select: u32) {
        self.device_features_select = select;
        self.view.set_feature_selects(select, self.driver_features_select);
    }

    /// Chooses which 32 features [`acknowledge_features`](Self::acknowledge_features) is about.
    pub(crate) fn select_driver_features(&mut self, select: u32) {
        self.driver_features_select = select;
        self.view.set_feature_selects(self.device_features_select, select);
    }

    /// The chosen 32 of the offered features.
    pub(crate) fn device_features(&self) -> u32 {
        feature_word(self.view.offered_features(), self.device_features_select)
    }

    /// The chosen 32 of the acknowledged features.
    pub(crate) fn driver_features(&self) -> u32 {
        feature_word(self.acknowledged_features, self.driver_features_select)
    }

    /// The choice of [`select_device_features`](Self::select_device_features).
    pub(crate) fn device_features_select(&self) -> u32 {
        self.device_features_select
    }

    /// The choice of [`select_driver_features`](Self::select_driver_features).
    pub(crate) fn driver_features_select(&self) -> u32 {
        self.driver_features_select
    }

    /// The driver wants these of the chosen 32 features. They are open to change until FEATURES_OK (3.1.1).
    pub(crate) fn acknowledge_features(&mut self, value: u32) {
        if self.view.device_status() & status::FEATURES_OK != 0 {
            return;
        }
        let Some(shift) = word_shift(self.driver_features_select) else { return };
        let others = self.acknowledged_features & !(0xffff_ffff << shift);
        self.acknowledged_features = others | u128::from(value) << shift;
        self.view.set_acknowledged_features(self.acknowledged_features);
    }

    /// The driver writes the status register: zero resets the device.
    pub(crate) fn set_status(&mut self, value: u8) {
        if value == 0 {
            return self.reset();
        }
        let current = self.view.device_status();
        let transition = status::transition(current, value, self.are_features_agreed());
        self.view.set_status_bits(transition.added);
        if transition.starts {
            let started = match self.device.back_end() {
                Some(_) => self.start_back_end(),
                None => self.start().map(|runners| self.runners = Some(runners)),
            };
            if let Err(failure) = started {
                self.view.fail(failure);
            }
        }
    }

    /// Whether the device can work with what the driver has acknowledged.
    fn are_features_agreed(&self) -> bool {
        let unoffered = self.acknowledged_features & !self.view.offered_features();
        unoffered == 0 && self.acknowledged_features & VERSION_1 != 0
    }

    fn start(&mut self) -> Result<Runners, DeviceFailure> {
        let mut queues = Vec::new();
        for (index, setup) in (0..).zip(&self.queues) {
            queues.push(if setup.ready { Some(self.make_queue(index, setup)?) } else { None });
        }
        let activation =
            Activation { features: self.acknowledged_features, memory: Arc::clone(&self.memory) };
        let workers = self.device.start(activation).map_err(DeviceFailure::Start)?;
        let common = Common {
            name: &self.name,
            memory: &self.memory,
            view: &self.view,
            kicks: &self.kicks,
            paused: self.paused,
        };
        Runners::start(workers, queues, &common)
    }

    /// Everything as it was before the driver came (2.4). Returns when the device has let go of guest memory.
    pub fn reset(&mut self) {
        self.runners = None;
        self.device.reset();
        for queue in &mut self.queues {
            *queue = QueueSetup::new(queue.maximum_size);
        }
        self.device_features_select = 0;
        self.driver_features_select = 0;
        self.queue_select = 0;
        self.acknowledged_features = 0;
        self.view.reset();
        self.publish_configuration();
    }
}

/// The 32 feature bits that a selector register stands for; none beyond those that there are.
fn feature_word(features: u128, select: u32) -> u32 {
    let word = word_shift(select).map_or(0, |shift| features >> shift & 0xffff_ffff);
    u32::try_from(word).unwrap_or(0)
}

/// Where the word of feature bits with this number begins, if there is one.
fn word_shift(select: u32) -> Option<u32> {
    select.checked_mul(u32::BITS).filter(|shift| *shift < u128::BITS)
}
