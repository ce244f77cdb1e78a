// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics.json`; change nothing here.

//! The Rust for `statistics.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
