// Written by `cargo xtask codegen` from `qapi-schema/schema/block.json`; change nothing here.

//! The Rust for `block.json`.

mod types;
mod commands;
pub mod requests;
mod events;

pub use types::*;
pub use commands::*;
pub use events::*;
