//! Requests through a real ring, as a driver makes them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use storage::Image;
use virtio_block::{Block, BlockSettings};
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};

/// Where the ring lies, and where headers, data and the status go.
const RING: u64 = 0x1000;
const TABLE: u64 = 0x8000;
const HEADER: u64 = 0x9000;
const STATUS: u64 = 0xa000;
const DATA: u64 = 0x1_0000;

const IN: u32 = 0;
const OUT: u32 = 1;
const FLUSH: u32 = 4;
const GET_ID: u32 = 8;
const DISCARD: u32 = 11;
const WRITE_ZEROES: u32 = 13;

const OK: u8 = 0;
const IO_ERROR: u8 = 1;
const UNSUPPORTED: u8 = 2;
/// What the status byte holds before the device writes it.
const UNTOUCHED: u8 = 0xee;

fn settings() -> BlockSettings {
    BlockSettings { serial: "serial number".to_owned(), ..BlockSettings::default() }
}

/// A block device with a driver attached.
struct Disk {
    driver: MmioDriver,
    queue: DriverQueue,
}

impl Disk {
    fn attach(rings: RingForm, device: Block) -> Self {
        let memory = guest_memory(1 << 20);
        let mut driver = MmioDriver::with_rings(Box::new(device), &memory, rings);
        let mut queues = driver.start(u128::MAX, RING);
        let queue = queues.pop().unwrap();
        assert!(queues.is_empty(), "a block device has one queue");
        Self { driver, queue }
    }

    /// An empty disk of `sectors` sectors in memory.
    fn scratch(rings: RingForm, sectors: u64) -> Self {
        Self::attach(rings, Block::new(Image::scratch(sectors * 512).unwrap(), &settings()))
    }

    fn store_header(&self, kind: u32, sector: u64) {
        self.driver.store(HEADER, &[&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat());
    }

    /// Submits a request with these data buffers between header and status. Returns the status and the bytes
    /// written.
    fn request(&mut self, kind: u32, sector: u64, data: &[Buffer]) -> (u8, u32) {
        self.store_header(kind, sector);
        self.driver.store(STATUS, &[UNTOUCHED]);
        let header = Buffer::readable(HEADER, 16);
        let buffers = [&[header], data, &[Buffer::writable(STATUS, 1)]].concat();
        let written = self.driver.submit(0, &mut self.queue, &buffers);
        (self.driver.load(STATUS, 1)[0], written)
    }

    fn write(&mut self, sector: u64, bytes: &[u8]) -> u8 {
        self.driver.store(DATA, bytes);
        self.request(OUT, sector, &[Buffer::readable(DATA, u32::try_from(bytes.len()).unwrap())]).0
    }

    fn read(&mut self, sector: u64, length: u32) -> Vec<u8> {
        self.driver.store(DATA, &vec![UNTOUCHED; length as usize]);
        let (status, written) = self.request(IN, sector, &[Buffer::writable(DATA, length)]);
        assert_eq!((status, written), (OK, length + 1));
        self.driver.load(DATA, length)
    }

    /// Requests that monitors see as failed.
    fn errors(&mut self) -> u64 {
        self.driver.transport().view().counters(0).unwrap().errors.get()
    }

    /// Submits a discard or write-zeroes request for ranges of sector, number of sectors, and flags.
    fn ranges(&mut self, kind: u32, ranges: &[(u64, u32, u32)]) -> u8 {
        let bytes: Vec<u8> = ranges
            .iter()
            .flat_map(|(sector, count, flags)| {
                [&sector.to_le_bytes()[..], &count.to_le_bytes(), &flags.to_le_bytes()].concat()
            })
            .collect();
        self.driver.store(DATA, &bytes);
        self.request(kind, 0, &[Buffer::readable(DATA, u32::try_from(bytes.len()).unwrap())]).0
    }
}

/// Bytes that differ from sector to sector.
fn pattern(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

fn image(bytes: &[u8]) -> tempfile::NamedTempFile {
    let image = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(image.path(), bytes).unwrap();
    image
}

fn of_image(rings: RingForm, image: &tempfile::NamedTempFile, read_only: bool) -> Disk {
    Disk::attach(rings, Block::new(Image::open(image.path(), read_only).unwrap(), &settings()))
}

#[test]
fn what_was_written_is_read_back() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 64);
        let data = pattern(8 * 512);
        assert_eq!(disk.write(3, &data), OK);
        assert_eq!(disk.read(3, 8 * 512), data);
        assert_eq!(disk.read(2, 1024), [&[0; 512][..], &data[..512]].concat());
        assert_eq!(disk.read(11, 512), [0; 512]);
        assert_eq!(disk.errors(), 0);
    }
}

