// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio.json`; change nothing here.

//! The Rust for `virtio.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
