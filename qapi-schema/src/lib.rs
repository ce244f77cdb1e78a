//! Ringscope's contract: the QAPI schema in `schema/` and the Rust generated from it.
//!
//! Everything under [`generated`] is written by `cargo xtask codegen`. This crate knows nothing of machines, devices
//! or monitors; it needs serde and serde_json only. Read `generated::virtio` first.

// The generator lays the code out; rustfmt would undo that.
#[rustfmt::skip]
pub mod generated;

pub use generated::*;
