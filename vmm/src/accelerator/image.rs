//! The built-in guest as an image, built by `build.rs` from the crate `builtin-guest`.

use builtin_guest::layout::{IMAGE, IMAGE_SIZE, LEAST_MEMORY};
use vm_memory::{Bytes, GuestAddress, GuestMemoryBackend, GuestMemoryMmap};

use super::AcceleratorError;

/// Flat; its first byte is its first instruction.
pub(super) const BUILTIN_GUEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin-guest.bin"));

const _: () = assert!(BUILTIN_GUEST.len() as u64 <= IMAGE_SIZE);

/// Whether `memory` is all there where the built-in guest has its things.
pub(super) fn check_memory(memory: &GuestMemoryMmap) -> Result<(), AcceleratorError> {
    let size = usize::try_from(LEAST_MEMORY).unwrap_or(usize::MAX);
    let enough = memory.check_range(GuestAddress(0), size);
    if enough { Ok(()) } else { Err(AcceleratorError::MemoryTooSmall) }
}

/// Puts `program` where the guest begins.
pub(super) fn load(memory: &GuestMemoryMmap, program: &[u8]) -> Result<(), AcceleratorError> {
    memory.write_slice(program, GuestAddress(IMAGE)).map_err(|_| AcceleratorError::MemoryTooSmall)
}
