//! Packed rings that break the rules: each is refused with an error that says why, and nothing is taken.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use proptest::prelude::*;
use virtio_core::driver::{DeviceSide, DriverQueue, RawDescriptor, guest_memory};
use virtio_core::introspection::element;
use virtio_core::queue::{QueueConfiguration, RingLayout};
use virtio_core::{RingError, RingForm};
use vm_memory::{Bytes, GuestAddress};

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;
/// As the driver offers a descriptor in the first round.
const AVAILABLE: u16 = 0x80;

const RING: u64 = 0x1000;
const TABLE: u64 = 0x8000;
const DATA: u64 = 0x9000;
const MEMORY: usize = 0x1_0000;
const SIZE: u16 = 8;

fn ring() -> (DriverQueue, DeviceSide) {
    let driver = DriverQueue::with_form(&guest_memory(MEMORY), RingForm::Packed, SIZE, RING);
    let device = driver.device_side(true, true).unwrap();
    (driver, device)
}

fn raw(address: u64, length: u32, flags: u16) -> RawDescriptor {
    RawDescriptor { address, length, flags: flags | AVAILABLE, next: 77 }
}

/// The error for a ring whose first descriptors are these.
fn error_of(descriptors: &[RawDescriptor]) -> RingError {
    let (driver, mut device) = ring();
    for (slot, descriptor) in (0..).zip(descriptors) {
        driver.set_descriptor(slot, *descriptor);
    }
    let error = device.queue.pop().unwrap_err();
    let indices = device.published.snapshot().indices;
    assert_eq!((indices.last_available, indices.in_flight), (0, 0), "nothing was taken");
    assert!(device.published.in_flight().is_empty());
    error.error
}

#[test]
fn a_chain_longer_than_the_ring() {
    let all = [raw(DATA, 1, NEXT); 8];
    assert_eq!(error_of(&all), RingError::LoopOrTooLong { head: 0, limit: 8 });
}

#[test]
fn more_descriptors_than_the_ring_has() {
    let (driver, mut device) = ring();
    driver.set_descriptor(0, raw(DATA, 1, 0));
    let first = device.queue.pop().unwrap().unwrap();
    assert_eq!(first.head(), 77);
    // The rest of the ring and, once more, the slot of the chain that is still in flight.
    (1..8).for_each(|slot| driver.set_descriptor(slot, raw(DATA, 1, NEXT)));
    driver.set_descriptor(0, raw(DATA, 1, 0));
    let error = device.queue.pop().unwrap_err().error;
    assert_eq!(error, RingError::TooManyDescriptors { slot: 1, slots: 8, in_flight: 1, size: 8 });
    assert_eq!(
        error.to_string(),
        "8 descriptors at slot 1 are available with 1 in flight, more than the queue size 8"
    );
}

#[test]
fn buffers_outside_of_memory_and_in_the_wrong_order() {
    let outside = RingError::AddressNotInMemory { address: 0xffff, length: 2 };
    assert_eq!(error_of(&[raw(0xffff, 2, 0)]), outside);
    let overflow = RingError::AddressOverflow { address: u64::MAX, length: 2 };
    assert_eq!(error_of(&[raw(u64::MAX, 2, 0)]), overflow);
    let order = [raw(DATA, 1, NEXT | WRITE), raw(DATA, 1, 0)];
    assert_eq!(error_of(&order), RingError::ReadableAfterWritable { head: 0, index: 1 });
}

#[test]
fn indirect_tables() {
    for length in [0, 15, 17] {
        assert_eq!(error_of(&[raw(TABLE, length, INDIRECT)]), RingError::IndirectLength { length });
    }
    let too_long = RingError::LoopOrTooLong { head: 0, limit: 1024 };
    let (driver, mut device) = {
        let driver = DriverQueue::with_form(&guest_memory(1 << 20), RingForm::Packed, SIZE, RING);
        let device = driver.device_side(true, true).unwrap();
        (driver, device)
    };
    driver.set_descriptor(0, raw(TABLE, 1025 * 16, INDIRECT));
    assert_eq!(device.queue.pop().unwrap_err().error, too_long);
    let with_next = RingError::IndirectWithNext { index: 0 };
    assert_eq!(error_of(&[raw(TABLE, 16, INDIRECT | NEXT), raw(DATA, 1, 0)]), with_next);
    let outside = RingError::AddressNotInMemory { address: 0xfff0, length: 32 };
    assert_eq!(error_of(&[raw(0xfff0, 32, INDIRECT)]), outside);

    let driver = DriverQueue::with_form(&guest_memory(MEMORY), RingForm::Packed, SIZE, RING);
    let mut device = driver.device_side(false, true).unwrap();
    driver.set_descriptor(0, raw(TABLE, 16, INDIRECT));
    assert_eq!(device.queue.pop().unwrap_err().error, RingError::IndirectNotNegotiated { index: 0 });
}

