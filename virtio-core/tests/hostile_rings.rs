//! Rings that break the rules: each is refused with an error that says why, and nothing is taken.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use proptest::prelude::*;
use virtio_core::RingError;
use virtio_core::driver::{Buffer, DeviceSide, DriverQueue, RawDescriptor, guest_memory};
use virtio_core::introspection::element;
use vm_memory::{Bytes, GuestAddress};

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;

const RING: u64 = 0x1000;
const TABLE: u64 = 0x8000;
const DATA: u64 = 0x9000;
const MEMORY: usize = 0x1_0000;
const SIZE: u16 = 8;

fn ring() -> (DriverQueue, DeviceSide) {
    let driver = DriverQueue::new(&guest_memory(MEMORY), SIZE, RING);
    let device = driver.device_side(true, true).unwrap();
    (driver, device)
}

fn raw(address: u64, length: u32, flags: u16, next: u16) -> RawDescriptor {
    RawDescriptor { address, length, flags, next }
}

/// The error for a ring whose first descriptors are these, and whose head is 0.
fn error_of(descriptors: &[RawDescriptor]) -> RingError {
    let (mut driver, mut device) = ring();
    for (index, descriptor) in (0..).zip(descriptors) {
        driver.set_descriptor(index, *descriptor);
    }
    driver.offer(0);
    driver.publish();
    let error = device.queue.pop().unwrap_err();
    let indices = device.published.snapshot().indices;
    assert_eq!((indices.last_available, indices.in_flight), (0, 0), "nothing was taken");
    error.error
}

#[test]
fn loops() {
    assert_eq!(error_of(&[raw(DATA, 1, NEXT, 0)]), RingError::LoopOrTooLong { head: 0, limit: 8 });
    let two = [raw(DATA, 1, NEXT, 1), raw(DATA, 1, NEXT, 0)];
    assert_eq!(error_of(&two), RingError::LoopOrTooLong { head: 0, limit: 8 });
}

#[test]
fn indices_outside_of_the_table() {
    assert_eq!(error_of(&[raw(DATA, 1, NEXT, 8)]), RingError::DescriptorIndex { index: 8, size: 8 });
    let (mut driver, mut device) = ring();
    driver.offer(0xffff);
    driver.publish();
    let error = device.queue.pop().unwrap_err();
    assert_eq!(error.error, RingError::DescriptorIndex { index: 0xffff, size: 8 });
}

#[test]
fn addresses_outside_of_memory() {
    for (address, length) in [(0x1_0000, 1), (0xffff, 2), (0, u32::MAX), (1 << 63, 1)] {
        let expected = RingError::AddressNotInMemory { address, length: u64::from(length) };
        assert_eq!(error_of(&[raw(address, length, WRITE, 0)]), expected);
    }
}

#[test]
fn addresses_that_wrap_around() {
    let (address, length) = (u64::MAX - 3, 5);
    assert_eq!(error_of(&[raw(address, length, 0, 0)]), RingError::AddressOverflow { address, length: 5 });
    let table = raw(u64::MAX - 15, 32, INDIRECT, 0);
    assert_eq!(error_of(&[table]), RingError::AddressOverflow { address: u64::MAX - 15, length: 32 });
}

#[test]
fn readable_after_writable() {
    let chain = [raw(DATA, 1, WRITE | NEXT, 1), raw(DATA, 1, 0, 0)];
    assert_eq!(error_of(&chain), RingError::ReadableAfterWritable { head: 0, index: 1 });
}

#[test]
fn indirect_tables() {
    let indirect = |address, length| error_of(&[raw(address, length, INDIRECT, 0)]);
    for length in [0, 8, 15, 17, u32::MAX] {
        assert_eq!(indirect(TABLE, length), RingError::IndirectLength { length });
    }
    let beyond = RingError::AddressNotInMemory { address: 0xfff8, length: 16 };
    assert_eq!(indirect(0xfff8, 16), beyond);
    // The table lies in the ring's own table, so that its first entry is the indirect descriptor itself.
    assert_eq!(indirect(RING, 16), RingError::NestedIndirect { index: 0 });
    let with_next = [raw(TABLE, 16, INDIRECT | NEXT, 1)];
    assert_eq!(error_of(&with_next), RingError::IndirectWithNext { index: 0 });
}

#[test]
fn indirect_tables_have_their_own_end() {
    let (mut driver, mut device) = ring();
    driver.write_descriptor(TABLE, 0, raw(DATA, 1, NEXT, 2));
    driver.set_descriptor(0, raw(TABLE, 32, INDIRECT, 0));
    driver.offer(0);
    driver.publish();
    let error = device.queue.pop().unwrap_err();
    assert_eq!(error.error, RingError::DescriptorIndex { index: 2, size: 2 });

    let (mut driver, mut device) = ring();
    driver.write_descriptor(TABLE, 0, raw(DATA, 1, NEXT, 0));
    driver.set_descriptor(0, raw(TABLE, 32, INDIRECT, 0));
    driver.offer(0);
    driver.publish();
    let error = device.queue.pop().unwrap_err();
    assert_eq!(error.error, RingError::LoopOrTooLong { head: 0, limit: 1024 });
}

