//! Devices whose back ends are here too: one made of the crate that others make theirs of, and one that says what a test
//! wants it to say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends where it fails")]

mod conversation;
mod data_path;
mod hostile;
mod in_flight;
mod looking;
mod reconnection;
mod support;
