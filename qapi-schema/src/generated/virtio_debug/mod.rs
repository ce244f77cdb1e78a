// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio-debug.json`; change nothing here.

//! The Rust for `virtio-debug.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
