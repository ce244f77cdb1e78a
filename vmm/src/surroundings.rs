//! The machine as its devices know it.

use std::sync::Arc;

use monitor_qmp::Events;
use qapi_schema::runtime::AnyEvent;
use virtio_core::Surroundings;

use crate::machine_requests::MachineRequests;

/// A device's way out: to QMP's clients, and to the thread that does what is wanted of the machine.
pub struct DeviceSurroundings {
    events: Arc<Events>,
    requests: Arc<MachineRequests>,
}

impl DeviceSurroundings {
    /// For devices whose events go to `events`.
    pub fn new(events: Arc<Events>, requests: Arc<MachineRequests>) -> Self {
        Self { events, requests }
    }
}

impl Surroundings for DeviceSurroundings {
    fn tell(&self, event: &dyn AnyEvent) {
        self.events.emit(event);
    }

    fn stop_for_error(&self) {
        self.requests.stop_for_error();
    }
}
