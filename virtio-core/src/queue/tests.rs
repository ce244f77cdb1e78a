//! What is counted, on rings of both forms.

use super::{Queue, QueueConfiguration, QueueCounters, RingForm};
use crate::driver::{Buffer, DeviceSide, DriverQueue, guest_memory};
use proptest::prelude::*;
use stats::Counter;
use std::collections::VecDeque;
use std::sync::Arc;

const SIZE: u16 = 8;

fn ring(form: RingForm) -> (DriverQueue, DeviceSide) {
    let driver = DriverQueue::with_form(&guest_memory(0x1_0000), form, SIZE, 0x1000);
    let device = driver.device_side(true, false).unwrap();
    (driver, device)
}

/// Puts so many chains of one descriptor on the ring.
fn offer(driver: &mut DriverQueue, chains: usize) {
    for _ in 0..chains {
        driver.chain(&[Buffer::writable(0x8000, 16)]);
    }
    driver.publish();
}

/// The device's turn: takes `most` chains at most and gives them all back.
fn turn(device: &mut DeviceSide, most: usize) -> usize {
    device.queue.begin_service().unwrap();
    device.queue.begin_turn();
    let chains: Vec<_> = std::iter::from_fn(|| device.queue.pop().unwrap()).take(most).collect();
    let taken = chains.len();
    chains.into_iter().for_each(|chain| device.queue.complete(chain, 16).unwrap());
    device.queue.interrupt().unwrap();
    device.queue.end_service();
    taken
}

/// Numbers of requests in the histograms of the stages.
fn stages(counters: &QueueCounters) -> [u64; 4] {
    let stages = &counters.stages;
    [&stages.kick_to_pop, &stages.pop_to_completion, &stages.completion_to_interrupt, &stages.total]
        .map(|histogram| histogram.buckets().iter().sum())
}

#[test]
fn a_request_is_counted_when_it_comes_back() {
    for form in RingForm::BOTH {
        let (mut driver, mut device) = ring(form);
        driver.chain(&[
            Buffer::readable(0x8000, 10),
            Buffer::readable(0x9000, 0),
            Buffer::writable(0xa000, 100),
        ]);
        driver.indirect(0x7000, &[Buffer::readable(0x8000, 5)]);
        driver.publish();
        let first = device.queue.pop().unwrap().unwrap();
        let second = device.queue.pop().unwrap().unwrap();
        device.queue.undo_pop(second).unwrap();
        let counters = device.published.counters();
        assert_eq!(counters.requests.get(), 0);
        device.queue.complete(first, 7).unwrap();
        let second = device.queue.pop().unwrap().unwrap();
        device.queue.complete_failed(second, 0).unwrap();
        device.queue.interrupt().unwrap();
        let bytes = (counters.bytes_read.get(), counters.bytes_written.get());
        assert_eq!((counters.requests.get(), counters.errors.get(), bytes), (2, 1, (15, 7)));
        assert_eq!(counters.descriptors_per_chain.buckets()[..4], [0, 1, 1, 0]);
        assert_eq!(counters.descriptors_per_chain.sum(), 3);
    }
}

#[test]
fn an_interrupt_is_sent_or_left_out_once_for_all_that_came_back() {
    for form in RingForm::BOTH {
        let (mut driver, mut device) = ring(form);
        let interrupts = |device: &DeviceSide| {
            let counters = device.published.counters();
            (counters.interrupts.get(), counters.interrupts_suppressed.get())
        };
        offer(&mut driver, 3);
        assert_eq!(turn(&mut device, 8), 3);
        assert_eq!(interrupts(&device), (1, 0));
        turn(&mut device, 8);
        assert_eq!(interrupts(&device), (1, 0), "there was nothing to tell");
        driver.used();
        driver.set_wants_interrupts(false);
        offer(&mut driver, 2);
        turn(&mut device, 8);
        assert_eq!(interrupts(&device), (1, 1));
        assert_eq!(stages(device.published.counters()), [0, 5, 5, 5]);
    }
}

#[test]
fn a_ring_is_full_while_every_entry_waits_or_is_in_flight() {
    for form in RingForm::BOTH {
        let (mut driver, mut device) = ring(form);
        let full = |device: &DeviceSide| device.published.counters().queue_full.get();
        offer(&mut driver, 7);
        device.queue.begin_service().unwrap();
        assert_eq!(full(&device), 0);
        let taken = device.queue.pop().unwrap().unwrap();
        offer(&mut driver, 1);
        device.queue.begin_service().unwrap();
        assert_eq!(full(&device), 1);
        device.queue.complete(taken, 0).unwrap();
        device.queue.begin_service().unwrap();
        assert_eq!(full(&device), 1);
    }
}

#[test]
fn a_delivery_that_finds_no_buffer_is_counted() {
    let (mut driver, mut device) = ring(RingForm::Split);
    let missing = |device: &DeviceSide| device.published.counters().out_of_buffers.get();
    offer(&mut driver, 1);
    device.queue.begin_turn();
    let chain = device.queue.pop().unwrap().unwrap();
    device.queue.end_delivery();
    assert_eq!(missing(&device), 0);
    device.queue.complete(chain, 0).unwrap();
    assert_eq!(device.queue.pop().unwrap(), None);
    device.queue.end_delivery();
    assert_eq!(missing(&device), 1);
    device.queue.begin_turn();
    device.queue.end_delivery();
    assert_eq!(missing(&device), 1, "nobody has looked");
}