#[test]
fn indirect_without_negotiation() {
    let mut driver = DriverQueue::new(&guest_memory(MEMORY), SIZE, RING);
    let mut device = driver.device_side(false, true).unwrap();
    driver.indirect(TABLE, &[Buffer::readable(DATA, 1)]);
    driver.publish();
    assert_eq!(device.queue.pop().unwrap_err().error, RingError::IndirectNotNegotiated { index: 0 });
}

#[test]
fn more_than_four_gigabytes_in_one_chain() {
    // Sparse memory: nobody touches it.
    let memory = guest_memory(0x1_0000_0000);
    let mut driver = DriverQueue::new(&memory, SIZE, RING);
    let mut device = driver.device_side(true, true).unwrap();
    driver.chain(&[Buffer::readable(0, u32::MAX), Buffer::readable(0, 1)]);
    driver.chain(&[Buffer::readable(0, u32::MAX), Buffer::writable(0, 2)]);
    driver.publish();
    let chain = device.queue.pop().unwrap().unwrap();
    assert_eq!(chain.readable_len(), 1 << 32);
    device.queue.complete(chain, 0).unwrap();
    assert_eq!(device.queue.pop().unwrap_err().error, RingError::LengthOverflow { head: 2 });
}

#[test]
fn an_available_index_that_jumps() {
    let (mut driver, mut device) = ring();
    driver.set_available_index(SIZE + 1);
    let jump = RingError::AvailableIndexJump {
        available: 9,
        last_available: 0,
        distance: 9,
        in_flight: 0,
        size: SIZE,
    };
    assert_eq!(device.queue.pop().unwrap_err().error, jump);
}

/// A driver that offers the same chain again and again, without waiting, must not make the device hold more chains
/// than the ring has entries.
#[test]
fn more_in_flight_than_the_ring_holds() {
    let (mut driver, mut device) = ring();
    driver.set_descriptor(0, raw(DATA, 1, 0, 0));
    driver.set_available_index(SIZE);
    let chains: Vec<_> = std::iter::from_fn(|| device.queue.pop().unwrap()).collect();
    assert_eq!(chains.len(), usize::from(SIZE));
    driver.set_available_index(SIZE + 1);
    let jump = RingError::AvailableIndexJump {
        available: 9,
        last_available: 8,
        distance: 1,
        in_flight: 8,
        size: SIZE,
    };
    assert_eq!(device.queue.pop().unwrap_err().error, jump);
}

#[test]
fn errors_are_sentences() {
    let error = error_of(&[raw(0x1_0000, 512, WRITE, 0)]);
    insta::assert_snapshot!(error, @"512 bytes at 0x10000 are not all in guest memory");
    let error = error_of(&[raw(DATA, 1, NEXT, 0)]);
    insta::assert_snapshot!(error, @"descriptor chain from head 0 loops or is longer than 8 descriptors");
    let (mut driver, mut device) = ring();
    driver.set_available_index(100);
    insta::assert_snapshot!(device.queue.pop().unwrap_err(), @"queue 0: available index 100 is 100 ahead of the device's 0 with 0 chains in flight, more than the queue size 8");
}

/// Descriptors that are close enough to right to get anywhere.
fn descriptor() -> impl Strategy<Value = RawDescriptor> {
    let address = prop_oneof![DATA..DATA + 64, RING..RING + 128, any::<u64>(), Just(TABLE)];
    let length = prop_oneof![0_u32..64, Just(16), Just(64), any::<u32>()];
    let flags = prop_oneof![0_u16..8, any::<u16>()];
    let next = prop_oneof![0..SIZE, any::<u16>()];
    (address, length, flags, next)
        .prop_map(|(address, length, flags, next)| raw(address, length, flags, next))
}

proptest! {
    /// Whatever stands on the ring: no panic, no endless loop, only buffers in memory, and monitors can look at it.
    #[test]
    fn any_ring(
        ring_table in prop::collection::vec(descriptor(), usize::from(SIZE)),
        indirect_table in prop::collection::vec(descriptor(), 4),
        heads in prop::collection::vec(prop_oneof![0..SIZE, any::<u16>()], usize::from(SIZE)),
        available: u16,
    ) {
        let memory = guest_memory(MEMORY);
        let mut driver = DriverQueue::new(&memory, SIZE, RING);
        let mut device = driver.device_side(true, true).unwrap();
        for (index, descriptor) in (0..).zip(ring_table) {
            driver.set_descriptor(index, descriptor);
        }
        for (index, descriptor) in (0..).zip(indirect_table) {
            driver.write_descriptor(TABLE, index, descriptor);
        }
        for (position, head) in (0..).zip(&heads) {
            driver.set_available_entry(position, *head);
        }
        driver.set_available_index(available % (SIZE + 2));

        for position in 0..SIZE {
            let snapshot = device.published.snapshot();
            if let Ok(element) = element(&memory, &snapshot, Some(position)) {
                prop_assert_eq!(Some(&element.head), heads.get(usize::from(position)));
                prop_assert!(element.descriptors.len() <= 65_536);
            }
        }
        while let Ok(Some(chain)) = device.queue.pop() {
            for segment in chain.readable().iter().chain(chain.writable()) {
                let mut bytes = vec![0; usize::try_from(segment.length).unwrap()];
                prop_assert!(memory.read_slice(&mut bytes, GuestAddress(segment.address.0)).is_ok());
            }
            device.queue.complete(chain, 0).unwrap();
        }
    }
}
