//! What the fuzz targets do with their bytes. Each target is a function here; the programs under `fuzz_targets` hand it
//! to libFuzzer.
//!
//! The bytes are a little program: numbers that a target takes one after the other, and that read as zero when there are
//! no more. What must hold is asserted; that nothing hangs and nothing grows, libFuzzer's own limits watch.

mod device;
mod function;
mod input;
mod introspection;
mod kernel;
mod kvm_statistics;
mod looking;
mod qmp;
mod registers;
mod ring;

pub use function::function;
pub use introspection::introspection;
pub use kernel::kernel;
pub use kvm_statistics::kvm_statistics;
pub use qmp::qmp;
pub use registers::registers;
pub use ring::ring;

/// Bytes of guest memory: small, so that addresses often hit something.
const MEMORY: usize = 0x1_0000;
