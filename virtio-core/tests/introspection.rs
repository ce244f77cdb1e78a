//! What monitors see: the chains that a driver has laid, both generations' replies and errors, and that looking
//! changes nothing.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use common::{Echo, wait_until};
use proptest::prelude::*;
use qapi_schema::inspect::requests::QueryVirtioChains;
use qapi_schema::runtime::Error;
use qapi_schema::virtio_debug::VirtioRingDescFlags::{Avail, Indirect, Next, Used, Write};
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, RawDescriptor, guest_memory, offset};
use virtio_core::introspection::{first_generation, inspect, second_generation};
use virtio_core::transport::status;
use virtio_core::{GuestMemory, Introspect, RingForm};
use vm_memory::{Bytes, GuestAddress};

const VERSION_1: u128 = 1 << 32;
const EVENT_IDX: u128 = 1 << 29;
const INDIRECT_DESC: u128 = 1 << 28;
const RING_PACKED: u128 = 1 << 34;
const RINGS: u64 = 0x1000;
const TABLE: u64 = 0x7000;
const DATA: u64 = 0x8000;
const MEMORY: usize = 0x1_0000;

/// A started device with one queue of eight that keeps every chain, so that all stay in flight.
fn holding_device() -> (GuestMemory, MmioDriver, DriverQueue) {
    let memory = guest_memory(MEMORY);
    let echo = Echo { holds: true, ..Echo::with_queues(&[8]) };
    let mut driver = MmioDriver::new(echo.boxed(), &memory);
    let queue = driver.start(VERSION_1 | EVENT_IDX | INDIRECT_DESC, RINGS).remove(0);
    (memory, driver, queue)
}

/// The same, paused: what is published stays on the ring.
fn paused_device() -> (GuestMemory, MmioDriver, DriverQueue) {
    let (memory, mut driver, queue) = holding_device();
    driver.transport().pause();
    (memory, driver, queue)
}

/// A descriptor as the first generation shows it: address, length, flags.
type Shown = (u64, u32, Vec<qapi_schema::virtio_debug::VirtioRingDescFlags>);

/// Head and descriptors in the first generation, after checking that the second shows the same.
fn shown(view: &dyn Introspect, index: Option<u16>) -> (u32, Vec<Shown>) {
    let first = first_generation::queue_element(view, 0, index).unwrap();
    let second = second_generation::queue_element(view, 0, index).unwrap();
    assert_eq!((first.index, u32::from(second.avail.ring)), (second.index, second.index));
    assert_eq!(first.ndescs as usize, first.descs.len());
    let names = |shown: &Shown| (shown.0, shown.1, shown.2.iter().map(|f| f.as_str().to_owned()).collect());
    let first: Vec<Shown> = first.descs.into_iter().map(|d| (d.addr, d.len, d.flags)).collect();
    let second_shown: Vec<(u64, u32, Vec<String>)> =
        second.descs.into_iter().map(|d| (d.addr, d.len, d.flags)).collect();
    assert_eq!(first.iter().map(names).collect::<Vec<_>>(), second_shown);
    (second.index, first)
}

#[test]
fn direct_and_indirect_chains_are_shown_last_descriptor_first() {
    let (_, mut driver, mut queue) = paused_device();
    let request =
        [Buffer::readable(DATA, 16), Buffer::writable(DATA + 0x1000, 4096), Buffer::writable(DATA, 1)];
    let direct = queue.chain(&request);
    let indirect = queue.indirect(TABLE, &request);
    let single = queue.chain(&[Buffer::readable(DATA, 9)]);
    queue.publish();
    let view = driver.transport().view();
    let expected =
        vec![(DATA, 1, vec![Write]), (DATA + 0x1000, 4096, vec![Write, Next]), (DATA, 16, vec![Next])];
    assert_eq!(shown(&*view, None), (u32::from(direct), expected.clone()));
    assert_eq!(shown(&*view, Some(0)), (u32::from(direct), expected.clone()));
    assert_eq!(shown(&*view, Some(1)), (u32::from(indirect), expected.clone()));
    assert_eq!(shown(&*view, Some(2)), (u32::from(single), vec![(DATA, 9, vec![])]));
    // The index is a position that wraps around the ring: 65529 is slot 1 of 8.
    assert_eq!(shown(&*view, Some(65_529)), (u32::from(indirect), expected));
}

