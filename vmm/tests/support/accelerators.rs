//! The accelerators that this host has.

use std::sync::Arc;

use virtio_core::driver::skipped;
use vm_memory::{GuestAddress, GuestMemoryMmap};
use vmm::accelerator::{self, Choice};
use vmm::payload::Payload;

/// The values of `--accel` that work here; says loudly what is left out.
pub fn accelerators() -> Vec<&'static str> {
    let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 16 << 20)]).unwrap();
    match accelerator::open(Choice::Kvm, Arc::new(memory), 1, &Payload::BuiltIn) {
        Ok(_) => vec!["none", "kvm"],
        Err(reason) => {
            skipped(format_args!("under KVM: {reason}"));
            vec!["none"]
        }
    }
}
