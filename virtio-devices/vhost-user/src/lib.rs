//! Virtio devices of any kind whose queues another process works on, a vhost-user back end: it gets the guest's memory, the
//! rings and their events, and from then on this process has no part in a request but its interrupt.
//!
//! It knows no kind of device, neither the transport nor the monitors nor the machine: whoever builds a device says of which
//! kind it is.
//!
//! Read [`VhostUser`] first, the half that the transport asks; then `worker.rs`, the thread that keeps the back end at
//! work: `connection.rs` is how it comes to one, `rings.rs` how the queues go over to it and come back.
//!
//! # When the back end goes away
//!
//! The device stays: requests wait in its rings until a back end can be reached again at the same socket, offers the
//! features that the driver has agreed to, and gets memory and rings anew. What becomes of the requests that the old one
//! had depends on what the two have agreed on:
//!
//! * With `VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD` the old one has noted them in memory that the new one is given: none is lost. One
//!   that was done but not yet given back is done again.
//! * Without, on split rings, the new one begins with the request whose number is the used index: as many are left out
//!   as were given back. None is lost if the back end gives requests back in the order in which it gets them; with one
//!   that does not, those that were overtaken are lost, and the driver waits for them.
//! * Without, on packed rings, nobody knows where the old one was: the device needs a reset, and the driver is told so.
//!
//! # Why the messages are sent here
//!
//! The crate `vhost` defines them. Its own front end waits for answers without end, so that a back end that is silent would
//! stop the machine; and it has room for half of a packed ring's position only. `socket.rs` is what it does, with deadlines.

mod connection;
mod counters;
mod device;
mod error;
mod features;
mod in_flight;
mod messages;
mod options;
mod published;
mod requests;
mod rings;
mod socket;
mod worker;

pub use device::VhostUser;
pub use error::VhostUserError;
pub use options::{KnownKind, NAME, OPTIONS, SUMMARY, build};
