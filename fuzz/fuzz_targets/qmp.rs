//! Any bytes in place of what a QMP client sends.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::qmp(bytes));
