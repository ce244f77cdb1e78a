//! Any writes to a device's registers and to guest memory, with every query in between.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::registers(bytes));
