// Written by `cargo xtask codegen` from `qapi-schema/schema/rate-limits.json`; change nothing here.

//! The Rust for `rate-limits.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
