//! Packed rings: what stands in memory, wrapping, notifications, and a model of both sides.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use proptest::prelude::*;
use std::collections::VecDeque;
use virtio_core::driver::{Buffer, DeviceSide, DriverQueue, guest_memory};
use virtio_core::introspection::WrapCounters;
use virtio_core::{Chain, GuestMemory, RingForm};
use vm_memory::{Bytes, GuestAddress};

const MEMORY: usize = 0x2_0000;
const RING: u64 = 0x1000;
const TABLE: u64 = 0x8000;
const DATA: u64 = 0x1_0000;

fn ring(size: u16, event_index: bool) -> (GuestMemory, DriverQueue, DeviceSide) {
    let memory = guest_memory(MEMORY);
    let driver = DriverQueue::with_form(&memory, RingForm::Packed, size, RING);
    let device = driver.device_side(true, event_index).unwrap();
    (memory, driver, device)
}

/// Length, buffer id and flags of a descriptor.
fn raw(memory: &GuestMemory, slot: u16) -> (u32, u16, u16) {
    let at = |offset: u64| GuestAddress(RING + 16 * u64::from(slot) + offset);
    (memory.read_obj(at(8)).unwrap(), memory.read_obj(at(12)).unwrap(), memory.read_obj(at(14)).unwrap())
}

const AVAILABLE: u16 = 0x80;
const USED: u16 = 0x8000;
const NEXT: u16 = 1;
const WRITE: u16 = 2;

/// The bytes that both sides write, round after round, as sections 2.8.1 and 2.8.6 have them.
#[test]
fn descriptors_change_hands_by_their_flags() {
    let (memory, mut driver, mut device) = ring(4, false);
    for round in 0..3 {
        let (offered, given_back) = if round % 2 == 0 { (AVAILABLE, AVAILABLE | USED) } else { (USED, 0) };
        let first = driver.chain(&[Buffer::readable(DATA, 16), Buffer::writable(DATA, 32)]);
        let second = driver.chain(&[Buffer::readable(DATA, 8)]);
        let third = driver.chain(&[Buffer::writable(DATA, 8)]);
        assert_eq!(device.queue.pop().unwrap(), None, "nothing is published yet");
        driver.publish();
        assert_eq!(raw(&memory, 0), (16, first, NEXT | offered));
        assert_eq!(raw(&memory, 1), (32, first, WRITE | offered));
        assert_eq!(raw(&memory, 2), (8, second, offered));
        let chains: Vec<Chain> = std::iter::from_fn(|| device.queue.pop().unwrap()).collect();
        let heads: Vec<u16> = chains.iter().map(Chain::head).collect();
        assert_eq!(heads, [first, second, third]);
        // The second comes back first and goes to the first slot; the first one takes two slots.
        let [one, two, three] = <[Chain; 3]>::try_from(chains).unwrap();
        device.queue.complete(two, 0).unwrap();
        assert_eq!(raw(&memory, 0), (0, second, given_back));
        device.queue.complete(one, 20).unwrap();
        assert_eq!(raw(&memory, 1), (20, first, given_back | WRITE));
        device.queue.complete(three, 8).unwrap();
        assert_eq!(raw(&memory, 3), (8, third, given_back | WRITE));
        assert_eq!(driver.used(), [(second, 0), (first, 20), (third, 8)]);
    }
}

#[test]
fn chains_wrap_around_the_end_of_a_ring_of_any_size() {
    let (_, mut driver, mut device) = ring(5, true);
    for round in 0..1000_u16 {
        let id = driver.chain(&[
            Buffer::readable(DATA, 1),
            Buffer::readable(DATA, 2),
            Buffer::writable(DATA, u32::from(round) + 1),
        ]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        assert_eq!((chain.head(), chain.readable_len(), chain.writable_len()), (id, 3, u64::from(round) + 1));
        device.queue.complete(chain, 1).unwrap();
        assert_eq!(driver.used(), [(id, 1)]);
        let indices = device.published.snapshot().indices;
        let slots = (round + 1) * 3;
        let wrap = (slots / 5).is_multiple_of(2);
        assert_eq!((indices.last_available, indices.used, indices.in_flight), (slots % 5, slots % 5, 0));
        assert_eq!(indices.wrap_counters, Some(WrapCounters { available: wrap, used: wrap }));
    }
}

/// With event index: one interrupt for the step over the slot that the driver has named.
#[test]
fn interrupts_by_slot() {
    let (_, mut driver, mut device) = ring(4, true);
    let mut interrupted_at = Vec::new();
    for round in 0..16_u16 {
        driver.chain(&[Buffer::readable(DATA, 4)]);
        driver.publish();
        let chain = device.queue.pop().unwrap().unwrap();
        driver.used();
        // Slot 2 in a round with wrap counter 0, in the end in one with 1.
        driver.set_used_event(if round < 12 { 2 } else { 1 << 15 | 2 });
        device.queue.complete(chain, 0).unwrap();
        device.queue.interrupt().unwrap();
        if device.interrupt.status() != 0 {
            interrupted_at.push(round);
            device.interrupt.acknowledge(1);
        }
        assert_eq!(device.published.snapshot().indices.signalled_used, Some((round + 1) % 4));
    }
    // The first decision has nothing to compare with. Rounds 4 to 7 and 12 to 15 have the wrap counter 0.
    assert_eq!(interrupted_at, [0, 6]);
}

/// If the ring goes round twice between two decisions, the distance cannot be told: interrupt.
#[test]
fn two_whole_rounds_between_two_decisions_interrupt() {
    let (_, mut driver, mut device) = ring(2, true);
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
    (0..4).for_each(|_| serve(&mut driver, &mut device));
    assert_eq!(device.published.snapshot().indices.signalled_used, None);
    driver.set_used_event(1 << 15);
    device.queue.interrupt().unwrap();
    assert_eq!(device.interrupt.status(), 1);
}

/// What a driver must not say is taken for the wish that loses nothing.
#[test]
fn a_strange_wish_means_interrupts() {
    let (_, mut driver, mut device) = ring(4, true);
    for event in [0x7fff, 0x8004, 0xffff] {
        for _ in 0..2 {
            driver.chain(&[Buffer::readable(DATA, 4)]);
            driver.publish();
            let chain = device.queue.pop().unwrap().unwrap();
            driver.set_used_event(event);
            device.queue.complete(chain, 0).unwrap();
            device.queue.interrupt().unwrap();
            assert_eq!(device.interrupt.status(), 1);
            device.interrupt.acknowledge(1);
            driver.used();
        }
    }
}

/// A step of the model.
#[derive(Clone, Debug)]
enum Step {
    /// The driver offers a chain of so many buffers, if there is room.
    Offer { buffers: u16, indirect: bool },
    /// The driver publishes what it has offered.
    Publish,
    /// The device takes a chain, if there is one.
    Pop,
    /// The device puts back the chain that it has taken last.
    Undo,
    /// The device gives back one of its chains.
    Complete(prop::sample::Index),
    /// The driver takes what has come back.
    Collect,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_u16..4, any::<bool>()).prop_map(|(buffers, indirect)| Step::Offer { buffers, indirect }),
        3 => Just(Step::Publish),
        5 => Just(Step::Pop),
        1 => Just(Step::Undo),
        4 => any::<prop::sample::Index>().prop_map(Step::Complete),
        2 => Just(Step::Collect),
    ]
}

