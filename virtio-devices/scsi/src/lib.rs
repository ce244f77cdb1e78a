//! The virtio SCSI host (virtio 1.3, 5.6): a bus of targets, and the disks on it, which can come and go while the machine
//! runs.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and everything
//! that monitors show of it comes from the feature map and `details.rs`.
//!
//! Read [`Scsi`] first, the half that the transport asks; then `target/`, which answers SCSI commands and knows no virtio;
//! then `worker.rs`, which brings the two together.

mod config;
mod details;
mod device;
mod features;
mod options;
mod worker;

mod address;
mod answering;
mod bus;
mod control;
mod control_worker;
mod disk;
mod events;
mod host;
mod lanes;
mod management;
mod request;
mod role;
mod scratch;
mod target;
mod tasks;
mod units;

pub use device::Scsi;
pub use features::{DEVICE_KIND, FEATURES};
pub use options::{DEVICE_TYPE, DISK_TYPE};

#[cfg(test)]
mod fault_tests;
