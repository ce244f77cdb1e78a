// Written by `cargo xtask codegen` from `qapi-schema/schema/control.json`; change nothing here.

//! The Rust for `control.json`.

mod types;
mod commands;
pub mod requests;

pub use types::*;
pub use commands::*;
