//! The crate from outside: images made here are loaded, and guest memory is read as a kernel would.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod acpi;
mod bzimage;
mod command_line;
mod elf;
mod hostile;
mod initrd;
mod long_mode;
mod pvh;
mod support;
