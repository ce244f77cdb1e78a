//! Statistics: who has them, what they mean, and how they are asked for.
//!
//! Whatever counts something implements [`Source`] and is added to the [`Registry`] as an [`Object`]; a
//! [`Descriptors`] table tells what its values mean. The registry answers the queries of the monitors and lets
//! anyone else read the same through [`Registry::visit`]: [`openmetrics`] writes it for Prometheus, [`Changes`] tells
//! what is new. [`Kvm`] makes sources of the kernel's binary statistics files; what a new kernel adds is passed on with its own description: no list of known names stands in this code.
//!
//! ```
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//! use std::sync::{Arc, LazyLock};
//!
//! use qapi_schema::runtime::Error;
//! use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};
//! use qapi_schema::stats::StatsUnit;
//! use stats::{Descriptor, Descriptors, Object, Registry, Source};
//!
//! static MEANING: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
//!     Descriptors::new([
//!         Descriptor::cumulative("requests", "requests that were answered"),
//!         Descriptor::cumulative("bytes-read", "what the device has read").unit(StatsUnit::Bytes),
//!         Descriptor::log2_histogram("latency", 32, "how long answers take").unit(StatsUnit::Seconds).scale(10, -9),
//!     ])
//! });
//!
//! struct Counters([AtomicU64; 34]);
//!
//! impl Source for Counters {
//!     fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
//!         Ok(&MEANING)
//!     }
//!
//!     fn read(&self, values: &mut [u64]) -> Result<(), Error> {
//!         for (value, counter) in values.iter_mut().zip(&self.0) {
//!             *value = counter.load(Relaxed);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let registry = Registry::new();
//! let counters = Arc::new(Counters([const { AtomicU64::new(0) }; 34]));
//! let disk = Object::new(StatisticsProvider::Virtio, StatisticsTarget::Queue).path("/machine/disk0").queue(0);
//! let registration = registry.add(disk, counters.clone());
//! counters.0[1].fetch_add(512, Relaxed);
//!
//! let everything = StatisticsFilter { targets: None, providers: None, paths: None, names: None };
//! let mut bytes = 0;
//! registry.visit(&everything, |view| {
//!     for statistic in view.statistics().filter(|statistic| statistic.descriptor.name == "bytes-read") {
//!         bytes += statistic.values[0];
//!     }
//! })?;
//! assert_eq!(bytes, 512);
//! drop(registration); // The device is gone, and with it its statistics.
//! # Ok::<(), Error>(())
//! ```
//!
//! This crate must not know the machine: statistics files come from outside, objects are named by their paths
//! only. Read [`Source`] first, then [`Registry`].

mod changes;
mod counter;
mod descriptor;
mod descriptors;
mod histogram;
mod joined;
mod kvm;
mod object;
pub mod openmetrics;
mod registry;
mod reply;
mod scratch;
#[cfg(test)]
mod test_source;
mod wanted;

pub use changes::Changes;
pub use counter::Counter;
pub use descriptor::Descriptor;
pub use descriptors::Descriptors;
pub use histogram::Log2Histogram;
pub use joined::Joined;
pub use kvm::{Kvm, KvmStatsError};
pub use object::{Object, Source, Statistic, View};
pub use registry::{Registration, Registry};
pub use reply::now;
