//! The QMP server: JSON in a stream of bytes, negotiation, requests and replies, out-of-band execution, events.
//!
//! A [`Server`] is put together from command tables that were generated from a schema, the machine that they
//! act on, and a hub of [`Events`]; [`Server::serve`] talks to one client over any pair of byte streams. The way
//! of a request: `json` finds the message, `envelope` reads its members, `dispatch` runs the command and writes
//! the reply, `outbox` brings it to the client; `connection` holds them together. Commands that have to know on which
//! connection they came run on what [`Handler::connect`] returns for it, and reach that one client through [`Client`].
//!
//! This crate must not know a machine, a device, or a socket: it is generic over what runs the commands, and
//! listening is the caller's. Read [`Server`] first.

mod client;
mod connection;
mod dispatch;
mod envelope;
mod events;
mod json;
mod layout;
mod limiter;
mod observer;
mod outbox;
mod server;
mod session;
mod terms;

pub use client::{Client, Handler, PerClient};
pub use events::Events;
pub use json::{JsonError, MessageReader};
pub use observer::Observer;
pub use outbox::Reception;
pub use server::{HumanMonitor, Server};
pub use terms::{Access, Terms};
