//! A disk with limits: nothing is lost or answered twice, and nobody waits for what is held back.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use std::sync::Arc;

use qapi_schema::rate_limits::{RateLimit, RateLimits};
use rate_limits::{Limiter, unlimited};
use storage::Image;
use virtio_block::{Block, BlockSettings};
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};

const RING: u64 = 0x1000;
const HEADER: u64 = 0x9000;
const STATUS: u64 = 0xa000;
const DATA: u64 = 0x1_0000;

struct Disk {
    driver: MmioDriver,
    queue: DriverQueue,
    limiter: Arc<Limiter>,
}

impl Disk {
    fn new(rings: RingForm) -> Self {
        let image = Image::scratch(64 * 512).unwrap();
        let limiter = Arc::clone(image.limiter());
        let device = Block::new(image, &BlockSettings::default());
        let mut driver = MmioDriver::with_rings(Box::new(device), &guest_memory(1 << 20), rings);
        let queue = driver.start(u128::MAX, RING).remove(0);
        driver.store(HEADER, &[0; 16]);
        Self { driver, queue, limiter }
    }

    /// Lets one request pass, and then nothing for longer than any test takes.
    fn narrow(&self) {
        let bytes = RateLimit { rate: 1, burst: None, burst_seconds: None };
        self.limiter.set(RateLimits { bytes: Some(bytes), ..unlimited() }).unwrap();
    }

    /// Offers so many reads.
    fn offer(&mut self, count: u64) {
        for number in 0..count {
            self.queue.chain(&[
                Buffer::readable(HEADER, 16),
                Buffer::writable(DATA + 512 * number, 512),
                Buffer::writable(STATUS + number, 1),
            ]);
        }
        self.queue.publish();
        self.driver.kick(0);
    }

    /// Waits until so many have come back.
    fn wait_used(&mut self, count: usize) {
        let mut used = 0;
        while used < count {
            used += self.driver.wait_used(&mut self.queue).len();
        }
        assert_eq!(used, count);
    }

    /// Waits until so many are held back.
    fn wait_held(&self, count: u64) {
        while self.limiter.held_back().waiting() != count {
            std::thread::yield_now();
        }
    }
}

#[test]
fn what_is_held_back_is_in_flight_and_comes_back_when_the_limit_is_lifted() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::new(rings);
        disk.narrow();
        disk.offer(4);
        disk.wait_used(1);
        disk.wait_held(3);
        assert_eq!(disk.driver.view().in_flight(0).len(), 3);
        disk.limiter.set(unlimited()).unwrap();
        disk.wait_used(3);
        assert_eq!(disk.driver.load(STATUS, 4), [0; 4]);
        assert!(disk.driver.view().in_flight(0).is_empty());
        assert!(disk.queue.used().is_empty());
    }
}

#[test]
fn a_machine_with_requests_that_are_held_back_stops_and_goes_on() {
    let mut disk = Disk::new(RingForm::Split);
    disk.narrow();
    disk.offer(3);
    disk.wait_used(1);
    disk.driver.transport().pause();
    // While it is stopped nothing moves, even if it may.
    disk.limiter.set(unlimited()).unwrap();
    assert_eq!((disk.queue.used().len(), disk.limiter.held_back().waiting()), (0, 2));
    disk.driver.transport().resume();
    disk.wait_used(2);
}

#[test]
fn a_reset_gives_up_what_is_held_back() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::new(rings);
        disk.narrow();
        disk.offer(5);
        disk.wait_used(1);
        disk.wait_held(4);
        disk.queue = disk.driver.start(u128::MAX, RING).remove(0);
        disk.wait_held(0);
        disk.limiter.set(unlimited()).unwrap();
        disk.offer(2);
        disk.wait_used(2);
        assert!(disk.queue.used().is_empty(), "nothing of before comes back");
    }
}
