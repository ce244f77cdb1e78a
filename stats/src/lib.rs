//! Statistics: who offers them, how they are asked for, and the reader of KVM's own.
//!
//! [`Registry`] answers `query-stats` and `query-stats-schemas` from whatever [`Provider`]s were registered;
//! [`Kvm`] is the provider that reads the kernel's binary statistics files. What a new kernel adds is passed
//! on with its own description: no list of known names stands in this code.
//!
//! This crate must not know the machine: descriptors of statistics files come from outside, objects are named
//! by their paths only. Read [`Registry`] first.

mod counter;
mod histogram;
mod kvm;
mod registry;
mod selection;

pub use counter::Counter;
pub use histogram::Log2Histogram;
pub use kvm::{Kvm, KvmStatsError};
pub use registry::{Provider, Registry};
pub use selection::Selection;
