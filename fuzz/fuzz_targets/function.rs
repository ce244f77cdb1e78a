//! Any accesses to a PCI function and writes to guest memory, with every query in between.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::function(bytes));
