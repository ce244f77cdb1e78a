// Written by `cargo xtask codegen` from `qapi-schema/schema/vhost-user.json`; change nothing here.

//! The Rust for `vhost-user.json`.

mod events;

pub use events::*;