#[test]
fn stale_and_empty_slots_are_shown_as_they_are() {
    let (_, mut driver, mut queue) = paused_device();
    let view = driver.transport().view();
    assert_eq!(shown(&*view, None), (0, vec![(0, 0, vec![])]), "nothing has ever been offered");
    queue.chain(&[Buffer::readable(DATA, 4), Buffer::writable(DATA, 8)]);
    queue.publish();
    driver.kick(0);
    driver.transport().resume();
    // The device takes the chain and keeps it. The slot goes on showing it; the next one is empty.
    wait_until(|| view.queue(0).unwrap().indices.in_flight == 1);
    assert_eq!(shown(&*view, Some(0)), (0, vec![(DATA, 8, vec![Write]), (DATA, 4, vec![Next])]));
    assert_eq!(view.queue(0).unwrap().indices.last_available, 1);
    queue.set_available_entry(1, 5);
    assert_eq!(shown(&*view, None), (5, vec![(0, 0, vec![])]));
}

#[test]
fn broken_chains_are_shown_as_far_as_they_go() {
    let (_, mut driver, queue) = paused_device();
    let view = driver.transport().view();
    let raw = |length, flags, next| RawDescriptor { address: u64::MAX, length, flags, next };

    queue.set_descriptor(0, raw(1, 1, 1));
    queue.set_descriptor(1, raw(2, 1, 0));
    assert_eq!(shown(&*view, Some(0)).1.len(), 8, "a loop ends after as many as the table has");
    queue.set_descriptor(1, raw(2, 3, 8));
    let expected = vec![(u64::MAX, 2, vec![Write, Next]), (u64::MAX, 1, vec![Next])];
    assert_eq!(shown(&*view, Some(0)), (0, expected), "a number outside of the table ends the chain");
    queue.set_available_entry(0, 9);
    assert_eq!(shown(&*view, Some(0)), (9, vec![]), "a head outside of the table is no descriptor");

    // INDIRECT further on, or in a table, is shown and not followed.
    queue.set_available_entry(0, 0);
    queue.set_descriptor(1, raw(2, 4, 0));
    assert_eq!(shown(&*view, Some(0)).1[0], (u64::MAX, 2, vec![Indirect]));
    queue.set_descriptor(0, RawDescriptor { address: TABLE, length: 40, flags: 4, next: 0 });
    queue.write_descriptor(TABLE, 0, raw(3, 1, 1));
    queue.write_descriptor(TABLE, 1, raw(4, 5, 2));
    assert_eq!(shown(&*view, Some(0)).1, [(u64::MAX, 4, vec![Indirect, Next]), (u64::MAX, 3, vec![Next])]);
    assert!(view.status().failure.is_none(), "looking breaks nothing");
}

/// A packed ring is decoded where it stands: chains by consecutive slots, tables, and who owns each descriptor.
#[test]
fn packed_chains_are_shown_last_descriptor_first() {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::with_rings(Echo::with_queues(&[8]).boxed(), &memory, RingForm::Packed);
    let mut queue = driver.start(VERSION_1 | EVENT_IDX | INDIRECT_DESC | RING_PACKED, RINGS).remove(0);
    driver.transport().pause();
    let view = driver.transport().view();
    let request =
        [Buffer::readable(DATA, 16), Buffer::writable(DATA + 0x1000, 4096), Buffer::writable(DATA, 1)];
    let direct = u32::from(queue.chain(&request));
    let indirect = u32::from(queue.indirect(TABLE, &request));
    queue.publish();
    let shown_direct = vec![
        (DATA, 1, vec![Avail, Write]),
        (DATA + 0x1000, 4096, vec![Avail, Write, Next]),
        (DATA, 16, vec![Avail, Next]),
    ];
    let shown_indirect = vec![(DATA, 1, vec![Write]), (DATA + 0x1000, 4096, vec![Write]), (DATA, 16, vec![])];
    assert_eq!(shown(&*view, None), (direct, shown_direct.clone()));
    // The index is a slot: one in the middle of a chain shows the rest of it.
    assert_eq!(shown(&*view, Some(1)), (direct, shown_direct[..2].to_vec()));
    assert_eq!(shown(&*view, Some(3)), (indirect, shown_indirect.clone()));
    assert_eq!(shown(&*view, Some(8 * 5 + 3)), (indirect, shown_indirect));
    assert_eq!(shown(&*view, Some(4)), (0, vec![(0, 0, vec![])]), "nobody has offered this slot");
    let element = second_generation::queue_element(&*view, 0, None).unwrap();
    // The driver wants an interrupt for slot 0 of the first round; so did the device want a kick.
    assert_eq!((element.avail.flags, element.avail.idx), (2, 0x8000));
    assert_eq!((element.used.flags, element.used.idx), (2, 0x8000));

    driver.kick(0);
    driver.transport().resume();
    wait_until(|| view.queue(0).unwrap().indices.used == 4);
    driver.transport().pause();
    // Given back: the first slot of each says so, the others are as they were.
    assert_eq!(shown(&*view, Some(0)), (direct, vec![(DATA, 16, vec![Used, Avail, Write])]));
    assert_eq!(shown(&*view, Some(1)), (direct, shown_direct[..2].to_vec()));
    let status = second_generation::queue_status(&*view, 0).unwrap();
    let layout = queue.layout();
    assert_eq!(
        (status.vring_desc, status.vring_avail, status.vring_used, status.vring_num),
        (layout.descriptor_area, layout.driver_area, layout.device_area, 8)
    );
    assert_eq!((status.last_avail_idx, status.shadow_avail_idx, status.used_idx), (Some(4), Some(4), 4));
    assert_eq!((status.signalled_used, status.signalled_used_valid, status.inuse), (4, true, 0));
}

