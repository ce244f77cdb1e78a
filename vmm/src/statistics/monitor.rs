//! Monitors: who is there, and what is asked of them.

use std::io::{self, Read, Write};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::allocator::give_memory_back;
use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsUnit;
use stats::{Counter, Descriptor, Descriptors, Log2Histogram, Object, Registry, Source};

/// Buckets of the histogram of times: the last one holds a second and more.
const TIME_BUCKETS: u16 = 32;

/// What happens at one place where a monitor is served. Each of its clients has threads of its own, and all count here.
#[derive(Debug, Default)]
pub struct MonitorCounters {
    came: Counter,
    left: Counter,
    commands: Counter,
    errors: Counter,
    bytes_in: Counter,
    bytes_out: Counter,
    times: Log2Histogram<{ TIME_BUCKETS as usize }>,
}

impl MonitorCounters {
    /// Counters for the monitor at `address`, which stay in `registry` for as long as the machine exists.
    pub fn new(registry: &Registry, address: &str) -> Arc<Self> {
        let counters = Arc::new(Self::default());
        let object = Object::new(StatisticsProvider::Monitor, StatisticsTarget::Monitor).name(address);
        registry.add(object, Arc::clone(&counters) as Arc<dyn Source>).keep();
        counters
    }

    /// A client is there, until what this returns is dropped.
    pub fn client(&self) -> Client<'_> {
        self.came.add_shared(1);
        Client(self)
    }

    fn command(&self, took: Duration, failed: bool) {
        self.commands.add_shared(1);
        self.errors.add_shared(failed.into());
        self.times.record_shared(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// What reads from a client, counted.
    pub fn reader<R: Read>(self: &Arc<Self>, inner: R) -> Counted<R> {
        Counted { inner, counters: Arc::clone(self) }
    }

    /// What writes to a client, counted.
    pub fn writer<W: Write>(self: &Arc<Self>, inner: W) -> Counted<W> {
        Counted { inner, counters: Arc::clone(self) }
    }
}

impl monitor_qmp::Observer for MonitorCounters {
    fn answered(&self, took: Duration, failed: bool) {
        self.command(took, failed);
    }

    fn large_message_done(&self) {
        give_memory_back();
    }
}

impl monitor_hmp::Observer for MonitorCounters {
    fn ran(&self, took: Duration, failed: bool) {
        self.command(took, failed);
    }
}

/// A client that is there.
#[must_use = "the client is gone when this is dropped"]
#[derive(Debug)]
pub struct Client<'a>(&'a MonitorCounters);

impl Drop for Client<'_> {
    fn drop(&mut self) {
        self.0.left.add_shared(1);
    }
}

/// A stream whose bytes are counted.
#[derive(Debug)]
pub struct Counted<S> {
    inner: S,
    counters: Arc<MonitorCounters>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.counters.bytes_in.add_shared(u64::try_from(length).unwrap_or(0));
        Ok(length)
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.counters.bytes_out.add_shared(u64::try_from(length).unwrap_or(0));
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Source for MonitorCounters {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        // Nobody has left who has not come.
        let left = self.left.get();
        let came = self.came.get();
        let plain = [
            came.saturating_sub(left),
            came,
            self.commands.get(),
            self.errors.get(),
            self.bytes_in.get(),
            self.bytes_out.get(),
        ];
        let all = plain.into_iter().chain(self.times.buckets()).chain([self.times.sum()]);
        values.iter_mut().zip(all).for_each(|(value, own)| *value = own);
        Ok(())
    }
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    let bytes = |name, description| Descriptor::cumulative(name, description).unit(StatsUnit::Bytes);
    Descriptors::new([
        Descriptor::instant("clients", "Clients that are connected."),
        Descriptor::cumulative("connections", "Clients that have ever been connected."),
        Descriptor::cumulative("commands", "Commands that clients have sent."),
        Descriptor::cumulative("errors", "Commands that could not be run, and input that was no command."),
        bytes("bytes-in", "Bytes read from clients."),
        bytes("bytes-out", "Bytes sent to clients."),
        Descriptor::log2_histogram(
            "command-time",
            TIME_BUCKETS,
            "Commands by the time that it took to run them.",
        )
        .unit(StatsUnit::Seconds)
        .scale(10, -9),
        Descriptor::cumulative("command-time-sum", "Time to run commands, of all together.")
            .unit(StatsUnit::Seconds)
            .scale(10, -9),
    ])
});

#[cfg(test)]
mod tests {
    use super::*;

    fn values(counters: &MonitorCounters) -> Vec<u64> {
        let mut values = vec![u64::MAX; DESCRIPTORS.value_count()];
        counters.read(&mut values).unwrap();
        values
    }

    #[test]
    fn clients_commands_and_bytes_are_counted() {
        let counters = Arc::new(MonitorCounters::default());
        let first = counters.client();
        let second = counters.client();
        drop(first);
        counters.command(Duration::from_nanos(5), false);
        counters.command(Duration::from_nanos(6), true);
        let mut text = String::new();
        counters.reader(&b"twelve bytes"[..]).read_to_string(&mut text).unwrap();
        let mut sink = counters.writer(io::sink());
        sink.write_all(b"answer").and_then(|()| sink.flush()).unwrap();
        let values = values(&counters);
        assert_eq!(values[..6], [1, 2, 2, 1, 12, 6]);
        assert_eq!(values[6..][3], 2, "both took from 4 to below 8 ns");
        assert_eq!(values.last(), Some(&11));
        drop(second);
    }
}
