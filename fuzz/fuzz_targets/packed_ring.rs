//! A packed ring with any content, and a device that works on it.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| virtio_fuzz::ring(virtio_core::RingForm::Packed, bytes));
