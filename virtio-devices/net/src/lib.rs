//! The virtio network device (virtio 1.3, 5.1): one pair of queues at a tap interface of the host or at a
//! loop.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Net`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod config;
mod details;
mod device;
mod features;
mod link;
mod loopback;
mod mac;
mod options;
mod tap;
mod worker;

pub use device::Net;
pub use features::{DEVICE_KIND, FEATURES};
pub use link::Link;
pub use loopback::open as open_loopback;
pub use mac::MacAddress;
pub use options::DEVICE_TYPE;
pub use tap::{TapError, open as open_tap};