#[test]
fn an_image_keeps_what_was_written() {
    for rings in RingForm::BOTH {
        let image = image(&[7; 2048]);
        let mut disk = of_image(rings, &image, false);
        assert_eq!(disk.read(0, 2048), [7; 2048]);
        assert_eq!(disk.write(1, &[8; 1024]), OK);
        assert_eq!(disk.request(FLUSH, 0, &[]), (OK, 1));
        assert_eq!(std::fs::read(image.path()).unwrap(), [[7; 512], [8; 512], [8; 512], [7; 512]].concat());
    }
}

#[test]
fn data_may_lie_in_many_buffers_of_any_length() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        let data = pattern(1024);
        disk.driver.store(DATA, &data);
        let scattered = |make: fn(u64, u32) -> Buffer| {
            [
                make(DATA, 1),
                make(DATA + 1, 510),
                make(DATA + 511, 0),
                make(DATA + 511, 512),
                make(DATA + 1023, 1),
            ]
        };
        assert_eq!(disk.request(OUT, 4, &scattered(Buffer::readable)), (OK, 1));
        disk.driver.store(DATA, &[0; 1024]);
        assert_eq!(disk.request(IN, 4, &scattered(Buffer::writable)), (OK, 1025));
        assert_eq!(disk.driver.load(DATA, 1024), data);
    }
}

#[test]
fn buffers_may_be_cut_anywhere() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        let data = pattern(512);
        // Header and data in one buffer, which is cut inside of the header.
        disk.store_header(OUT, 5);
        disk.driver.store(HEADER + 16, &data);
        let write = [
            Buffer::readable(HEADER, 3),
            Buffer::readable(HEADER + 3, 16 + 512 - 3),
            Buffer::writable(STATUS, 1),
        ];
        assert_eq!(disk.driver.submit(0, &mut disk.queue, &write), 1);
        // Data and status in one buffer.
        disk.store_header(IN, 5);
        disk.driver.store(DATA, &[0xee; 513]);
        let read = [Buffer::readable(HEADER, 16), Buffer::writable(DATA, 513)];
        assert_eq!(disk.driver.submit(0, &mut disk.queue, &read), 513);
        assert_eq!(disk.driver.load(DATA, 513), [&data[..], &[OK]].concat());
    }
}

#[test]
fn indirect_chains_and_batches_work() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        assert_eq!(disk.write(0, &pattern(8 * 512)), OK);
        disk.store_header(IN, 0);
        disk.driver.store(DATA, &[0; 16 * 512]);
        for request in 0..16 {
            let buffers = [
                Buffer::readable(HEADER, 16),
                Buffer::writable(DATA + request * 512, 512),
                Buffer::writable(STATUS + request, 1),
            ];
            disk.queue.indirect(TABLE + request * 64, &buffers);
        }
        disk.queue.publish();
        disk.driver.kick(0);
        let mut used = Vec::new();
        while used.len() < 16 {
            used.extend(disk.driver.wait_used(&mut disk.queue));
        }
        assert!(used.iter().all(|(_, written)| *written == 513));
        assert_eq!(disk.driver.load(DATA, 16 * 512), vec![pattern(512); 16].concat());
        assert_eq!(disk.driver.load(STATUS, 16), [OK; 16]);
    }
}

#[test]
fn a_failed_read_says_so_and_declares_nothing_written() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        for (sector, length) in [(8, 512), (7, 1024), (u64::MAX, 512), (0, 100), (0, 9 * 512)] {
            disk.driver.store(DATA, &vec![0xee; length as usize]);
            let (status, written) = disk.request(IN, sector, &[Buffer::writable(DATA, length)]);
            assert_eq!((status, written), (IO_ERROR, 0), "{sector} {length}");
            assert_eq!(disk.driver.load(DATA, length), vec![0xee; length as usize]);
        }
    }
}

#[test]
fn a_failed_write_writes_nothing() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        assert_eq!(disk.write(7, &[1; 1024]), IO_ERROR);
        assert_eq!(disk.write(0, &[1; 511]), IO_ERROR);
        assert_eq!(disk.write(8, &[1; 512]), IO_ERROR);
        assert_eq!(disk.errors(), 3);
        assert_eq!(disk.read(0, 8 * 512), [0; 8 * 512]);
    }
}

#[test]
fn unknown_requests_are_unsupported() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        for kind in [2, 3, 10, 14, 15, 16, 1 << 31] {
            assert_eq!(disk.request(kind, 0, &[]), (UNSUPPORTED, 1), "{kind}");
        }
        assert_eq!(disk.request(10, 0, &[Buffer::writable(DATA, 6)]), (UNSUPPORTED, 0));
        assert_eq!(disk.errors(), 8);
    }
}

