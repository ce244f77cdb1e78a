//! A queue and its driver: what is offered is what is popped, and what is given back is what the driver gets.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use proptest::prelude::*;
use std::io::{Read, Write};
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DeviceSide, DriverQueue, guest_memory};
use virtio_core::{GuestMemory, RingError};
use vm_memory::{Bytes, GuestAddress};

const RING: u64 = 0x1000;
const TABLE: u64 = 0x8000;
const DATA: u64 = 0x1_0000;
const MEMORY: usize = 0x4_0000;

fn ring(size: u16) -> (GuestMemory, DriverQueue, DeviceSide) {
    ring_of(RingForm::Split, size)
}

/// The same, of any form.
fn ring_of(form: RingForm, size: u16) -> (GuestMemory, DriverQueue, DeviceSide) {
    let memory = guest_memory(MEMORY);
    let driver = DriverQueue::with_form(&memory, form, size, RING);
    let device = driver.device_side(true, true).unwrap();
    (memory, driver, device)
}

fn buffers_of(chain: &virtio_core::Chain) -> Vec<Buffer> {
    let readable = chain.readable().iter().map(|s| Buffer::readable(s.address.0, s.length));
    let writable = chain.writable().iter().map(|s| Buffer::writable(s.address.0, s.length));
    readable.chain(writable).collect()
}

#[test]
fn an_empty_queue_gives_nothing() {
    let (_, mut driver, mut device) = ring(4);
    assert_eq!(device.queue.pop(), Ok(None));
    driver.chain(&[Buffer::readable(DATA, 1)]);
    assert_eq!(device.queue.pop(), Ok(None), "not published yet");
    driver.publish();
    let chain = device.queue.pop().unwrap().unwrap();
    assert_eq!(device.queue.pop(), Ok(None));
    device.queue.complete(chain, 0).unwrap();
}

#[test]
fn direct_and_indirect_chains_come_in_order_with_their_buffers() {
    for form in RingForm::BOTH {
        let (_, mut driver, mut device) = ring_of(form, 8);
        let first = [
            Buffer::readable(DATA, 16),
            Buffer::writable(DATA + 0x100, 512),
            Buffer::writable(DATA + 0x300, 1),
        ];
        let second = [Buffer::readable(DATA + 0x1000, 3), Buffer::readable(DATA + 0x2000, 4)];
        let heads = [driver.chain(&first), driver.indirect(TABLE, &second)];
        driver.publish();
        for (head, buffers) in heads.into_iter().zip([&first[..], &second[..]]) {
            let chain = device.queue.pop().unwrap().unwrap();
            assert_eq!((chain.head(), buffers_of(&chain)), (head, buffers.to_vec()));
            let written = u32::try_from(chain.writable_len()).unwrap();
            device.queue.complete(chain, written).unwrap();
        }
        assert_eq!(driver.used(), [(heads[0], 513), (heads[1], 0)]);
    }
}

#[test]
fn direct_descriptors_may_lead_to_an_indirect_table() {
    let (_, mut driver, mut device) = ring(8);
    driver.write_descriptor(TABLE, 0, descriptor(DATA + 16, 4, WRITE, 0));
    let head = driver.chain(&[Buffer::readable(DATA, 16), Buffer::readable(TABLE, 16)]);
    // The second of the two becomes the indirect one. WRITE is to be ignored there (2.7.5.3.2).
    driver.set_descriptor(1, descriptor(TABLE, 16, INDIRECT | WRITE, 0));
    driver.publish();
    let chain = device.queue.pop().unwrap().unwrap();
    assert_eq!(chain.head(), head);
    assert_eq!(buffers_of(&chain), [Buffer::readable(DATA, 16), Buffer::writable(DATA + 16, 4)]);
    device.queue.complete(chain, 4).unwrap();
}

