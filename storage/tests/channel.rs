//! What goes through a channel, whatever the image and the engine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;
use storage::faults::Faults;
use storage::{Channel, EngineKind, GuestMemory, Image, ImageError, Operation, Request};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const MEMORY: usize = 1 << 20;
const SIZE: u64 = 1 << 20;

fn memory() -> GuestMemory {
    Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).unwrap())
}

fn file(size: u64) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(size).unwrap();
    file
}

fn request(tag: u64, operation: Operation) -> Request {
    Request { tag, operation, stable: false }
}

/// One request from beginning to end.
fn run(channel: &mut Channel, operation: Operation, buffers: &[(u64, u32)]) -> Result<(), std::io::Error> {
    channel.start(
        request(7, operation),
        buffers.iter().map(|(address, length)| (GuestAddress(*address), *length)),
    );
    let completion = channel.wait().unwrap();
    assert_eq!((completion.tag, completion.operation), (7, operation));
    assert!(channel.next_done().is_none() && channel.under_way() == 0);
    completion.result
}

/// Every kind of image with its channel; what keeps it alive comes first.
fn every_image(test: impl Fn(&GuestMemory, Channel, Option<&File>)) {
    let memory = memory();
    let temporary = file(SIZE);
    let raw = Image::open(temporary.path(), false).unwrap();
    let channel = |image: &Image| Channel::new(image, memory.clone(), 8).unwrap();
    let threads = channel(&raw.with_faults(&Faults::default()));
    assert_eq!(threads.engine(), EngineKind::Threads);
    test(&memory, threads, Some(temporary.as_file()));
    let ring = channel(&raw);
    match ring.engine() {
        EngineKind::Ring => test(&memory, ring, Some(temporary.as_file())),
        other => eprintln!("skipped: this host has no io_uring for us ({other:?} it is)"),
    }
    let scratch = channel(&Image::scratch(SIZE).unwrap());
    assert_eq!(scratch.engine(), EngineKind::Immediate);
    test(&memory, scratch, None);
}

#[test]
fn scattered_data_is_written_and_read_back() {
    every_image(|memory, mut channel, file| {
        memory.write_slice(b"in three pieces, one empty", GuestAddress(0x100)).unwrap();
        let pieces = [(0x100, 3), (0x100, 0), (0x103, 23)];
        run(&mut channel, Operation::Write { offset: 1000 }, &pieces).unwrap();
        run(&mut channel, Operation::Flush, &[]).unwrap();
        run(&mut channel, Operation::Read { offset: 998 }, &[(0x300, 1), (0x200, 29)]).unwrap();
        let mut data = [0xff; 29];
        memory.read_slice(&mut data, GuestAddress(0x200)).unwrap();
        assert_eq!(&data, b"\0in three pieces, one empty\0\0");
        if let Some(file) = file {
            let mut data = [0; 5];
            file.read_exact_at(&mut data, 1003).unwrap();
            assert_eq!(&data, b"three");
        }
    });
}

#[test]
fn many_at_once_all_come_to_their_end() {
    every_image(|memory, mut channel, _| {
        for round in 0..4_u64 {
            for tag in 0..40 {
                memory.write_obj(round << 32 | tag, GuestAddress(tag * 8)).unwrap();
                let write =
                    Request { stable: tag % 4 == 0, ..request(tag, Operation::Write { offset: tag * 4096 }) };
                channel.start(write, [(GuestAddress(tag * 8), 8)]);
            }
            assert_eq!(channel.under_way(), 40);
            let tags: BTreeSet<u64> = std::iter::from_fn(|| channel.wait())
                .map(|done| done.result.map(|()| done.tag).unwrap())
                .collect();
            assert_eq!(tags, (0..40).collect());
            for tag in 0..40 {
                channel.start(
                    request(tag, Operation::Read { offset: tag * 4096 }),
                    [(GuestAddress(0x1000 + tag * 8), 8)],
                );
            }
            assert_eq!(std::iter::from_fn(|| channel.wait()).count(), 40);
            let read: BTreeMap<u64, u64> =
                (0..40).map(|tag| (tag, memory.read_obj(GuestAddress(0x1000 + tag * 8)).unwrap())).collect();
            assert!(read.iter().all(|(tag, value)| *value == round << 32 | tag), "{read:x?}");
        }
    });
}

