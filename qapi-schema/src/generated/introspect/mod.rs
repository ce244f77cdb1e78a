// Written by `cargo xtask codegen` from `qapi-schema/schema/introspect.json`; change nothing here.

//! The Rust for `introspect.json`.

mod types;

pub use types::*;
