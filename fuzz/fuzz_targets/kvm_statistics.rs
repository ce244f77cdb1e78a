//! Any file in place of a statistics file of KVM.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::kvm_statistics(bytes));
