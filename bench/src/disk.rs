//! A disk in memory, and a driver that keeps it busy.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use virtio_core::Introspect;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, build_device, guest_memory};

/// Guest memory, in bytes.
const MEMORY: usize = 16 << 20;
const RING: u64 = 0x1000;
const HEADER: u64 = 0x1_0000;
const STATUS: u64 = 0x2_0000;
const DATA: u64 = 0x10_0000;
/// Bytes read by a request.
const REQUEST: u32 = 4096;
/// Requests under way at once.
const DEPTH: usize = 32;

/// A disk with its driver.
pub(crate) struct Disk {
    driver: MmioDriver,
    queue: DriverQueue,
}

impl Disk {
    /// A disk whose driver has agreed to everything offered.
    pub(crate) fn new() -> Self {
        Self::with_stage_clocks(true)
    }

    /// The same, whose requests are timed or not.
    pub(crate) fn with_stage_clocks(on: bool) -> Self {
        let memory = guest_memory(MEMORY);
        let device = build_device(&virtio_block::DEVICE_TYPE, "size=16M")
            .unwrap_or_else(|error| panic!("the host has no memory for a disk: {error}"));
        let mut driver = MmioDriver::new(device, &memory);
        driver.transport().set_stage_clocks(on);
        let mut queues = driver.start(u128::MAX, RING);
        Self { queue: queues.swap_remove(0), driver }
    }

    /// What monitors see of it.
    pub(crate) fn view(&mut self) -> Arc<dyn Introspect> {
        self.driver.transport().view()
    }

    /// Reads, with many requests under way at once, for about as long as this. Returns requests a second.
    pub(crate) fn read_for(&mut self, duration: Duration) -> f64 {
        let start = Instant::now();
        let (mut under_way, mut done) = (0, 0_u32);
        while start.elapsed() < duration {
            for number in under_way..DEPTH {
                let data = DATA + u64::from(REQUEST) * u64::try_from(number).unwrap_or(0);
                self.queue.chain(&[
                    Buffer::readable(HEADER, 16),
                    Buffer::writable(data, REQUEST),
                    Buffer::writable(STATUS, 1),
                ]);
            }
            self.queue.publish();
            self.driver.kick(0);
            let returned = self.driver.wait_used(&mut self.queue).len();
            under_way = DEPTH - returned;
            done += u32::try_from(returned).unwrap_or(0);
        }
        let rate = f64::from(done) / start.elapsed().as_secs_f64();
        while under_way > 0 {
            under_way -= self.driver.wait_used(&mut self.queue).len();
        }
        rate
    }
}