/// Loops and tables that cannot be read, on a packed ring.
#[test]
fn broken_packed_chains_are_shown_as_far_as_they_go() {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::with_rings(Echo::with_queues(&[8]).boxed(), &memory, RingForm::Packed);
    let queue = driver.start(VERSION_1 | INDIRECT_DESC | RING_PACKED, RINGS).remove(0);
    driver.transport().pause();
    let view = driver.transport().view();
    let raw = |length, flags| RawDescriptor { address: u64::MAX, length, flags, next: 5 };
    (0..8).for_each(|slot| queue.set_descriptor(slot, raw(u32::from(slot), 1)));
    let (head, all) = shown(&*view, Some(6));
    assert_eq!((head, all.len()), (5, 8), "a ring without an end is shown once");
    assert_eq!((all[7].1, all[0].1), (6, 5), "from the slot asked for to the one before it");
    for (address, length) in [(TABLE, 0), (TABLE, 15), (0xfff8, 16), (u64::MAX, 16), (TABLE, u32::MAX)] {
        queue.set_descriptor(0, RawDescriptor { address, length, flags: 4, next: 0 });
        let error = text(first_generation::queue_element(&*view, 0, Some(0)));
        assert_eq!(error, "Cannot map indirect buffer");
    }
    assert!(view.status().failure.is_none(), "looking breaks nothing");
}

fn text<T>(result: Result<T, Error>) -> String {
    result.map(|_| ()).unwrap_err().description
}

#[test]
fn errors_of_both_generations() {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::new(Echo::with_queues(&[8, 8]).boxed(), &memory);
    let view = driver.transport().view();
    let element = |index| {
        let first = text(first_generation::queue_element(&*view, 0, index));
        assert_eq!(first, text(second_generation::queue_element(&*view, 0, index)));
        first
    };
    for queue in [2, 1023, 1024, 65_535] {
        let expected = format!("Invalid virtqueue number {queue}");
        assert_eq!(text(first_generation::queue_status(&*view, queue)), expected);
        assert_eq!(text(second_generation::queue_status(&*view, queue)), expected);
        assert_eq!(text(first_generation::queue_element(&*view, queue, None)), expected);
        assert_eq!(text(second_generation::queue_element(&*view, queue, None)), expected);
    }
    assert_eq!(element(None), "Region caches not initialized");

    assert!(driver.negotiate(VERSION_1));
    let queue = driver.set_up_queue(0, 8, RINGS);
    for (address, length) in [(TABLE, 0), (TABLE, 15), (0xfff8, 16), (u64::MAX, 16), (TABLE, u32::MAX)] {
        queue.set_descriptor(0, RawDescriptor { address, length, flags: 4, next: 0 });
        assert_eq!(element(Some(0)), "Cannot map indirect buffer");
    }
    driver.write(offset::QUEUE_READY, 0);
    driver.write(offset::QUEUE_DESCRIPTOR + 4, 1);
    driver.write(offset::QUEUE_READY, 1);
    assert_eq!(element(None), "Cannot map descriptor ring");
}

