//! Faults of what stands behind a device, on a whole machine: a test a fault. Each says what the guest's driver gets, what
//! clients hear over QMP, what the statistics count, and that every request is answered exactly once, after recovery too.
//!
//! The table of all of them is `README.md` beside this; a test holds the two against each other. Read [`driven::Driven`] first.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod balloon;
mod console;
mod disk;
mod disk_errors;
mod driven;
mod files;
mod full_disk;
mod net;
mod rng;
mod table;
mod vhost_user;
mod vsock;
