//! The virtio entropy device (virtio 1.3, 5.4): random bytes from the host.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves.
//!
//! Read [`Rng`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod device;
mod features;
mod options;
mod worker;

pub use device::Rng;
pub use features::{DEVICE_KIND, FEATURES};
pub use options::DEVICE_TYPE;