/// What the ring should hold: buffer id and slots of each chain, by where it is.
#[derive(Default)]
struct Model {
    offered: VecDeque<(u16, u16)>,
    published: VecDeque<(u16, u16)>,
    taken: Vec<(u16, u16, Chain)>,
    returned: Vec<(u16, u16)>,
    /// Slots that the driver has put chains into, ever.
    slots_taken: u32,
    slots_returned: u32,
}

proptest! {
    /// Chains arrive in order, come back in any order, and the published state is the model's at every step.
    #[test]
    fn both_sides_agree_whatever_the_order(size in 1_u16..9, steps in prop::collection::vec(step(), 1..150)) {
        let (_, mut driver, mut device) = ring(size, true);
        let mut model = Model::default();
        let mut free = size;
        for step in steps {
            match step {
                Step::Offer { buffers, indirect } => {
                    let slots = if indirect { 1 } else { buffers };
                    if slots > free {
                        continue;
                    }
                    let list: Vec<Buffer> =
                        (0..buffers).map(|number| Buffer::readable(DATA, u32::from(number) + 1)).collect();
                    let table = TABLE + u64::from(size - free) * 0x100;
                    let id = if indirect { driver.indirect(table, &list) } else { driver.chain(&list) };
                    free -= slots;
                    model.offered.push_back((id, slots));
                }
                Step::Publish => {
                    driver.publish();
                    model.published.append(&mut model.offered);
                }
                Step::Pop => {
                    let popped = device.queue.pop().unwrap();
                    let expected = model.published.pop_front();
                    prop_assert_eq!(popped.as_ref().map(Chain::head), expected.map(|(id, _)| id));
                    if let (Some(chain), Some((id, slots))) = (popped, expected) {
                        model.slots_taken += u32::from(slots);
                        model.taken.push((id, slots, chain));
                    }
                }
                Step::Undo => {
                    // Only the last one taken can be put back, and not if another one came after it.
                    let Some((id, slots, chain)) = model.taken.pop() else { continue };
                    match device.queue.undo_pop(chain) {
                        Ok(()) => {
                            model.slots_taken -= u32::from(slots);
                            model.published.push_front((id, slots));
                        }
                        Err(_) => return Ok(()),
                    }
                }
                Step::Complete(which) => {
                    if model.taken.is_empty() {
                        continue;
                    }
                    let (id, slots, chain) = model.taken.remove(which.index(model.taken.len()));
                    device.queue.complete(chain, 0).unwrap();
                    model.slots_returned += u32::from(slots);
                    model.returned.push((id, slots));
                }
                Step::Collect => {
                    let ids: Vec<u16> = model.returned.iter().map(|(id, _)| *id).collect();
                    let used: Vec<u16> = driver.used().into_iter().map(|(id, _)| id).collect();
                    prop_assert_eq!(used, ids);
                    free += model.returned.drain(..).map(|(_, slots)| slots).sum::<u16>();
                }
            }
            let indices = device.published.snapshot().indices;
            let place = |slots: u32| (slots % u32::from(size), (slots / u32::from(size)).is_multiple_of(2));
            let wrap = indices.wrap_counters.unwrap();
            prop_assert_eq!((u32::from(indices.last_available), wrap.available), place(model.slots_taken));
            prop_assert_eq!((u32::from(indices.used), wrap.used), place(model.slots_returned));
            prop_assert_eq!(u32::from(indices.in_flight), model.slots_taken - model.slots_returned);
            let in_flight: Vec<u16> = device.published.in_flight().iter().map(|chain| chain.head).collect();
            prop_assert_eq!(in_flight, model.taken.iter().map(|(id, _, _)| *id).collect::<Vec<_>>());
        }
    }
}
