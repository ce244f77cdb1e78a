//! Ringscope's contract: the QAPI schema in `schema/` and the Rust generated from it.
//!
//! Everything under [`generated`] is written by `cargo xtask codegen`. This crate knows nothing of machines, devices
//! or monitors; it needs serde and serde_json only. Read `generated::virtio` first.

pub mod generated;

pub use generated::*;