/// In a table only WRITE counts: NEXT and INDIRECT there mean nothing (2.8.7).
#[test]
fn flags_in_an_indirect_table_mean_nothing() {
    let (driver, mut device) = ring();
    driver.set_descriptor(0, raw(TABLE, 48, INDIRECT | WRITE));
    let flags = [NEXT, INDIRECT, WRITE | 0x8000];
    for (index, flags) in (0..).zip(flags) {
        driver.write_descriptor(TABLE, index, RawDescriptor { address: DATA, length: 4, flags, next: 0 });
    }
    let chain = device.queue.pop().unwrap().unwrap();
    assert_eq!((chain.head(), chain.readable_len(), chain.writable_len()), (77, 8, 4));
    device.queue.complete(chain, 4).unwrap();
}

#[test]
fn rings_that_cannot_be() {
    let (_, device) = ring();
    let (published, interrupt) = (device.published, device.interrupt);
    let error = |size, descriptor_area, driver_area, device_area| {
        let form = RingForm::Packed;
        let layout = RingLayout { form, size, descriptor_area, driver_area, device_area };
        let configuration = QueueConfiguration {
            index: 3,
            maximum_size: 256,
            layout,
            indirect_descriptors: true,
            stage_clocks: true,
            event_index: true,
        };
        let (published, interrupt) = (published.clone(), interrupt.clone());
        let queue = virtio_core::Queue::new(&configuration, guest_memory(MEMORY), published, interrupt);
        queue.unwrap_err().to_string()
    };
    insta::assert_snapshot!(error(0, RING, TABLE, DATA), @"queue 3: packed queue size 0 is not 1 to 256");
    insta::assert_snapshot!(error(257, RING, TABLE, DATA), @"queue 3: packed queue size 257 is not 1 to 256");
    insta::assert_snapshot!(error(3, RING + 8, TABLE, DATA), @"queue 3: descriptor ring at 0x1008 is not aligned to 16 bytes");
    insta::assert_snapshot!(error(3, RING, TABLE + 2, DATA), @"queue 3: driver event suppression at 0x8002 is not aligned to 4 bytes");
    insta::assert_snapshot!(error(3, RING, TABLE, 0x1_0000), @"queue 3: 4 bytes at 0x10000 are not all in guest memory");
    insta::assert_snapshot!(error(3, 0xfff0, TABLE, DATA), @"queue 3: 48 bytes at 0xfff0 are not all in guest memory");
}

fn descriptor() -> impl Strategy<Value = RawDescriptor> {
    let address = prop_oneof![4 => 0..0x1_0000_u64, 1 => any::<u64>(), 2 => Just(TABLE)];
    let length = prop_oneof![4 => 0..0x400_u32, 1 => any::<u32>(), 2 => (0..8_u32).prop_map(|n| n * 16)];
    let owner = prop_oneof![4 => Just(AVAILABLE), 1 => Just(0x8000), 1 => Just(0), 1 => Just(0x8080)];
    (address, length, 0_u16..8, owner, any::<u16>()).prop_map(|(address, length, flags, owner, next)| {
        RawDescriptor { address, length, flags: flags | owner, next }
    })
}

proptest! {
    /// Whatever stands on the ring: no panic, no endless loop, only buffers in memory, and monitors can look at it.
    #[test]
    fn any_ring(
        size in 1..=SIZE,
        slots in prop::collection::vec(descriptor(), usize::from(SIZE)),
        table in prop::collection::vec(descriptor(), 4),
        suppression: [u16; 2],
        completes: [bool; 8],
    ) {
        let memory = guest_memory(MEMORY);
        let driver = DriverQueue::with_form(&memory, RingForm::Packed, size, RING);
        let mut device = driver.device_side(true, true).unwrap();
        for (index, descriptor) in (0..).zip(table) {
            driver.write_descriptor(TABLE, index, descriptor);
        }
        for (slot, descriptor) in (0..size).zip(slots) {
            driver.set_descriptor(slot, descriptor);
        }
        memory.write_obj(suppression, GuestAddress(driver.layout().driver_area)).unwrap();
        for position in [None, Some(0), Some(size - 1), Some(u16::MAX)] {
            let snapshot = device.published.snapshot();
            if let Ok(element) = element(&memory, &snapshot, position) {
                prop_assert!(!element.descriptors.is_empty() && element.descriptors.len() <= 65_536);
            }
        }
        let (mut kept, mut popped) = (Vec::new(), 0);
        while let Ok(Some(chain)) = device.queue.pop() {
            popped += 1;
            prop_assert!(popped <= 2 * size, "the ring never ends");
            for segment in chain.readable().iter().chain(chain.writable()) {
                let mut bytes = vec![0; usize::try_from(segment.length).unwrap()];
                prop_assert!(memory.read_slice(&mut bytes, GuestAddress(segment.address.0)).is_ok());
            }
            if completes[usize::from(popped) % 8] {
                device.queue.complete(chain, 0).unwrap();
                device.queue.interrupt().unwrap();
            } else {
                kept.push(chain);
            }
            prop_assert!(device.published.snapshot().indices.in_flight <= size);
            prop_assert_eq!(device.published.in_flight().len(), kept.len());
        }
    }
}
