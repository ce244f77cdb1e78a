// Written by `cargo xtask codegen` from `qapi-schema/schema/device.json`; change nothing here.

//! The Rust for `device.json`.

mod commands;
pub mod requests;
mod events;

pub use commands::*;
pub use events::*;
