// Written by `cargo xtask codegen` from `qapi-schema/schema/machine.json`; change nothing here.

//! The Rust for `machine.json`.

mod types;
mod commands;
pub mod requests;
mod events;

pub use types::*;
pub use commands::*;
pub use events::*;
