//! The virtio network device (virtio 1.3, 5.1): pairs of queues at a tap interface of the host or at a loop, with
//! offloads, a receive filter and a control queue.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Net`] first, the half that the transport asks; then `card.rs`, what the halves share; then `worker.rs`, the half
//! on the threads of the queues, and from there `receive.rs`, `transmit.rs` and `control.rs`.

mod announce;
mod card;
mod config;
mod control;
mod details;
mod device;
mod features;
mod filter;
mod gate;
mod header;
mod link;
mod mac;
mod offloads;
mod options;
mod receive;
mod role;
mod room;
mod tap;
mod transmit;
mod vectors;
mod wires;
mod worker;

pub use device::Net;
pub use features::{DEVICE_KIND, FEATURES};
pub use link::Link;
pub use mac::MacAddress;
pub use options::DEVICE_TYPE;
pub use tap::{TapError, open_tap};
pub use wires::{open_loopback, open_sockets};