#[test]
fn a_queue_without_clocks_has_counts_and_no_times() {
    for form in RingForm::BOTH {
        let memory = guest_memory(0x1_0000);
        let mut driver = DriverQueue::with_form(&memory, form, SIZE, 0x1000);
        let mut device = driver.device_side(true, false).unwrap();
        let configuration = QueueConfiguration {
            index: 0,
            maximum_size: SIZE,
            layout: driver.layout(),
            indirect_descriptors: false,
            event_index: false,
            stage_clocks: false,
        };
        let (published, interrupt) = (Arc::clone(&device.published), Arc::clone(&device.interrupt));
        device.queue = Queue::new(&configuration, memory, published, interrupt).unwrap();
        offer(&mut driver, 2);
        device.queue.kicked(1);
        assert_eq!(turn(&mut device, 8), 2);
        let counters = device.published.counters();
        let counts = [&counters.requests, &counters.kicks, &counters.kicks_suppressed, &counters.interrupts];
        assert_eq!(counts.map(Counter::get), [2, 1, 0, 1]);
        assert_eq!(stages(counters), [0; 4]);
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The driver adds so many chains, as far as they fit, and kicks or does not.
    Offer(usize, bool),
    /// The device takes so many at most.
    Turn(usize),
    /// The device takes one and puts it back.
    Undo,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1_usize..6, any::<bool>()).prop_map(|(chains, kick)| Step::Offer(chains, kick)),
        (0_usize..10).prop_map(Step::Turn),
        Just(Step::Undo),
    ]
}

proptest! {
    /// Whether there was a kick for a chain, against a list of the chains with a mark each.
    #[test]
    fn every_chain_had_a_kick_or_none(packed: bool, steps in prop::collection::vec(step(), 1..60)) {
        let form = if packed { RingForm::Packed } else { RingForm::Split };
        let (mut driver, mut device) = ring(form);
        let mut waiting: VecDeque<bool> = VecDeque::new();
        let (mut kicks, mut kick_waits, mut requests, mut unannounced) = (0, false, 0, 0);
        for step in steps {
            match step {
                Step::Offer(chains, kick) => {
                    let chains = chains.min(usize::from(SIZE) - waiting.len());
                    offer(&mut driver, chains);
                    waiting.extend(std::iter::repeat_n(false, chains));
                    if kick {
                        device.queue.kicked(1);
                        (kicks, kick_waits) = (kicks + 1, true);
                    }
                }
                Step::Turn(most) => {
                    if std::mem::take(&mut kick_waits) {
                        waiting.iter_mut().for_each(|kicked| *kicked = true);
                    }
                    let taken = waiting.len().min(most);
                    prop_assert_eq!(turn(&mut device, most), taken);
                    driver.used();
                    requests += taken;
                    unannounced += waiting.drain(..taken).filter(|kicked| !kicked).count();
                }
                Step::Undo => {
                    if let Some(chain) = device.queue.pop().unwrap() {
                        device.queue.undo_pop(chain).unwrap();
                    }
                }
            }
        }
        let counters = device.published.counters();
        let expected = [kicks, requests, unannounced].map(|count| u64::try_from(count).unwrap());
        prop_assert_eq!(
            [counters.kicks.get(), counters.requests.get(), counters.kicks_suppressed.get()],
            expected
        );
        let [kicked, popped, completed, total] = stages(counters);
        prop_assert_eq!([popped, completed, total], [counters.requests.get(); 3]);
        prop_assert!(kicked <= expected[1] - expected[2]);
        let sums = [
            counters.stages.kick_to_pop.sum(),
            counters.stages.pop_to_completion.sum(),
            counters.stages.completion_to_interrupt.sum(),
        ];
        prop_assert_eq!(sums.iter().sum::<u64>(), counters.stages.total.sum());
    }
}

#[test]
fn chains_that_go_back_together_are_filled_in_order() {
    for form in RingForm::BOTH {
        let (mut driver, mut device) = ring(form);
        for round in 0..20 {
            offer(&mut driver, 4);
            let mut chains: Vec<_> = std::iter::from_fn(|| device.queue.pop().unwrap()).collect();
            let heads: Vec<_> = chains.iter().map(super::Chain::head).collect();
            device.queue.complete_together(&mut chains, 3, 16 + 16 + 5).unwrap();
            assert_eq!(driver.used(), [(heads[0], 16), (heads[1], 16), (heads[2], 5)], "round {round}");
            device.queue.complete_together(&mut chains, 1, 0).unwrap();
            assert_eq!((driver.used(), chains.len()), (vec![(heads[3], 0)], 0));
        }
        let counters = device.published.counters();
        assert_eq!((counters.requests.get(), counters.bytes_written.get()), (80, 20 * 37));
    }
}

#[test]
fn chains_do_not_hold_more_than_they_take() {
    let (mut driver, mut device) = ring(RingForm::Split);
    offer(&mut driver, 2);
    let mut chains: Vec<_> = std::iter::from_fn(|| device.queue.pop().unwrap()).collect();
    let error = device.queue.complete_together(&mut chains, 2, 33).unwrap_err();
    assert_eq!(error.to_string(), "queue 0: 33 bytes written into the chain from head 0, which takes 32");
    assert_eq!(driver.used(), []);
}
