//! What a device's thread counts, from the driver's kick to its interrupt.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use common::{Echo, wait_until};
use std::sync::Arc;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_core::{Introspect, QueueCounters, RingForm};

const RING: u64 = 0x1000;
const INPUT: u64 = 0x8000;
const OUTPUT: u64 = 0x9000;
const REQUESTS: u64 = 100;

fn attach(rings: RingForm, clocks: bool) -> (MmioDriver, DriverQueue) {
    let mut driver = MmioDriver::with_rings(Echo::with_queues(&[16]).boxed(), &guest_memory(0x1_0000), rings);
    driver.transport().set_stage_clocks(clocks);
    let queue = driver.start(u128::MAX, RING).remove(0);
    (driver, queue)
}

/// Sends requests one after the other, and then lets the device come to rest.
fn send_requests(driver: &mut MmioDriver, queue: &mut DriverQueue) -> Arc<dyn Introspect> {
    for _ in 0..REQUESTS {
        let buffers = [Buffer::readable(INPUT, 4), Buffer::writable(OUTPUT, 8)];
        assert_eq!(driver.submit(0, queue, &buffers), 4);
    }
    let view = driver.transport().view();
    // The device may be faster than the kick: the last one may still have to be taken.
    wait_until(|| !view.kick_pending(0) && !view.status().working);
    driver.transport().pause();
    view
}

/// Number and sum of what is in each stage's histogram, the total last.
fn stages(counters: &QueueCounters) -> [(u64, u64); 4] {
    let stages = &counters.stages;
    [&stages.kick_to_pop, &stages.pop_to_completion, &stages.completion_to_interrupt, &stages.total]
        .map(|histogram| (histogram.buckets().iter().sum(), histogram.sum()))
}

#[test]
fn the_stages_of_all_requests_add_up_to_the_total() {
    for rings in RingForm::BOTH {
        let (mut driver, mut queue) = attach(rings, true);
        let view = send_requests(&mut driver, &mut queue);
        let counters = view.counters(0).unwrap();
        assert!(view.counters(1).is_none());
        let counts = [&counters.requests, &counters.kicks, &counters.errors].map(|counter| counter.get());
        assert_eq!(counts, [REQUESTS, REQUESTS, 0]);
        assert_eq!((counters.bytes_read.get(), counters.bytes_written.get()), (4 * REQUESTS, 4 * REQUESTS));
        // Two requests may come back before the first is told of.
        assert!((1..=REQUESTS).contains(&(counters.interrupts.get() + counters.interrupts_suppressed.get())));
        let [kicked, popped, completed, total] = stages(counters);
        assert_eq!([popped.0, completed.0, total.0], [REQUESTS; 3]);
        // The device may see a chain before it sees the kick.
        assert_eq!(kicked.0 + counters.kicks_suppressed.get(), REQUESTS);
        assert_eq!(kicked.1 + popped.1 + completed.1, total.1);
        assert!(total.1 > 0, "time passes");
    }
}

#[test]
fn without_clocks_the_counts_are_the_same() {
    for rings in RingForm::BOTH {
        let (mut driver, mut queue) = attach(rings, false);
        let view = send_requests(&mut driver, &mut queue);
        let counters = view.counters(0).unwrap();
        assert_eq!((counters.requests.get(), counters.kicks.get()), (REQUESTS, REQUESTS));
        assert_eq!(stages(counters), [(0, 0); 4]);
    }
}

#[test]
fn a_reset_does_not_set_the_counts_back() {
    let (mut driver, mut queue) = attach(RingForm::Split, true);
    send_requests(&mut driver, &mut queue);
    driver.transport().resume();
    let mut queue = driver.start(u128::MAX, RING).remove(0);
    let view = send_requests(&mut driver, &mut queue);
    assert_eq!(view.counters(0).unwrap().requests.get(), 2 * REQUESTS);
}

#[test]
fn a_mistake_that_stops_the_device_is_an_error() {
    let (mut driver, mut queue) = attach(RingForm::Split, true);
    queue.set_available_index(17);
    driver.kick(0);
    let view = driver.transport().view();
    wait_until(|| view.status().failure.is_some());
    assert_eq!(view.counters(0).unwrap().errors.get(), 1);
}
