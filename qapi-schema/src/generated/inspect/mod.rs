// Written by `cargo xtask codegen` from `qapi-schema/schema/inspect.json`; change nothing here.

//! The Rust for `inspect.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
