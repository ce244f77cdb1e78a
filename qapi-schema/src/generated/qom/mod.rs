// Written by `cargo xtask codegen` from `qapi-schema/schema/qom.json`; change nothing here.

//! The Rust for `qom.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
