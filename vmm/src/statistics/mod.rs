//! What the machine counts for itself, beside what its devices and the kernel count.

mod monitor;
mod process;
mod vcpu;

pub use monitor::MonitorCounters;
pub(crate) use process::add_process;
pub(crate) use vcpu::add_vcpus;
