//! Disks: one that forgets everything, and a file that is wholly in the page cache. Requests of 4 KiB, all over the disk.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::io::Write;

use storage::{Image, ImageError};
use virtio_block::{Block, BlockSettings};
use virtio_core::Device;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver};

use super::station::{DEPTH, FREE, OtherEnd, Subject};

/// A header of 16 bytes, a status byte and data for each of the requests under way.
const HEADERS: u64 = FREE;
const STATUSES: u64 = FREE + 0x1_0000;
const DATA: u64 = FREE + 0x8_0000;
/// Bytes of a request.
const REQUEST: u32 = 4096;
/// Bytes of a disk.
const DISK: u64 = 64 << 20;
/// The types of requests (virtio 1.3, 5.2.6).
const IN: u32 = 0;
const OUT: u32 = 1;

pub(super) fn subjects() -> Vec<Subject> {
    let subject = |name, make, prepare, offer| Subject { name, make, queue: 0, prepare, offer };
    vec![
        subject("block, null, read", null, store_headers::<IN>, offer_read),
        subject("block, null, write", null, store_headers::<OUT>, offer_write),
        subject("block, file, read", file, store_headers::<IN>, offer_read),
        subject("block, file, write", file, store_headers::<OUT>, offer_write),
    ]
}

fn null() -> (Box<dyn Device>, OtherEnd) {
    (disk(Image::null(DISK)), OtherEnd::none())
}

fn file() -> (Box<dyn Device>, OtherEnd) {
    let no_room = |error: std::io::Error| -> ! { panic!("there is no room for a disk: {error}") };
    let mut file = tempfile::NamedTempFile::new().unwrap_or_else(|error| no_room(error));
    // In small pieces, as a guest writes: on ext4 (seen with Linux 6.18) a block of a file that was written in large ones
    // takes 16 us to write instead of one.
    for _ in 0..DISK / u64::from(REQUEST) {
        file.write_all(&[0x5a; REQUEST as usize]).unwrap_or_else(|error| no_room(error));
    }
    // Its name is not needed any more.
    (disk(Image::open(file.path(), false)), OtherEnd::none())
}

fn disk(image: Result<Image, ImageError>) -> Box<dyn Device> {
    let image = image.unwrap_or_else(|error| panic!("{error}"));
    Box::new(Block::new(image, &BlockSettings::default()))
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
    offer(queue, number, Buffer::writable(DATA + number * u64::from(REQUEST), REQUEST));
}

fn offer_write(queue: &mut DriverQueue, number: u64) {
    offer(queue, number, Buffer::readable(DATA + number * u64::from(REQUEST), REQUEST));
}

fn offer(queue: &mut DriverQueue, number: u64, data: Buffer) {
    queue.chain(&[Buffer::readable(HEADERS + number * 16, 16), data, Buffer::writable(STATUSES + number, 1)]);
}
