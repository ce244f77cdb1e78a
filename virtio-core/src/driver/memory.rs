//! Guest memory for tests.

use crate::GuestMemory;
use std::sync::Arc;
use vm_memory::{GuestAddress, GuestMemoryMmap};

/// `size` bytes of zeroed guest memory from address 0 on.
///
/// # Panics
/// If the host has no memory.
pub fn guest_memory(size: usize) -> GuestMemory {
    let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), size)]);
    Arc::new(memory.expect("the host maps memory for the test"))
}
