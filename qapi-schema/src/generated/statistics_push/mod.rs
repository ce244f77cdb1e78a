// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics-push.json`; change nothing here.

//! The Rust for `statistics-push.json`.

mod types;
mod commands;
pub mod requests;
mod events;

pub use types::*;
pub use commands::*;
pub use events::*;
