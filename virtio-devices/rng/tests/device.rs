//! The entropy device as a driver, a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use std::sync::Arc;

use insta::assert_snapshot;
use virtio_core::RingForm;
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, MmioWindow, PciDriver, PciFunction, PciInterrupts, Registers,
    TransportDriver, build_device, decoded_features, guest_memory,
};
use virtio_rng::{DEVICE_KIND, DEVICE_TYPE};

const RING: u64 = 0x1000;
const DATA: u64 = 0x1_0000;
const MEMORY: usize = 1 << 20;
/// The most that one request gets.
const LIMIT: u32 = 64 << 10;

struct Rng<R> {
    driver: TransportDriver<R>,
    queue: DriverQueue,
}

impl Rng<MmioWindow> {
    fn attach(rings: RingForm) -> Self {
        let device = build_device(&DEVICE_TYPE, "").unwrap();
        Self::start(MmioDriver::with_rings(device, &guest_memory(MEMORY), rings))
    }
}

impl Rng<PciFunction> {
    fn attach_function(rings: RingForm) -> Self {
        let device = build_device(&DEVICE_TYPE, "").unwrap();
        Self::start(PciDriver::new(device, &guest_memory(MEMORY), rings, PciInterrupts::Messages))
    }
}

impl<R: Registers> Rng<R> {
    fn start(mut driver: TransportDriver<R>) -> Self {
        let mut queues = driver.start(u128::MAX, RING);
        let queue = queues.pop().unwrap();
        assert!(queues.is_empty(), "an entropy device has one queue");
        Self { driver, queue }
    }
}

#[test]
fn buffers_are_filled_to_their_end_and_no_further_on_either_transport() {
    for rings in RingForm::BOTH {
        buffers_are_filled(Rng::attach(rings));
        buffers_are_filled(Rng::attach_function(rings));
    }
}

fn buffers_are_filled<R: Registers>(mut rng: Rng<R>) {
    let buffers =
        [Buffer::writable(DATA, 100), Buffer::writable(DATA + 200, 0), Buffer::writable(DATA + 300, 156)];
    assert_eq!(rng.driver.submit(0, &mut rng.queue, &buffers), 256);
    // 100 random bytes are all zero once in 2^800 times.
    assert_ne!(rng.driver.load(DATA, 100), [0; 100]);
    assert_eq!(rng.driver.load(DATA + 100, 200), [0; 200]);
    assert_ne!(rng.driver.load(DATA + 300, 156), [0; 156]);
    assert_eq!(rng.driver.load(DATA + 456, 100), [0; 100]);
}

#[test]
fn every_request_gets_other_bytes() {
    for rings in RingForm::BOTH {
        let mut rng = Rng::attach(rings);
        let mut take = || {
            assert_eq!(rng.driver.submit(0, &mut rng.queue, &[Buffer::writable(DATA, 32)]), 32);
            rng.driver.load(DATA, 32)
        };
        assert_ne!(take(), take());
    }
}

#[test]
fn a_request_gets_a_bounded_number_of_bytes() {
    for rings in RingForm::BOTH {
        let mut rng = Rng::attach(rings);
        assert_eq!(rng.driver.submit(0, &mut rng.queue, &[Buffer::writable(DATA, 2 * LIMIT)]), LIMIT);
        assert_ne!(rng.driver.load(DATA + u64::from(LIMIT) - 64, 64), [0; 64]);
        assert_eq!(rng.driver.load(DATA + u64::from(LIMIT), LIMIT), vec![0; LIMIT as usize]);
    }
}

#[test]
fn a_chain_that_cannot_be_written_comes_back_empty() {
    for rings in RingForm::BOTH {
        let mut rng = Rng::attach(rings);
        assert_eq!(rng.driver.submit(0, &mut rng.queue, &[Buffer::readable(DATA, 16)]), 0);
        assert_eq!(rng.driver.load(DATA, 16), [0; 16]);
        assert_eq!(
            rng.driver.submit(0, &mut rng.queue, &[Buffer::readable(DATA, 16), Buffer::writable(DATA, 8)]),
            8
        );
    }
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn there_is_no_configuration_space_and_nothing_to_choose_but_limits() {
    let mut device = build_device(&DEVICE_TYPE, "").unwrap();
    assert_eq!(device.features(), 0);
    let mut space = [0; 8];
    device.write_config(0, &[0xff; 8]);
    device.read_config(0, &mut space);
    assert_eq!(space, [0; 8]);
    let mistake = build_device(&DEVICE_TYPE, "path=/dev/random").err().unwrap();
    assert_snapshot!(mistake, @"unknown option 'path'; accepted are limit.NAME");
}

#[test]
fn requests_that_a_limit_holds_back_stay_in_the_queue_until_it_is_lifted() {
    for rings in RingForm::BOTH {
        // The first request leaves a debt of more time than any test takes.
        let device = build_device(&DEVICE_TYPE, "limit.bytes=1").unwrap();
        let limiter = Arc::clone(&device.roles().rate_limits.unwrap().limited()[0].limiter);
        let mut rng = Rng::start(MmioDriver::with_rings(device, &guest_memory(MEMORY), rings));
        assert_eq!(rng.driver.submit(0, &mut rng.queue, &[Buffer::writable(DATA, 4096)]), 4096);
        rng.queue.chain(&[Buffer::writable(DATA + 4096, 64)]);
        rng.queue.publish();
        rng.driver.kick(0);
        while limiter.held_back().waiting() == 0 {
            std::thread::yield_now();
        }
        assert!(rng.queue.used().is_empty());
        limiter.set(rate_limits::unlimited()).unwrap();
        assert_eq!(rng.driver.wait_used(&mut rng.queue).len(), 1);
        assert_eq!((limiter.held_back().waiting(), limiter.held_back().ever()), (0, 1));
    }
}
