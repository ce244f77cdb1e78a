//! See Cargo.toml's description.
pub mod accelerator;
