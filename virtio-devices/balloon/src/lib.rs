//! The virtio memory balloon device (virtio 1.3, 5.5): takes pages from the guest and gives them back to the
//! host.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Balloon`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod config;
mod details;
mod device;
mod features;
mod options;
mod pages;
mod state;
mod statistics;
mod target;
mod worker;

pub use device::{Balloon, Settings};
pub use features::{DEVICE_KIND, FEATURES};
pub use options::DEVICE_TYPE;
