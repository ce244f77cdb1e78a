//! Where a device stands in its machine, and its ways to the machine and to those who watch it.

use crate::introspection::DeviceView;
use qapi_schema::runtime::AnyEvent;
use std::fmt;
use std::sync::Arc;

/// What a device can ask of the machine around it. None of it waits for a thread that may wait for the device.
pub trait Surroundings: Send + Sync {
    /// Tells all clients of an event.
    fn tell(&self, event: &dyn AnyEvent);

    /// Has the machine stop soon, in state `io-error`, for people to put right what a device met.
    fn stop_for_error(&self);
}

/// A device's place. Copies of it are cheap, and workers take one along.
#[derive(Clone)]
pub struct DevicePlace {
    about: Arc<About>,
}

struct About {
    id: Option<String>,
    path: String,
    surroundings: Arc<dyn Surroundings>,
    view: Arc<DeviceView>,
}

impl DevicePlace {
    pub(crate) fn new(
        id: Option<String>,
        path: String,
        surroundings: Arc<dyn Surroundings>,
        view: Arc<DeviceView>,
    ) -> Self {
        Self { about: Arc::new(About { id, path, surroundings, view }) }
    }

    /// The id that the device was given, if it was given one.
    pub fn id(&self) -> Option<&str> {
        self.about.id.as_deref()
    }

    /// The path by which monitors name the device.
    pub fn path(&self) -> &str {
        &self.about.path
    }

    /// Tells all clients of an event. It never waits for a client.
    pub fn emit(&self, event: &dyn AnyEvent) {
        self.about.surroundings.tell(event);
    }

    /// Has the machine stop soon, in state `io-error`. Until it does, and after it goes on, the device works as before.
    pub fn stop_machine(&self) {
        self.about.surroundings.stop_for_error();
    }

    /// Tells the driver that the configuration space has changed, as [`WorkerContext::config_changed`] does, from
    /// any thread.
    ///
    /// [`WorkerContext::config_changed`]: crate::WorkerContext::config_changed
    pub fn configuration_changed(&self) {
        self.about.view.configuration_changed();
    }
}

impl fmt::Debug for DevicePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DevicePlace").field("path", &self.about.path).finish_non_exhaustive()
    }
}
