// Written by `cargo xtask codegen` from `qapi-schema/schema/stats.json`; change nothing here.

//! The Rust for `stats.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
