//! Any bytes as the file of a kernel.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::kernel(bytes));
