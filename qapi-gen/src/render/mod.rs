//! Diagnostics as text.

mod human;
mod json;
mod qemu;

pub use human::human;
pub use json::json;
pub use qemu::qemu;

pub use crate::loader::reason;
