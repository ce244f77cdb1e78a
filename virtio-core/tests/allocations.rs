//! In steady state a queue allocates nothing, however many chains go through it.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]
#![allow(unsafe_code, reason = "an allocator that counts has to be one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DriverQueue, guest_memory};

struct CountingAllocator;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: all is left to the system's allocator; the counter is no allocation.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the promises of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

#[test]
fn chains_are_recycled() {
    for form in RingForm::BOTH {
        let memory = guest_memory(0x1_0000);
        let mut driver = DriverQueue::with_form(&memory, form, 16, 0x1000);
        let mut device = driver.device_side(true, true).unwrap();
        let buffers =
            [Buffer::readable(0x8000, 16), Buffer::writable(0x9000, 512), Buffer::writable(0xa000, 1)];
        let mut allocations_of_round = || {
            driver.chain(&buffers);
            driver.indirect(0x7000, &buffers);
            driver.publish();
            let before = ALLOCATIONS.get();
            let first = device.queue.pop().unwrap().unwrap();
            let second = device.queue.pop().unwrap().unwrap();
            assert_eq!((first.readable_len(), second.writable_len()), (16, 513));
            device.queue.complete(second, 513).unwrap();
            device.queue.complete(first, 0).unwrap();
            device.queue.interrupt().unwrap();
            let allocations = ALLOCATIONS.get() - before;
            assert_eq!(driver.used().len(), 2);
            allocations
        };
        assert!(allocations_of_round() > 0, "the first chains need room");
        allocations_of_round();
        for _ in 0..1000 {
            assert_eq!(allocations_of_round(), 0);
        }
    }
}
