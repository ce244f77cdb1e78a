//! What the device counts beyond what all devices do: how its back ends come and go.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};

use qapi_schema::runtime::Error;
use stats::{Counter, Descriptor, Descriptors, Source};

/// Counted by the device's thread, shown by monitors.
#[derive(Debug)]
pub(crate) struct Counters {
    /// There is a back end.
    pub(crate) connected: AtomicBool,
    /// Back ends that came after the first one and were of use.
    pub(crate) reconnections: Counter,
    /// Looks for a back end that found none of use.
    pub(crate) attempts_failed: Counter,
    /// Requests that the driver waited for when a back end took the place of one that had gone.
    pub(crate) handed_on: Counter,
}

impl Counters {
    /// Of a device that has met its first back end.
    pub(crate) fn new() -> Self {
        let (reconnections, attempts_failed, handed_on) = Default::default();
        Self { connected: AtomicBool::new(true), reconnections, attempts_failed, handed_on }
    }
}

impl Source for Counters {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let own = [
            self.connected.load(Relaxed).into(),
            self.reconnections.get(),
            self.attempts_failed.get(),
            self.handed_on.get(),
        ];
        values.iter_mut().zip(own).for_each(|(value, own)| *value = own);
        Ok(())
    }
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    Descriptors::new([
        Descriptor::instant("back-end-connected", "Whether there is a back end: 1 or 0."),
        Descriptor::cumulative("reconnections", "Back ends that have taken the place of one that had gone."),
        Descriptor::cumulative(
            "reconnections-failed",
            "Looks for a back end that found nobody, or one that could not take the place of the last one.",
        ),
        Descriptor::cumulative(
            "requests-handed-on",
            "Requests that the driver waited for when a back end took the place of one that had gone; of packed rings nobody knows.",
        ),
    ])
});