#[test]
fn a_header_that_is_too_short_is_an_error() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        disk.store_header(IN, 0);
        for buffers in
            [&[Buffer::writable(STATUS, 1)][..], &[Buffer::readable(HEADER, 15), Buffer::writable(STATUS, 1)]]
        {
            disk.driver.store(STATUS, &[0xee]);
            assert_eq!(disk.driver.submit(0, &mut disk.queue, buffers), 1);
            assert_eq!(disk.driver.load(STATUS, 1), [IO_ERROR]);
        }
    }
}

#[test]
fn the_serial_number_identifies_the_disk() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        assert_eq!(disk.request(GET_ID, 0, &[Buffer::writable(DATA, 20)]), (OK, 21));
        assert_eq!(disk.driver.load(DATA, 20), b"serial number\0\0\0\0\0\0\0");
        // A buffer with room to spare: the status is at its end, and the bytes between were not written.
        assert_eq!(disk.request(GET_ID, 0, &[Buffer::writable(DATA, 64)]), (OK, 20));
        assert_eq!(disk.request(GET_ID, 0, &[Buffer::writable(DATA, 6)]), (OK, 7));
    }
}

#[test]
fn sectors_are_discarded_and_zeroed() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 64);
        for (kind, flags) in [(DISCARD, 0), (WRITE_ZEROES, 0), (WRITE_ZEROES, 1)] {
            assert_eq!(disk.write(0, &[0xaa; 64 * 512]), OK);
            assert_eq!(disk.ranges(kind, &[(8, 16, flags), (63, 1, flags)]), OK);
            let zeroed: Vec<usize> = disk
                .read(0, 64 * 512)
                .chunks(512)
                .enumerate()
                .filter(|(_, sector)| sector.iter().all(|byte| *byte == 0))
                .map(|(number, _)| number)
                .collect();
            assert_eq!(zeroed, (8..24).chain([63]).collect::<Vec<_>>());
        }
    }
}

#[test]
fn ranges_outside_the_rules_are_refused() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 64);
        assert_eq!(disk.ranges(DISCARD, &[(63, 2, 0)]), IO_ERROR);
        assert_eq!(disk.ranges(WRITE_ZEROES, &[(0, (1 << 17) + 1, 0)]), IO_ERROR);
        assert_eq!(disk.ranges(DISCARD, &[(0, 1, 1)]), UNSUPPORTED);
        assert_eq!(disk.ranges(WRITE_ZEROES, &[(0, 1, 1 << 31)]), UNSUPPORTED);
        assert_eq!(disk.ranges(WRITE_ZEROES, &[(0, 1, 0); 17]), IO_ERROR);
        assert_eq!(disk.request(DISCARD, 0, &[Buffer::readable(DATA, 15)]), (IO_ERROR, 1));
        assert_eq!(disk.request(WRITE_ZEROES, 0, &[]), (IO_ERROR, 1));
    }
}

#[test]
fn a_read_only_disk_cannot_be_changed() {
    for rings in RingForm::BOTH {
        let image = image(&[7; 1024]);
        let mut disk = of_image(rings, &image, true);
        assert_eq!(disk.read(0, 1024), [7; 1024]);
        assert_eq!(disk.write(0, &[8; 512]), IO_ERROR);
        assert_eq!(disk.ranges(DISCARD, &[(0, 1, 0)]), UNSUPPORTED);
        assert_eq!(disk.ranges(WRITE_ZEROES, &[(0, 1, 0)]), UNSUPPORTED);
        assert_eq!(disk.request(FLUSH, 0, &[]), (OK, 1));
        assert_eq!(std::fs::read(image.path()).unwrap(), [7; 1024]);
    }
}

#[test]
fn a_chain_without_room_for_a_status_breaks_the_device() {
    let mut disk = Disk::scratch(RingForm::Split, 8);
    disk.store_header(IN, 0);
    disk.queue.chain(&[Buffer::readable(HEADER, 16)]);
    disk.queue.publish();
    disk.driver.kick(0);
    // The interrupt is that of a configuration change: the status register has to be looked at.
    assert_eq!(disk.driver.wait_interrupt(), 2);
    let status = disk.driver.transport().view().status();
    insta::assert_snapshot!(status.failure.unwrap(), @"queue 0: the chain from head 0 has 0 bytes for the status of 1 bytes");
}

#[test]
fn a_device_that_was_reset_works_again_and_keeps_its_data() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::scratch(rings, 8);
        assert_eq!(disk.write(1, &[5; 512]), OK);
        disk.store_header(IN, 0);
        disk.queue.chain(&[Buffer::readable(HEADER, 16)]);
        disk.queue.publish();
        disk.driver.kick(0);
        disk.driver.wait_interrupt();
        disk.queue = disk.driver.start(u128::MAX, RING).pop().unwrap();
        assert_eq!(disk.read(1, 512), [5; 512]);
    }
}
