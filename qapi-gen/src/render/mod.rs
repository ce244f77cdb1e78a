//! Diagnostics as text.

mod qemu;

pub use qemu::qemu;
