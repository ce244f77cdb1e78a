//! Every kind of device of the virtio specification: what both generations of commands call it and its features, and
//! what every command and screen shows of it.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod bare_device;
mod decoding;
mod screens;
mod specification;
#[path = "../support/mod.rs"]
mod support;
