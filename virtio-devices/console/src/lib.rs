//! The virtio console device (virtio 1.3, 5.3): ports between the guest and files or sockets of the
//! host.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Console`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod bus;
mod config;
mod control;
mod details;
mod device;
mod endpoint;
mod features;
mod host_end;
mod options;
mod port;
mod port_worker;
mod ports;
mod watch;
mod worker;

pub use config::ScreenSize;
pub use device::Console;
pub use endpoint::{Endpoint, Input, Output};
pub use features::{DEVICE_KIND, FEATURES};
pub use host_end::HostEnd;
pub use options::{CONSOLE_TYPE, DEVICE_TYPE, PORT_TYPE};
pub use port::Port;