#[test]
fn queue_status_of_an_untouched_and_of_a_busy_queue() {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::new(Echo::with_queues(&[8]).boxed(), &memory);
    let view = driver.transport().view();
    let untouched = first_generation::queue_status(&*view, 0).unwrap();
    assert_eq!((untouched.vring_num, untouched.vring_num_default, untouched.vring_desc), (8, 8, 0));
    assert_eq!((untouched.inuse, untouched.signalled_used_valid), (0, 0));

    let mut queue = driver.start(VERSION_1 | EVENT_IDX, RINGS).remove(0);
    for _ in 0..20 {
        driver.submit(0, &mut queue, &[Buffer::writable(DATA, 8)]);
    }
    // The device's thread decides about the interrupt after it has given the chain back.
    driver.transport().pause();
    let first = first_generation::queue_status(&*view, 0).unwrap();
    let second = second_generation::queue_status(&*view, 0).unwrap();
    let layout = queue.layout();
    assert_eq!(
        (first.vring_desc, first.vring_avail, first.vring_used),
        (layout.descriptor_area, layout.driver_area, layout.device_area)
    );
    assert_eq!(
        (first.last_avail_idx, first.shadow_avail_idx, first.used_idx, first.signalled_used),
        (20, 20, 20, 20)
    );
    assert_eq!((first.inuse, first.signalled_used_valid, first.vring_align), (0, 1, 4096));
    assert_eq!((second.last_avail_idx, second.shadow_avail_idx, second.used_idx), (Some(20), Some(20), 20));
    assert_eq!(
        (second.signalled_used, second.signalled_used_valid, second.name.as_str()),
        (20, true, "virtio-serial")
    );
}

#[test]
fn chains_in_flight_are_counted() {
    let (_, mut driver, mut queue) = holding_device();
    let view = driver.transport().view();
    for _ in 0..5 {
        queue.chain(&[Buffer::writable(DATA, 8)]);
    }
    queue.publish();
    driver.kick(0);
    wait_until(|| first_generation::queue_status(&*view, 0).unwrap().inuse == 5);
    let status = first_generation::queue_status(&*view, 0).unwrap();
    assert_eq!((status.last_avail_idx, status.used_idx, status.inuse), (5, 0, 5));
    let in_flight: Vec<u16> = view.in_flight(0).iter().map(|chain| chain.position).collect();
    assert_eq!(in_flight, [0, 1, 2, 3, 4]);
    assert_eq!(view.in_flight(1), []);
    driver.write(offset::STATUS, 0);
    assert_eq!(view.in_flight(0), []);
}

#[test]
fn device_status_on_the_way_up() {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::new(Echo::with_queues(&[8, 8]).boxed(), &memory);
    let view = driver.transport().view();
    let statuses = || -> Vec<String> {
        let texts = second_generation::status(&*view).status.statuses;
        texts.iter().map(|text| text.split(": ").next().unwrap().replace("VIRTIO_CONFIG_S_", "")).collect()
    };
    assert_eq!(statuses(), [""; 0]);
    driver.start(VERSION_1, RINGS);
    assert_eq!(statuses(), ["ACKNOWLEDGE", "DRIVER", "FEATURES_OK", "DRIVER_OK"]);
    let second = second_generation::status(&*view);
    assert_eq!((second.device_id, second.num_vqs, second.queue_sel, second.isr), (3, 2, 2, 0));
    assert!(second.started && second.vm_running && !second.broken && second.use_started);
    driver.transport().pause();
    assert!(!second_generation::status(&*view).vm_running);
    driver.add_status(status::FAILED | 0x30);
    assert_eq!(statuses(), ["ACKNOWLEDGE", "FAILED", "DRIVER", "FEATURES_OK", "DRIVER_OK"]);
    assert_eq!(second_generation::status(&*view).status.unknown_statuses, Some(0x30));
}

/// The status replies of both generations, as a client reads them.
#[test]
fn device_status_replies() {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::new(Echo::with_queues(&[8]).boxed(), &memory);
    driver.start(VERSION_1 | EVENT_IDX | 0b100, RINGS);
    let view = driver.transport().view();
    let json = |reply| serde_json::to_string_pretty(&reply).unwrap();
    insta::assert_snapshot!(json(serde_json::to_value(first_generation::status(&*view)).unwrap()));
    insta::assert_snapshot!(json(serde_json::to_value(second_generation::status(&*view)).unwrap()));
}