#[test]
fn longer_lists_than_the_kernel_takes_at_once() {
    every_image(|memory, mut channel, _| {
        let pieces: Vec<(u64, u32)> = (0..3000).map(|index| (index * 16, 4)).collect();
        for (address, _) in &pieces {
            memory.write_obj(u32::try_from(*address).unwrap(), GuestAddress(*address)).unwrap();
        }
        run(&mut channel, Operation::Write { offset: 512 }, &pieces).unwrap();
        run(&mut channel, Operation::Read { offset: 512 }, &[(0x8_0000, 12_000)]).unwrap();
        for (index, (address, _)) in pieces.iter().enumerate() {
            let value: u32 = memory.read_obj(GuestAddress(0x8_0000 + index as u64 * 4)).unwrap();
            assert_eq!(u64::from(value), *address);
        }
    });
}

#[test]
fn zeroes_and_discards() {
    every_image(|memory, mut channel, file| {
        memory.write_slice(&[0xaa; 0x4000], GuestAddress(0)).unwrap();
        for may_unmap in [false, true] {
            run(&mut channel, Operation::Write { offset: 0 }, &[(0, 0x4000)]).unwrap();
            run(&mut channel, Operation::WriteZeroes { offset: 0x1000, length: 0x2000, may_unmap }, &[])
                .unwrap();
            run(&mut channel, Operation::Read { offset: 0 }, &[(0x8000, 0x4000)]).unwrap();
            let mut data = vec![1; 0x4000];
            memory.read_slice(&mut data, GuestAddress(0x8000)).unwrap();
            let expected = |at| if (0x1000..0x3000).contains(&at) { 0 } else { 0xaa };
            assert!((0..).zip(&data).all(|(at, byte)| *byte == expected(at)));
        }
        let blocks = || file.map(|file| file.metadata().unwrap().blocks());
        let before = blocks();
        run(&mut channel, Operation::Discard { offset: 0, length: SIZE }, &[]).unwrap();
        run(&mut channel, Operation::Discard { offset: 0, length: 0 }, &[]).unwrap();
        assert!(before.is_none() || blocks() < before, "the host has got its storage back");
    });
}

