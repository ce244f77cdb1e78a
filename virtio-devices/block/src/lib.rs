//! The virtio block device (virtio 1.3, 5.2): the driver's way to an image of the crate `storage`.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Block`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod config;
mod details;
mod device;
mod features;
mod options;
mod request;
mod role;
mod shared;
mod worker;

pub use device::Block;
pub use features::{DEVICE_KIND, FEATURES};
pub use options::{BlockSettings, DEVICE_TYPE};
