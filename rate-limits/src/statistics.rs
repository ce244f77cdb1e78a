//! How often and how long something had to wait.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};

use qapi_schema::runtime::Error;
use qapi_schema::stats::StatsUnit;
use stats::{Counter, Descriptor, Descriptors, Source};

/// Counted by all threads that limits hold back; nothing is written while none is.
#[derive(Debug, Default)]
pub struct HeldBack {
    waiting: AtomicU64,
    ever: Counter,
    /// In nanoseconds.
    time: Counter,
}

impl HeldBack {
    /// How many wait now.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Relaxed)
    }

    /// How many had to wait so far.
    pub fn ever(&self) -> u64 {
        self.ever.get()
    }

    /// For how many nanoseconds all together, those that wait now left out.
    pub fn nanoseconds(&self) -> u64 {
        self.time.get()
    }

    pub(crate) fn begin(&self) {
        self.waiting.fetch_add(1, Relaxed);
        self.ever.add_shared(1);
    }

    pub(crate) fn end(&self, nanoseconds: u64) {
        self.time.add_shared(nanoseconds);
        self.waiting.fetch_sub(1, Relaxed);
    }
}

impl Source for HeldBack {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let own = [self.waiting(), self.ever(), self.nanoseconds()];
        values.iter_mut().zip(own).for_each(|(value, own)| *value = own);
        Ok(())
    }
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    let time = Descriptor::cumulative(
        "held-back-time",
        "Time for which a limit has held them back, all together, those that wait now left out.",
    );
    Descriptors::new([
        Descriptor::instant(
            "held-back-now",
            "Requests of a disk (of other devices: queues) that a limit holds back.",
        ),
        Descriptor::cumulative(
            "held-back",
            "Requests of a disk (of other devices: how often a queue) that had to wait because of a limit.",
        ),
        time.unit(StatsUnit::Seconds).scale(10, -9),
    ])
});
