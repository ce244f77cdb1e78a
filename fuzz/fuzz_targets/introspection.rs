//! Queries over any guest memory and any state of a queue.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::introspection(bytes));
