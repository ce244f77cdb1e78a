//! The virtio socket device (virtio 1.3, 5.10): streams between programs in the guest and programs on the host, where they
//! end at unix sockets.
//!
//! A program of the host connects to the device's socket at PATH, writes `CONNECT PORT` and a newline, and reads `OK` and
//! a port of the host: from then on it talks to whoever listens at PORT in the guest. A program of the guest that connects
//! to port N of the host talks to whoever listens at the unix socket `PATH_N`.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Vsock`] first, the half that the transport asks; then `worker.rs`, the half on the device's own thread,
//! `switchboard.rs`, which knows all connections, and `connection.rs`, which is one.

mod config;
mod connection;
mod counters;
mod details;
mod device;
mod features;
mod greeting;
mod options;
mod packet;
mod switchboard;
mod worker;

pub use config::GuestCid;
pub use device::Vsock;
pub use features::{DEVICE_KIND, FEATURES};
pub use options::DEVICE_TYPE;
