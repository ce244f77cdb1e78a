//! What devices do for a driver that keeps them busy: requests a second, and what one costs the device's own threads.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::fs;
use std::time::{Duration, Instant};

use storage::Image;
use virtio_block::{Block, BlockSettings};
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_core::{Device, RingForm};

use crate::allocations;
use crate::measure::median;

/// Guest memory, in bytes.
const MEMORY: usize = 16 << 20;
const RINGS: u64 = 0x1000;
/// A header of 16 bytes, a status byte and data for each of the requests under way.
const HEADERS: u64 = 0x8_0000;
const STATUSES: u64 = 0x9_0000;
const DATA: u64 = 0x10_0000;
/// Requests under way at once.
const DEPTH: u16 = 32;
/// Bytes of a request.
const REQUEST: u32 = 4096;
/// Bytes of a disk.
const DISK: u64 = 64 << 20;
/// Rounds of which the median is taken, each this long.
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(200);

/// A row: a device, and the requests that it is kept busy with.
struct Subject {
    name: &'static str,
    device: Box<dyn Fn() -> Box<dyn Device>>,
    /// The queue that the requests go to.
    queue: u16,
    /// Writes into guest memory, once, what the requests need there.
    prepare: fn(&MmioDriver),
    /// Lays request `number` of those under way on the ring.
    offer: fn(&mut DriverQueue, u64),
}

/// What a round has shown.
struct Round {
    /// Requests a second.
    rate: f64,
    /// Of all threads but the driver's, in nanoseconds a request.
    cpu: f64,
    /// Of all threads but the driver's, a request.
    allocations: f64,
}

pub(crate) fn run() {
    println!(
        "4 KiB requests, {DEPTH} at once, {ROUNDS} rounds of {} ms, medians. CPU time and allocations are those of the \
         device's threads, the kernel's for it included; instructions are not counted.",
        ROUND.as_millis()
    );
    println!(
        "{:<22} {:<7} {:>12} {:>14} {:>20}",
        "", "ring", "requests/s", "CPU ns/request", "allocations/request"
    );
    let file = scratch_file();
    for subject in block(&file) {
        for rings in RingForm::BOTH {
            let rounds = measure(&subject, rings);
            let of = |part: fn(&Round) -> f64| median(rounds.iter().map(part).collect());
            println!(
                "{:<22} {:<7} {:>12.0} {:>14.0} {:>20.4}",
                subject.name,
                format!("{rings:?}").to_lowercase(),
                of(|round| round.rate),
                of(|round| round.cpu),
                of(|round| round.allocations)
            );
        }
    }
}

/// The rows of the block device.
fn block(file: &tempfile::NamedTempFile) -> Vec<Subject> {
    let path = file.path().to_owned();
    let of_file = move || Image::open(&path, false).unwrap_or_else(|error| panic!("{error}"));
    let null = || Image::null(DISK).unwrap_or_else(|error| panic!("{error}"));
    let device = |image: Image| -> Box<dyn Device> { Box::new(Block::new(image, &BlockSettings::default())) };
    let of_file_again = of_file.clone();
    let (read, write) = (offer_read as fn(&mut DriverQueue, u64), offer_write as fn(&mut DriverQueue, u64));
    let (reads, writes) = (store_headers::<0> as fn(&MmioDriver), store_headers::<1> as fn(&MmioDriver));
    vec![
        Subject {
            name: "block, null, read",
            device: Box::new(move || device(null())),
            queue: 0,
            prepare: reads,
            offer: read,
        },
        Subject {
            name: "block, null, write",
            device: Box::new(move || device(null())),
            queue: 0,
            prepare: writes,
            offer: write,
        },
        Subject {
            name: "block, file, read",
            device: Box::new(move || device(of_file())),
            queue: 0,
            prepare: reads,
            offer: read,
        },
        Subject {
            name: "block, file, write",
            device: Box::new(move || device(of_file_again())),
            queue: 0,
            prepare: writes,
            offer: write,
        },
    ]
}

/// A file that is wholly in the page cache.
fn scratch_file() -> tempfile::NamedTempFile {
    let file =
        tempfile::NamedTempFile::new().unwrap_or_else(|error| panic!("there is no room for a file: {error}"));
    let bytes = vec![0x5a; usize::try_from(DISK).unwrap_or(0)];
    fs::write(file.path(), bytes).unwrap_or_else(|error| panic!("there is no room for a disk: {error}"));
    file
}

/// Headers of requests of this type, all over the disk.
fn store_headers<const KIND: u32>(driver: &MmioDriver) {
    let blocks = DISK / u64::from(REQUEST);
    for number in 0..u64::from(DEPTH) {
        let sector = number * 7919 % blocks * u64::from(REQUEST / 512);
        let header = [&KIND.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat();
        driver.store(HEADERS + number * 16, &header);
    }
}

fn offer_read(queue: &mut DriverQueue, number: u64) {
    let data = Buffer::writable(DATA + number * u64::from(REQUEST), REQUEST);
    queue.chain(&[Buffer::readable(HEADERS + number * 16, 16), data, Buffer::writable(STATUSES + number, 1)]);
}

fn offer_write(queue: &mut DriverQueue, number: u64) {
    let data = Buffer::readable(DATA + number * u64::from(REQUEST), REQUEST);
    queue.chain(&[Buffer::readable(HEADERS + number * 16, 16), data, Buffer::writable(STATUSES + number, 1)]);
}

fn measure(subject: &Subject, rings: RingForm) -> Vec<Round> {
    let memory = guest_memory(MEMORY);
    let mut driver = MmioDriver::with_rings((subject.device)(), &memory, rings);
    let mut queues = driver.start(u128::MAX, RINGS);
    let mut queue = queues.swap_remove(subject.queue.into());
    (subject.prepare)(&driver);
    round(subject, &mut driver, &mut queue);
    (0..ROUNDS).map(|_| round(subject, &mut driver, &mut queue)).collect()
}

/// Batch after batch, for about as long as a round is.
fn round(subject: &Subject, driver: &mut MmioDriver, queue: &mut DriverQueue) -> Round {
    let (start, cpu, allocated) = (Instant::now(), cpu_of_others(), allocations::count_elsewhere());
    let mut done = 0;
    while start.elapsed() < ROUND {
        (0..u64::from(DEPTH)).for_each(|number| (subject.offer)(queue, number));
        queue.publish();
        driver.kick(subject.queue);
        let mut returned = 0;
        while returned < usize::from(DEPTH) {
            returned += driver.wait_used(queue).len();
        }
        done += u32::from(DEPTH);
    }
    let (done, elapsed) = (f64::from(done), start.elapsed().as_secs_f64());
    let allocated = u32::try_from(allocations::count_elsewhere() - allocated).unwrap_or(u32::MAX);
    Round {
        rate: done / elapsed,
        cpu: (cpu_of_others() - cpu).as_secs_f64() * 1e9 / done,
        allocations: f64::from(allocated) / done,
    }
}

/// The CPU time of all threads of this process but this one.
fn cpu_of_others() -> Duration {
    let own = rustix::thread::gettid().as_raw_nonzero().to_string();
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let others = threads.filter(|thread| thread.file_name().to_string_lossy() != own);
    let time = |thread: fs::DirEntry| -> Option<u64> {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(others.filter_map(time).sum())
}
