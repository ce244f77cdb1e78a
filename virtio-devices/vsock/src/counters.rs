//! What the device counts beyond what all devices do.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};

use qapi_schema::runtime::Error;
use stats::{Counter, Descriptor, Descriptors, Source};

/// Counted by the device's thread, shown by monitors.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Connections that there are.
    pub(crate) connections: AtomicU64,
    /// Connections that the host has asked for.
    pub(crate) from_host: Counter,
    /// Connections that the guest has asked for, and got.
    pub(crate) from_guest: Counter,
    /// Connections that the guest has asked for in vain.
    pub(crate) refused: Counter,
    /// Packets of the guest that were answered with a reset.
    pub(crate) resets: Counter,
}

impl Source for Counters {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let own = [
            self.connections.load(Relaxed),
            self.from_host.get(),
            self.from_guest.get(),
            self.refused.get(),
            self.resets.get(),
        ];
        values.iter_mut().zip(own).for_each(|(value, own)| *value = own);
        Ok(())
    }
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    Descriptors::new([
        Descriptor::instant("connections", "Connections between guest and host."),
        Descriptor::cumulative(
            "connections-from-host",
            "Connections that programs of the host have asked for.",
        ),
        Descriptor::cumulative("connections-from-guest", "Connections that programs of the guest have made."),
        Descriptor::cumulative(
            "connections-refused",
            "Connections of the guest that nobody on the host took.",
        ),
        Descriptor::cumulative(
            "resets",
            "Packets of the guest that belonged to no connection or broke the rules.",
        ),
    ])
});