#[test]
fn empty_descriptors_hold_nothing() {
    for form in RingForm::BOTH {
        let (_, mut driver, mut device) = ring_of(form, 4);
        driver.chain(&[Buffer::readable(0, 0), Buffer::readable(DATA, 1), Buffer::writable(u64::MAX, 0)]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        assert_eq!(buffers_of(&chain), [Buffer::readable(DATA, 1)]);
        device.queue.complete(chain, 0).unwrap();
    }
}

#[test]
fn indices_wrap_at_65536() {
    let (_, mut driver, mut device) = ring(16);
    let mut completed = 0;
    for round in 0..70_000_u32 {
        let head = driver.chain(&[Buffer::writable(DATA, 8)]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        assert_eq!(chain.head(), head);
        device.queue.complete(chain, round % 8).unwrap();
        assert_eq!(driver.used(), [(head, round % 8)]);
        completed += 1;
    }
    let indices = device.published.snapshot().indices;
    let expected = u16::try_from(completed % 65_536).unwrap();
    assert_eq!((indices.last_available, indices.used, indices.in_flight), (expected, expected, 0));
}

#[test]
fn chains_may_come_back_in_any_order() {
    for form in RingForm::BOTH {
        let (_, mut driver, mut device) = ring_of(form, 4);
        let heads: Vec<u16> = (0..4).map(|_| driver.chain(&[Buffer::readable(DATA, 4)])).collect();
        driver.publish();
        let mut chains: Vec<_> = std::iter::from_fn(|| device.queue.pop().unwrap()).collect();
        assert_eq!(device.published.snapshot().indices.in_flight, 4);
        let in_flight = |device: &DeviceSide| -> Vec<u16> {
            device.published.in_flight().iter().map(|chain| chain.head).collect()
        };
        assert_eq!(in_flight(&device), heads);
        let second = chains.remove(1);
        device.queue.complete(second, 0).unwrap();
        assert_eq!(in_flight(&device), [heads[0], heads[2], heads[3]]);
        while let Some(chain) = chains.pop() {
            device.queue.complete(chain, 0).unwrap();
        }
        let order: Vec<u16> = driver.used().into_iter().map(|(head, _)| head).collect();
        assert_eq!(order, [heads[1], heads[3], heads[2], heads[0]]);
        assert_eq!(device.published.snapshot().indices.in_flight, 0);
        assert!(in_flight(&device).is_empty());
    }
}

#[test]
fn an_undone_pop_comes_again() {
    for form in RingForm::BOTH {
        let (_, mut driver, mut device) = ring_of(form, 4);
        let heads = [driver.chain(&[Buffer::readable(DATA, 4)]), driver.chain(&[Buffer::readable(DATA, 4)])];
        driver.publish();
        let first = device.queue.pop().unwrap().unwrap();
        let second = device.queue.pop().unwrap().unwrap();
        device.queue.undo_pop(second).unwrap();
        device.queue.undo_pop(first).unwrap();
        assert_eq!(device.published.snapshot().indices.in_flight, 0);
        let first = device.queue.pop().unwrap().unwrap();
        let second = device.queue.pop().unwrap().unwrap();
        assert_eq!([first.head(), second.head()], heads);
        let error = device.queue.undo_pop(first).unwrap_err();
        assert_eq!(error.error, RingError::UndoOutOfOrder { head: heads[0] });
        device.queue.complete(second, 0).unwrap();
    }
}

#[test]
fn a_device_cannot_say_that_it_wrote_more_than_fits() {
    for form in RingForm::BOTH {
        let (_, mut driver, mut device) = ring_of(form, 4);
        let head = driver.chain(&[Buffer::readable(DATA, 100), Buffer::writable(DATA, 4)]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        let error = device.queue.complete(chain, 5).unwrap_err();
        assert_eq!(error.error, RingError::WrittenTooMuch { head, written: 5, writable: 4 });
        assert_eq!(driver.used(), []);
    }
}

#[test]
fn bytes_go_through_readers_and_writers_across_buffers() {
    for form in RingForm::BOTH {
        let (memory, mut driver, mut device) = ring_of(form, 8);
        memory.write_slice(b"hello ", GuestAddress(DATA)).unwrap();
        memory.write_slice(b"world!", GuestAddress(DATA + 0x100)).unwrap();
        driver.chain(&[
            Buffer::readable(DATA, 6),
            Buffer::readable(DATA + 0x100, 6),
            Buffer::writable(DATA + 0x200, 2),
            Buffer::writable(DATA + 0x300, 8),
        ]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();

        let mut reader = chain.reader(&memory);
        assert_eq!((reader.remaining(), reader.skip(4)), (12, 4));
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), reader.remaining(), reader.skip(1)), ("o world!", 0, 0));

        let mut writer = chain.writer(&memory);
        assert_eq!(writer.remaining(), 10);
        writer.write_all(b"abc").unwrap();
        assert_eq!(writer.skip(2), 2);
        writer.write_all(b"defgh").unwrap();
        assert_eq!((writer.written(), writer.remaining()), (10, 0));
        assert_eq!(writer.write(b"more").unwrap(), 0);
        let written = writer.written();
        device.queue.complete(chain, written).unwrap();

        let mut bytes = [0; 8];
        memory.read_slice(&mut bytes, GuestAddress(DATA + 0x300)).unwrap();
        assert_eq!(&bytes, b"c\0\0defgh");
    }
}

/// Without event index: the driver's flag decides, and only if something has come back.
#[test]
fn interrupts_by_flag() {
    for form in RingForm::BOTH {
        let memory = guest_memory(MEMORY);
        let mut driver = DriverQueue::with_form(&memory, form, 4, RING);
        let mut device = driver.device_side(true, false).unwrap();
        let interrupts_for = |driver: &mut DriverQueue, device: &mut DeviceSide, chains: usize| {
            for _ in 0..chains {
                driver.chain(&[Buffer::readable(DATA, 4)]);
                driver.publish();
                let chain = device.queue.pop().unwrap().unwrap();
                device.queue.complete(chain, 0).unwrap();
            }
            device.queue.interrupt().unwrap();
            driver.used();
            let status = device.interrupt.status();
            device.interrupt.acknowledge(status);
            status != 0
        };
        assert!(!interrupts_for(&mut driver, &mut device, 0));
        assert!(interrupts_for(&mut driver, &mut device, 1));
        assert!(!interrupts_for(&mut driver, &mut device, 0));
        driver.set_wants_interrupts(false);
        assert!(!interrupts_for(&mut driver, &mut device, 2));
        driver.set_wants_interrupts(true);
        assert!(interrupts_for(&mut driver, &mut device, 1));
        assert_eq!(device.published.snapshot().indices.signalled_used, None);
    }
}

/// With event index: one interrupt for the step over `used_event`, and none for the others.
#[test]
fn interrupts_by_event_index() {
    let (_, mut driver, mut device) = ring(8);
    let mut interrupted_at = Vec::new();
    for round in 0..12_u16 {
        driver.chain(&[Buffer::readable(DATA, 4)]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        driver.used();
        driver.set_used_event(if round < 6 { 5 } else { 9 });
        device.queue.complete(chain, 0).unwrap();
        device.queue.interrupt().unwrap();
        if device.interrupt.status() != 0 {
            interrupted_at.push(round);
            device.interrupt.acknowledge(1);
        }
        assert_eq!(device.published.snapshot().indices.signalled_used, Some(round + 1));
    }
    // The first decision has nothing to compare with and has to interrupt.
    assert_eq!(interrupted_at, [0, 5, 9]);
}

/// If the used index goes all the way round between two decisions, the distance cannot be told: interrupt.
#[test]
fn a_whole_round_between_two_decisions_interrupts() {
    let (_, mut driver, mut device) = ring(2);
    let serve = |driver: &mut DriverQueue, device: &mut DeviceSide| {
        driver.chain(&[Buffer::readable(DATA, 4)]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        device.queue.complete(chain, 0).unwrap();
        driver.used();
    };
    serve(&mut driver, &mut device);
    device.queue.interrupt().unwrap();
    device.interrupt.acknowledge(1);
    (0..65_536).for_each(|_| serve(&mut driver, &mut device));
    assert_eq!(device.published.snapshot().indices.signalled_used, None);
    driver.set_used_event(30_000);
    device.queue.interrupt().unwrap();
    assert_eq!(device.interrupt.status(), 1);
}

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;

fn descriptor(address: u64, length: u32, flags: u16, next: u16) -> virtio_core::driver::RawDescriptor {
    virtio_core::driver::RawDescriptor { address, length, flags, next }
}

/// What a driver may do in a property test.
#[derive(Clone, Debug)]
struct Request {
    readable: Vec<u32>,
    writable: Vec<u32>,
    indirect: bool,
}

fn request() -> impl Strategy<Value = Request> {
    let lengths = || prop::collection::vec(1_u32..2000, 0..4);
    (lengths(), lengths(), any::<bool>())
        .prop_map(|(readable, writable, indirect)| Request { readable, writable, indirect })
        .prop_filter("a chain has a buffer", |r| !r.readable.is_empty() || !r.writable.is_empty())
}

impl Request {
    fn buffers(&self) -> Vec<Buffer> {
        let readable = self.readable.iter().map(|length| Buffer::readable(DATA, *length));
        readable.chain(self.writable.iter().map(|length| Buffer::writable(DATA + 0x1000, *length))).collect()
    }

    fn put(&self, driver: &mut DriverQueue, table: u64) -> u16 {
        if self.indirect { driver.indirect(table, &self.buffers()) } else { driver.chain(&self.buffers()) }
    }
}

proptest! {
    /// The `virtio-queue` crate is the oracle: on rings that a driver lays properly, both find the same chains.
    #[test]
    fn finds_the_same_chains_as_virtio_queue(requests in prop::collection::vec(request(), 1..6)) {
        use virtio_queue::{Queue as OracleQueue, QueueT};
        let (memory, mut driver, mut device) = ring(64);
        let mut oracle = OracleQueue::new(64).unwrap();
        let layout = driver.layout();
        let low = |address: u64| Some(u32::try_from(address).unwrap());
        oracle.set_size(layout.size);
        oracle.set_desc_table_address(low(layout.descriptor_area), None);
        oracle.set_avail_ring_address(low(layout.driver_area), None);
        oracle.set_used_ring_address(low(layout.device_area), None);
        oracle.set_ready(true);
        prop_assert!(oracle.is_valid(&*memory));

        for (number, request) in (0_u64..).zip(&requests) {
            request.put(&mut driver, TABLE + number * 0x100);
        }
        driver.publish();
        for request in &requests {
            let expected = oracle.pop_descriptor_chain(&*memory).unwrap();
            let head = expected.head_index();
            let expected: Vec<Buffer> = expected
                .map(|d| Buffer { address: d.addr().0, length: d.len(), writable: d.is_write_only() })
                .collect();
            let chain = device.queue.pop().unwrap().unwrap();
            prop_assert_eq!(chain.head(), head);
            prop_assert_eq!(&buffers_of(&chain), &expected);
            prop_assert_eq!(buffers_of(&chain), request.buffers());
            prop_assert_eq!(chain.writable_len(), request.writable.iter().map(|l| u64::from(*l)).sum::<u64>());
            device.queue.complete(chain, 0).unwrap();
        }
        prop_assert_eq!(device.queue.pop(), Ok(None));
        prop_assert!(oracle.pop_descriptor_chain(&*memory).is_none());
    }

    /// The interrupt decision is `virtio-queue`'s, whatever the driver wishes and however many chains come back.
    #[test]
    fn interrupts_when_virtio_queue_would(
        event_index: bool,
        steps in prop::collection::vec((1_u16..5, any::<u16>(), 0_u16..10), 1..40),
    ) {
        use virtio_queue::{Queue as OracleQueue, QueueT};
        let memory = guest_memory(MEMORY);
        let mut driver = DriverQueue::new(&memory, 8, RING);
        let mut device = driver.device_side(true, event_index).unwrap();
        let mut oracle = OracleQueue::new(8).unwrap();
        let layout = driver.layout();
        let low = |address: u64| Some(u32::try_from(address).unwrap());
        oracle.set_size(layout.size);
        oracle.set_desc_table_address(low(layout.descriptor_area), None);
        oracle.set_avail_ring_address(low(layout.driver_area), None);
        oracle.set_used_ring_address(low(layout.device_area), None);
        oracle.set_ready(true);
        oracle.set_event_idx(event_index);

        let mut used = 0_u16;
        for (chains, far, near) in steps {
            for _ in 0..chains {
                driver.chain(&[Buffer::readable(DATA, 4)]);
                driver.publish();
                let chain = device.queue.pop().unwrap().unwrap();
                // The oracle writes the same used element to the same place.
                oracle.set_next_used(used);
                oracle.add_used(&*memory, chain.head(), 0).unwrap();
                used = used.wrapping_add(1);
                device.queue.complete(chain, 0).unwrap();
            }
            driver.used();
            // Mostly events close to the index, sometimes anywhere.
            let event = if far % 4 == 0 { far } else { used.wrapping_sub(5).wrapping_add(near) };
            driver.set_used_event(event);
            driver.set_wants_interrupts(far % 2 == 0);
            let expected = oracle.needs_notification(&*memory).unwrap();
            device.queue.interrupt().unwrap();
            let interrupted = device.interrupt.status() != 0;
            device.interrupt.acknowledge(1);
            // Our first decision has nothing to compare with, and interrupts. Without event index the oracle always
            // does; ours looks at the driver's flag.
            let first = used == chains;
            let wanted = if event_index { expected || first } else { far % 2 == 0 };
            prop_assert_eq!(interrupted, wanted);
        }
    }
}

#[test]
fn a_chain_that_next_and_indirect_disagree_about_is_not_misread() {
    let (_, mut driver, mut device) = ring(4);
    driver.chain(&[Buffer::readable(DATA, 4)]);
    driver.set_descriptor(0, descriptor(TABLE, 16, INDIRECT | NEXT, 1));
    driver.publish();
    let error = device.queue.pop().unwrap_err();
    assert_eq!(error.error, RingError::IndirectWithNext { index: 0 });
}
