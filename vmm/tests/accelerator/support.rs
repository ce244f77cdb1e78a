//! What tests of the accelerators have in common.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use boot::{InitialState, MemoryLayout, Platform};
use virtio_core::driver::skipped;
use vm_memory::{GuestAddress, GuestMemoryMmap};
use vmm::accelerator::{self, Accelerator, Choice, GuestMemory};
use vmm::payload::Payload;

/// Memory for a guest, from address 0.
pub(crate) fn memory_of(size: usize) -> GuestMemory {
    Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), size)]).unwrap())
}

/// Memory enough for the built-in guest.
pub(crate) fn memory() -> GuestMemory {
    memory_of(16 << 20)
}

/// An accelerator of that kind for a machine of `cpus` vCPUs, and the machine's memory.
pub(crate) fn open(choice: Choice, cpus: u8) -> (Arc<dyn Accelerator>, GuestMemory) {
    let memory = memory();
    let (accelerator, _) = accelerator::open(choice, Arc::clone(&memory), cpus, &Payload::BuiltIn).unwrap();
    (accelerator, memory)
}

/// Puts the built-in guest into memory; where it begins.
pub(crate) fn load(memory: &GuestMemory) -> InitialState {
    Payload::BuiltIn.load(memory, &platform()).unwrap()
}

/// A machine of one vCPU without devices.
pub(crate) fn platform() -> Platform {
    let memory = MemoryLayout::new(16 << 20);
    Platform { vcpus: 1, memory, serial: false, mmio_devices: Vec::new(), pci: None }
}

/// Runs `test` with every accelerator that this host has; says why if one is left out.
pub(crate) fn each_accelerator(test: impl Fn(Choice)) {
    test(Choice::None);
    match accelerator::open(Choice::Kvm, memory(), 1, &Payload::BuiltIn) {
        Ok(_) => test(Choice::Kvm),
        Err(reason) => skipped(format_args!("under KVM: {reason}")),
    }
}

/// The ID string of a KVM statistics descriptor.
pub(crate) fn statistics_id(file: &File) -> String {
    let mut header = [0; 24];
    file.read_exact_at(&mut header, 0).unwrap();
    let word = |index: usize| u32::from_ne_bytes(header[index * 4..][..4].try_into().unwrap());
    let mut id = vec![0; word(1).try_into().unwrap()];
    file.read_exact_at(&mut id, word(3).into()).unwrap();
    String::from_utf8(id).unwrap().trim_end_matches('\0').to_owned()
}
