//! The built-in guest as an image, built by `build.rs` from the crate `builtin-guest`.

use boot::InitialState;
use builtin_guest::layout::{IMAGE, IMAGE_SIZE, LEAST_MEMORY};
use vm_memory::{Bytes, GuestAddress, GuestMemoryBackend, GuestMemoryMmap};

use super::PayloadError;

/// Flat; its first byte is its first instruction.
pub(super) const BUILTIN_GUEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin-guest.bin"));

const _: () = assert!(BUILTIN_GUEST.len() as u64 <= IMAGE_SIZE);

/// Whether `memory` is all there where the built-in guest has its things.
pub(crate) fn fits(memory: &GuestMemoryMmap) -> bool {
    let size = usize::try_from(LEAST_MEMORY).unwrap_or(usize::MAX);
    memory.check_range(GuestAddress(0), size)
}

/// Puts `program` where the built-in guest begins.
pub(crate) fn load(memory: &GuestMemoryMmap, program: &[u8]) -> Result<InitialState, PayloadError> {
    if !fits(memory) {
        return Err(PayloadError::MemoryTooSmall);
    }
    memory.write_slice(program, GuestAddress(IMAGE)).map_err(|_| PayloadError::MemoryTooSmall)?;
    Ok(boot::enter_long_mode(memory, IMAGE)?)
}