#[test]
fn an_image_that_shrinks_gives_short_reads_which_are_errors() {
    let temporary = file(SIZE);
    let raw = Image::open(temporary.path(), false).unwrap();
    temporary.as_file().set_len(0x1800).unwrap();
    for image in [raw.with_faults(&Faults::default()), raw] {
        let mut channel = Channel::new(&image, memory(), 8).unwrap();
        run(&mut channel, Operation::Read { offset: 0x1000 }, &[(0, 0x800)]).unwrap();
        let error = run(&mut channel, Operation::Read { offset: 0x1000 }, &[(0, 0x1000)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}

#[test]
fn a_panic_of_what_reads_the_image_is_an_error_of_the_request() {
    let faults = Faults::default();
    let image = Image::scratch(SIZE).unwrap().with_faults(&faults);
    let mut channel = Channel::new(&image, memory(), 8).unwrap();
    faults.set(|operation| if operation == Operation::Flush { panic!("as the test wants") } else { None });
    for _ in 0..20 {
        let error = run(&mut channel, Operation::Flush, &[]).unwrap_err();
        assert_eq!(error.to_string(), "the image's driver has panicked");
    }
    run(&mut channel, Operation::Read { offset: 0 }, &[(0, 512)]).unwrap();
}

#[test]
fn errors_belong_to_the_request_that_met_them() {
    let faults = Faults::default();
    let image = Image::scratch(SIZE).unwrap().with_faults(&faults);
    let mut channel = Channel::new(&image, memory(), 8).unwrap();
    faults.set(|operation| match operation {
        Operation::Write { offset: 512 } => Some(libc::ENOSPC),
        Operation::Flush => Some(libc::EIO),
        _ => None,
    });
    for tag in 0..3 {
        channel.start(request(tag, Operation::Write { offset: tag * 512 }), [(GuestAddress(0), 512)]);
    }
    channel.start(Request { stable: true, ..request(3, Operation::Write { offset: 0 }) }, []);
    let results: BTreeMap<u64, Option<i32>> = std::iter::from_fn(|| channel.wait())
        .map(|done| (done.tag, done.result.err().and_then(|error| error.raw_os_error())))
        .collect();
    assert_eq!(results, [(0, None), (1, Some(libc::ENOSPC)), (2, None), (3, Some(libc::EIO))].into());
    let outside = run(&mut channel, Operation::Read { offset: 0 }, &[(MEMORY as u64 - 1, 2)]);
    assert!(outside.is_err(), "a buffer that is not in guest memory");
}

#[test]
fn a_writer_excludes_others_and_readers_share() {
    let temporary = file(512);
    let writer = Image::open(temporary.path(), false).unwrap();
    assert!(matches!(Image::open(temporary.path(), false), Err(ImageError::InUse { .. })));
    assert!(matches!(Image::open(temporary.path(), true), Err(ImageError::InUse { .. })));
    drop(writer);
    let _first = Image::open(temporary.path(), true).unwrap();
    let _second = Image::open(temporary.path(), true).unwrap();
    assert!(matches!(Image::open(temporary.path(), false), Err(ImageError::InUse { .. })));
}

#[test]
fn what_the_page_cache_takes_at_once_waits_for_nobody() {
    let temporary = file(SIZE);
    let mut channel = Channel::new(&Image::open(temporary.path(), false).unwrap(), memory(), 8).unwrap();
    if channel.engine() != EngineKind::Ring {
        return eprintln!("skipped: this host has no io_uring for us");
    }
    channel.start(request(1, Operation::Write { offset: 512 }), [(GuestAddress(0), 4096)]);
    assert_eq!(channel.next_done().map(|done| done.tag), Some(1));
    // A long one, and one that is to be stable, are the kernel's.
    channel.start(request(2, Operation::Write { offset: 0 }), [(GuestAddress(0), 128 << 10)]);
    let stable = Request { stable: true, ..request(3, Operation::Write { offset: 0 }) };
    channel.start(stable, [(GuestAddress(0), 512)]);
    assert!(channel.next_done().is_none());
    assert_eq!(std::iter::from_fn(|| channel.wait()).filter(|done| done.result.is_ok()).count(), 2);
}

#[test]
fn an_image_is_free_for_others_as_soon_as_its_last_user_is_gone() {
    let temporary = file(SIZE);
    for _ in 0..50 {
        let image = Image::open(temporary.path(), false).unwrap();
        let mut channel = Channel::new(&image, memory(), 8).unwrap();
        run(&mut channel, Operation::Read { offset: 0 }, &[(0, 512)]).unwrap();
    }
}

#[test]
fn mistakes_name_the_image_and_what_is_wrong() {
    let message = |result: Result<Image, ImageError>| result.unwrap_err().to_string();
    insta::assert_snapshot!(message(Image::open(Path::new("/nonexistent/disk.img"), false)), @"cannot open disk image '/nonexistent/disk.img': No such file or directory (os error 2); a readable (and without readonly=on, writable) file or block device is needed");
    insta::assert_snapshot!(message(Image::open(Path::new("/"), true)), @"disk image '/' is neither a regular file nor a block device");
    insta::assert_snapshot!(message(Image::open(Path::new("/dev/null"), true)), @"disk image '/dev/null' is neither a regular file nor a block device");
    insta::assert_snapshot!(message(Image::open(file(513).path(), false)), @"disk size 513 is not a whole number of 512-byte sectors");
    assert!(matches!(Image::scratch(u64::MAX / 512 * 512), Err(ImageError::Scratch { .. })));
}
