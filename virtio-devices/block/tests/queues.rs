//! Several queues at once: each has its own thread, and none waits for another.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]
#![allow(unsafe_code, reason = "an allocator that counts has to be one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::num::NonZeroU8;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use storage::Image;
use virtio_block::{Block, BlockSettings};
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};

struct CountingAllocator;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
/// The threads of one test must not count for the other.
static ALONE: Mutex<()> = Mutex::new(());

// SAFETY: all is left to the system's allocator; the counter is no allocation.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if std::thread::current().name().is_some_and(|name| name.starts_with("virtio-blk")) {
            ALLOCATIONS.fetch_add(1, Ordering::SeqCst);
        }
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the promises of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

const QUEUES: u16 = 3;
const RINGS: u64 = 0x1000;
/// Each queue has a part of memory: headers, statuses, data.
const PART: u64 = 0x4_0000;
const HEADERS: u64 = 0x1_0000;
const STATUSES: u64 = 0x1_8000;
const DATA: u64 = 0x2_0000;
const REQUESTS: u64 = 16;
const LENGTH: u64 = 4096;

struct Disk {
    driver: MmioDriver,
    queues: Vec<DriverQueue>,
}

impl Disk {
    fn new(rings: RingForm, image: &Path) -> Self {
        let settings = BlockSettings { queues: NonZeroU8::new(3).unwrap(), ..BlockSettings::default() };
        let device = Block::new(Image::open(image, false).unwrap(), &settings);
        let mut driver = MmioDriver::with_rings(Box::new(device), &guest_memory(0x20_0000), rings);
        let queues = driver.start(u128::MAX, RINGS);
        assert_eq!(queues.len(), usize::from(QUEUES));
        Self { driver, queues }
    }

    /// Offers requests of one kind on a queue, each for a block that no other queue has, and kicks.
    fn offer(&mut self, index: u16, kind: u32) {
        let base = u64::from(index) * PART;
        for number in 0..REQUESTS {
            let sector = (u64::from(index) * REQUESTS + number) * LENGTH / 512;
            let header = base + HEADERS + number * 16;
            self.driver.store(header, &[&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat());
            self.driver.store(base + STATUSES + number, &[0xee]);
            let data = Buffer {
                address: base + DATA + number * LENGTH,
                length: u32::try_from(LENGTH).unwrap(),
                writable: kind == 0,
            };
            let buffers = [Buffer::readable(header, 16), data, Buffer::writable(base + STATUSES + number, 1)];
            self.queues[usize::from(index)].chain(&buffers);
        }
        self.queues[usize::from(index)].publish();
        self.driver.kick(index);
    }

    /// Waits for all that was offered on a queue.
    fn take(&mut self, index: u16) {
        let mut taken = 0;
        while taken < usize::try_from(REQUESTS).unwrap() {
            taken += self.driver.wait_used(&mut self.queues[usize::from(index)]).len();
        }
        let statuses = self.driver.load(u64::from(index) * PART + STATUSES, u32::try_from(REQUESTS).unwrap());
        assert!(statuses.iter().all(|status| *status == 0), "{statuses:?}");
    }

    fn round(&mut self, kind: u32) {
        (0..QUEUES).for_each(|index| self.offer(index, kind));
        (0..QUEUES).for_each(|index| self.take(index));
    }
}

fn image() -> tempfile::NamedTempFile {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(u64::from(QUEUES) * REQUESTS * LENGTH).unwrap();
    image
}

#[test]
fn queues_work_at_once_without_an_allocation_and_every_block_is_where_it_belongs() {
    let _alone = ALONE.lock().unwrap();
    for rings in RingForm::BOTH {
        let image = image();
        let mut disk = Disk::new(rings, image.path());
        let blocks = u64::from(QUEUES) * REQUESTS;
        for block in 0..blocks {
            let (index, number) = (block / REQUESTS, block % REQUESTS);
            disk.driver.store(index * PART + DATA + number * LENGTH, &[u8::try_from(block).unwrap(); 4096]);
        }
        for _ in 0..3 {
            disk.round(1);
            disk.round(0);
        }
        let before = ALLOCATIONS.load(Ordering::SeqCst);
        for _ in 0..20 {
            disk.round(1);
            disk.round(0);
        }
        assert_eq!(
            ALLOCATIONS.load(Ordering::SeqCst) - before,
            0,
            "requests in steady state allocate nothing"
        );
        let bytes = std::fs::read(image.path()).unwrap();
        let expected: Vec<u8> = (0..blocks).flat_map(|block| [u8::try_from(block).unwrap(); 4096]).collect();
        assert!(bytes == expected, "a block is not where it belongs");
        let view = disk.driver.view();
        for queue in 0..QUEUES {
            let counters = view.counters(queue).unwrap();
            assert_eq!((counters.requests.get(), counters.errors.get()), (46 * REQUESTS, 0));
        }
    }
}

#[test]
fn a_pause_and_a_reset_leave_nothing_under_way() {
    let _alone = ALONE.lock().unwrap();
    for rings in RingForm::BOTH {
        let image = image();
        let mut disk = Disk::new(rings, image.path());
        for _ in 0..10 {
            disk.offer(0, 0);
            disk.offer(1, 1);
            disk.driver.transport().pause();
            let view = disk.driver.view();
            assert!((0..QUEUES).all(|queue| view.in_flight(queue).is_empty()));
            disk.driver.transport().resume();
            disk.take(0);
            disk.take(1);
            disk.offer(2, 0);
            disk.queues = disk.driver.start(u128::MAX, RINGS);
        }
        disk.round(0);
    }
}