/// Every query that there is, on every queue and slot that there is and some that there are not.
fn look_at_everything(view: &dyn Introspect) {
    let _ = (first_generation::info("/path", view), second_generation::info("/path", view));
    let _ = (first_generation::status(view), second_generation::status(view));
    let _ = inspect::device("/path", view);
    for queue in 0..3 {
        view.in_flight(queue);
        let _ = (first_generation::queue_status(view, queue), second_generation::queue_status(view, queue));
        for index in (0..9).map(Some).chain([None, Some(u16::MAX)]) {
            let _ = first_generation::queue_element(view, queue, index);
            let _ = second_generation::queue_element(view, queue, index);
            let wanted = |slot, count| QueryVirtioChains {
                path: "/path".to_owned(),
                queue,
                slot,
                count,
                dump: Some(64),
            };
            let _ = inspect::chains(view, &wanted(index, None));
            let _ = inspect::chains(view, &wanted(index, Some(8)));
        }
    }
}

/// All of guest memory, and all that the device shows of itself.
fn everything(memory: &GuestMemory, view: &dyn Introspect) -> (Vec<u8>, String) {
    let mut bytes = vec![0; MEMORY];
    memory.read_slice(&mut bytes, GuestAddress(0)).unwrap();
    let queues = [0, 1].map(|queue| (view.queue(queue), view.in_flight(queue)));
    (bytes, format!("{:?} {queues:?}", view.status()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Looking never touches: guest memory and the queues' state are the same, bit for bit, whatever stands on the
    /// rings; no interrupt is raised and no kick is written; and the device works on as if nobody had looked.
    #[test]
    fn no_query_changes_anything(
        garbage in prop::collection::vec((RINGS..DATA, any::<u8>()), 0..200),
        descriptors in prop::collection::vec((0_u16..8, 0_u16..8, DATA..0x1_1000, 0_u32..5000, any::<u16>()), 0..8),
        packed: bool,
    ) {
        let memory = guest_memory(MEMORY);
        let form = if packed { RingForm::Packed } else { RingForm::Split };
        let mut driver = MmioDriver::with_rings(Echo::with_queues(&[8, 8]).boxed(), &memory, form);
        let mut queues = driver.start(VERSION_1 | EVENT_IDX | INDIRECT_DESC | RING_PACKED, RINGS);
        prop_assert_eq!(queues[0].layout().form, form);
        driver.submit(0, &mut queues[0], &[Buffer::writable(DATA, 8)]);
        driver.transport().pause();
        for (address, byte) in garbage {
            memory.write_obj(byte, GuestAddress(address)).unwrap();
        }
        for (index, next, address, length, flags) in descriptors {
            queues[0].set_descriptor(index, RawDescriptor { address, length, flags, next });
            if !packed {
                queues[0].set_available_entry(index, index);
            }
        }
        driver.take_interrupt();
        let view = driver.transport().view();
        let before = everything(&memory, &*view);
        look_at_everything(&*view);
        prop_assert!(before == everything(&memory, &*view));
        prop_assert_eq!(driver.take_interrupt(), 0);
        prop_assert!(driver.transport().kick_events().iter().all(|kick| kick.read().is_err()));
    }
}

/// Readers while the device works at full speed: every snapshot holds together, and the device serves every chain.
#[test]
fn looking_at_a_working_device() {
    for form in RingForm::BOTH {
        let memory = guest_memory(MEMORY);
        let mut driver = MmioDriver::with_rings(Echo::with_queues(&[8]).boxed(), &memory, form);
        let mut queue = driver.start(VERSION_1 | EVENT_IDX | RING_PACKED, RINGS).remove(0);
        let view = driver.transport().view();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let indices = view.queue(0).unwrap().indices;
                    let taken = indices.last_available.wrapping_sub(indices.used);
                    // A chain has two descriptors: fewer are in flight than it takes to go round the ring.
                    assert_eq!(taken % 8, indices.in_flight);
                    assert!(indices.shadow_available.wrapping_sub(indices.last_available) <= 8);
                    look_at_everything(&*view);
                }
            });
            for _ in 0..3000 {
                driver.submit(0, &mut queue, &[Buffer::readable(DATA, 8), Buffer::writable(DATA + 64, 8)]);
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }
}
