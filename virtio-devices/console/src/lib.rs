//! The virtio console device (virtio 1.3, 5.3): port 0, between the guest and files of the host.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Console`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod config;
mod details;
mod device;
mod endpoint;
mod features;
mod options;
mod patience;
mod worker;

pub use config::ScreenSize;
pub use device::Console;
pub use endpoint::{Input, Output};
pub use features::{DEVICE_KIND, FEATURES};
pub use options::DEVICE_TYPE;
