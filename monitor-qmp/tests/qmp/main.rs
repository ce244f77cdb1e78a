//! The server as clients meet it: bytes in, lines out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod arguments;
mod conversation;
mod envelope;
mod events;
mod framing;
mod machine;
mod negotiation;
mod observer;
mod out_of_band;
mod slow_clients;
mod terms;
