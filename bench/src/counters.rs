//! `counters`: what counting costs a request, and what it costs to take its times as well.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use virtio_core::driver::{Buffer, DriverQueue, guest_memory};
use virtio_core::interrupt::{Cause, Interrupt};
use virtio_core::introspection::PublishedQueue;
use virtio_core::queue::{Queue, QueueConfiguration};
use virtio_core::{GuestMemory, QueueError, RingForm};

use crate::disk::Disk;
use crate::measure::{cost, median};

const RING: u64 = 0x1000;
const DATA: u64 = 0x1_0000;
/// Requests on the ring at once, of three descriptors each.
const BATCH: u16 = 32;
/// Descriptors of the ring.
const SIZE: u16 = 128;
/// Batches of a round on the ring alone.
const BATCHES: u32 = 2000;
/// Rounds of each kind, in turn.
const ROUNDS: usize = 25;
/// How long a round of the whole disk lasts.
const ROUND: Duration = Duration::from_millis(300);

/// Measures and prints everything.
pub(crate) fn run() {
    println!("one reading of the clock: {:.1} ns", cost(Instant::now).nanoseconds);
    println!();
    println!("taking a request from the ring and giving it back, without doing anything, {BATCH} at once,");
    println!("medians of {ROUNDS} rounds:");
    for (name, form) in [("split", RingForm::Split), ("packed", RingForm::Packed)] {
        let (mut counted, mut timed) = (Vec::new(), Vec::new());
        let mut rings = [false, true].map(|clocks| Ring::new(form, clocks));
        for _ in 0..ROUNDS {
            let [off, on] = &mut rings;
            counted.push(off.nanoseconds());
            timed.push(on.nanoseconds());
        }
        let (counted, timed) = (median(counted), median(timed));
        println!(
            "  {name:<6} clocks off {counted:>7.1} ns, on {timed:>7.1} ns, difference {:>6.1} ns",
            timed - counted
        );
    }
    println!();
    whole_disk();
}

/// A ring with both of its sides, and no thread.
struct Ring {
    driver: DriverQueue,
    device: Queue,
}

/// Nobody is told.
#[derive(Debug)]
struct Silence;

impl Interrupt for Silence {
    fn raise(&self, _: Cause) {}

    fn status(&self) -> u8 {
        0
    }

    fn acknowledge(&self, _: u8) {}
}

impl Ring {
    fn new(form: RingForm, stage_clocks: bool) -> Self {
        let memory: GuestMemory = guest_memory(1 << 20);
        let driver = DriverQueue::with_form(&memory, form, SIZE, RING);
        let configuration = QueueConfiguration {
            index: 0,
            maximum_size: SIZE,
            layout: driver.layout(),
            indirect_descriptors: false,
            event_index: false,
            stage_clocks,
        };
        let published = Arc::new(PublishedQueue::new(0, SIZE));
        let device = Queue::new(&configuration, memory, published, Arc::new(Silence));
        Self { driver, device: device.unwrap_or_else(|error| panic!("the ring is refused: {error}")) }
    }

    /// What the device's part of a request takes.
    fn nanoseconds(&mut self) -> f64 {
        let mut time = Duration::ZERO;
        for _ in 0..BATCHES {
            for _ in 0..BATCH {
                let (header, status) = (Buffer::readable(DATA, 16), Buffer::writable(DATA, 1));
                self.driver.chain(&[header, Buffer::writable(DATA, 4096), status]);
            }
            self.driver.publish();
            let start = Instant::now();
            self.serve().unwrap_or_else(|error| panic!("the ring is broken: {error}"));
            time += start.elapsed();
            self.driver.used();
        }
        time.as_secs_f64() * 1e9 / f64::from(BATCHES * u32::from(BATCH))
    }

    fn serve(&mut self) -> Result<(), QueueError> {
        while let Some(chain) = self.device.pop()? {
            self.device.complete(chain, 1)?;
        }
        self.device.interrupt()
    }
}

/// What a driver gets from a disk in memory, thread and all.
fn whole_disk() {
    let (mut off, mut on) = (Disk::with_stage_clocks(false), Disk::with_stage_clocks(true));
    let (mut counted, mut timed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        counted.push(off.read_for(ROUND));
        timed.push(on.read_for(ROUND));
    }
    let ratios = timed.iter().zip(&counted).map(|(timed, counted)| timed / counted).collect();
    println!(
        "reads of 4 KiB from a disk in memory, 32 at once, {ROUNDS} rounds of {} ms each, medians:",
        ROUND.as_millis()
    );
    println!("  clocks off {:>8.0} requests/s", median(counted));
    println!("  clocks on  {:>8.0} requests/s, ratio of the rounds {:.4}", median(timed), median(ratios));
}
