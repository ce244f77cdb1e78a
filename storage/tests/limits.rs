//! What limits do to requests, and what is counted of them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where it fails")]

use qapi_schema::rate_limits::{RateLimit, RateLimits};
use rate_limits::unlimited;
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use storage::faults::Faults;
use storage::{Channel, Completion, GuestMemory, Image, Operation, Request, RequestKind};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const SIZE: u64 = 1 << 20;
const READ: Operation = Operation::Read { offset: 0 };
const WRITE: Operation = Operation::Write { offset: 4096 };

/// So little that after the first request nothing passes for longer than any test takes.
fn narrow() -> Option<RateLimit> {
    Some(RateLimit { rate: 1, burst: None, burst_seconds: None })
}

fn memory() -> GuestMemory {
    Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 1 << 20)]).unwrap())
}

fn start(channel: &mut Channel, tag: u64, operation: Operation) {
    let moves = matches!(operation, Operation::Read { .. } | Operation::Write { .. });
    let buffer = moves.then_some((GuestAddress(0x1000), 4096));
    channel.start(Request { tag, operation, stable: false }, buffer);
}

/// All that comes to its end without waiting for a limit.
fn finish(channel: &mut Channel) -> Vec<u64> {
    let mut done: Vec<Completion> = std::iter::from_fn(|| channel.wait()).collect();
    assert!(done.iter().all(|completion| completion.result.is_ok()));
    done.sort_by_key(|completion| completion.tag);
    done.into_iter().map(|completion| completion.tag).collect()
}

/// Waits until one of the channel's sources is readable.
#[allow(unsafe_code, reason = "the channel keeps its descriptors open")]
fn sleep_until_ready(channel: &Channel) {
    // SAFETY: the channel is there, and with it its sources.
    let sources: Vec<BorrowedFd<'_>> =
        channel.sources().map(|source| unsafe { BorrowedFd::borrow_raw(source) }).collect();
    let mut sources: Vec<_> = sources
        .iter()
        .map(|source| rustix::event::PollFd::new(source, rustix::event::PollFlags::IN))
        .collect();
    rustix::event::poll(&mut sources, None).unwrap();
}

/// Images that are served in each of the three ways.
fn images() -> Vec<(Image, Option<tempfile::NamedTempFile>)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(SIZE).unwrap();
    let raw = Image::open(file.path(), false).unwrap();
    let scratch = || Image::scratch(SIZE).unwrap();
    vec![(scratch(), None), (scratch().with_faults(&Faults::default()), None), (raw, Some(file))]
}

#[test]
fn what_is_held_back_keeps_nobody_waiting_and_goes_on_when_it_may() {
    for (image, _file) in images() {
        image.limiter().set(RateLimits { bytes: narrow(), ..unlimited() }).unwrap();
        let mut channel = Channel::new(&image, memory(), 8).unwrap();
        (0..3).for_each(|tag| start(&mut channel, tag, READ));
        start(&mut channel, 3, WRITE);
        start(&mut channel, 4, Operation::Flush);
        // A wait ends although three of them are not done: a machine that is to stop does.
        assert_eq!(finish(&mut channel), [0, 4]);
        assert_eq!(channel.under_way(), 3);
        assert_eq!(image.limiter().held_back().waiting(), 3);
        image.limiter().set(unlimited()).unwrap();
        let mut done = Vec::new();
        while done.len() < 3 {
            sleep_until_ready(&channel);
            done.extend(std::iter::from_fn(|| channel.next_done()).map(|completion| completion.tag));
        }
        done.sort_unstable();
        assert_eq!((done, channel.under_way()), (vec![1, 2, 3], 0));
        let held_back = image.limiter().held_back();
        assert_eq!((held_back.waiting(), held_back.ever()), (0, 3));
        assert!(held_back.nanoseconds() > 0);
    }
}

#[test]
fn a_limit_of_one_direction_does_not_hold_up_the_other() {
    let image = Image::scratch(SIZE).unwrap();
    image.limiter().set(RateLimits { operations_to_guest: narrow(), ..unlimited() }).unwrap();
    let mut channel = Channel::new(&image, memory(), 8).unwrap();
    for tag in 0..3 {
        start(&mut channel, tag, READ);
        start(&mut channel, 10 + tag, WRITE);
    }
    assert_eq!(finish(&mut channel), [0, 10, 11, 12]);
}

#[test]
fn channels_share_the_limits_of_their_image() {
    let image = Image::scratch(SIZE).unwrap();
    let [mut first, mut second] = [(); 2].map(|()| Channel::new(&image, memory(), 8).unwrap());
    image.limiter().set(RateLimits { bytes: narrow(), ..unlimited() }).unwrap();
    start(&mut first, 1, READ);
    start(&mut second, 2, READ);
    assert_eq!((finish(&mut first), finish(&mut second)), (vec![1], vec![]));
    image.limiter().set(unlimited()).unwrap();
    assert_eq!(second.next_done().unwrap().tag, 2);
}

#[test]
fn what_is_held_back_can_be_given_up_and_has_not_touched_anything() {
    let (image, memory) = (Image::scratch(SIZE).unwrap(), memory());
    image.limiter().set(RateLimits { bytes: narrow(), ..unlimited() }).unwrap();
    let mut channel = Channel::new(&image, memory.clone(), 8).unwrap();
    memory.write_slice(b"old", GuestAddress(0x1000)).unwrap();
    (0..4).for_each(|tag| start(&mut channel, tag, WRITE));
    start(&mut channel, 2, READ);
    assert_eq!(finish(&mut channel), [0]);
    assert_eq!((channel.cancel(2), channel.cancel(2), channel.cancel(0)), (2, 0, 0));
    channel.give_up_held();
    assert_eq!((channel.under_way(), image.limiter().held_back().waiting()), (0, 0));
    image.limiter().set(unlimited()).unwrap();
    assert!(channel.wait().is_none());
    assert_eq!(image.statistics().wr_operations, 1);
}

#[test]
fn for_those_who_wait_nothing_is_held_back_and_others_wait_for_what_they_use() {
    let image = Image::scratch(SIZE).unwrap();
    image.limiter().set(RateLimits { bytes: narrow(), ..unlimited() }).unwrap();
    let mut waiting = Channel::never_held_back(&image, memory(), 1).unwrap();
    (0..2).for_each(|tag| start(&mut waiting, tag, READ));
    assert_eq!(finish(&mut waiting), [0, 1]);
    let mut other = Channel::new(&image, memory(), 1).unwrap();
    start(&mut other, 2, READ);
    assert!(finish(&mut other).is_empty());
}

#[test]
fn what_was_done_is_counted_and_outlives_the_channel() {
    for (image, _file) in images() {
        let mut channel = Channel::new(&image, memory(), 8).unwrap();
        start(&mut channel, 0, READ);
        start(&mut channel, 1, READ);
        start(&mut channel, 2, WRITE);
        start(&mut channel, 3, Operation::Flush);
        start(&mut channel, 4, Operation::Discard { offset: 0, length: 512 });
        start(&mut channel, 5, Operation::WriteZeroes { offset: 8192, length: 1024, may_unmap: false });
        start(&mut channel, 6, Operation::WriteZeroes { offset: 16384, length: 512, may_unmap: true });
        channel.count_refused(RequestKind::Write);
        finish(&mut channel);
        let while_open = image.statistics();
        drop(channel);
        let statistics = image.statistics();
        assert_eq!(while_open.rd_operations, statistics.rd_operations);
        assert_eq!((statistics.rd_operations, statistics.rd_bytes), (2, 8192));
        assert_eq!((statistics.wr_operations, statistics.wr_bytes), (2, 4096 + 1024));
        assert_eq!((statistics.unmap_operations, statistics.unmap_bytes), (2, 1024));
        assert_eq!(statistics.flush_operations, 1);
        assert_eq!(statistics.wr_highest_offset, 16384 + 512);
        assert_eq!((statistics.invalid_wr_operations, statistics.invalid_rd_operations), (1, 0));
        assert!(statistics.rd_total_time_ns > 0 && statistics.idle_time_ns.is_some());
    }
}

#[test]
fn what_fails_counts_as_that_and_as_nothing_else() {
    let faults = Faults::default();
    let image = Image::scratch(SIZE).unwrap().with_faults(&faults);
    faults.set(|operation| (operation == READ).then_some(5));
    let mut channel = Channel::new(&image, memory(), 8).unwrap();
    start(&mut channel, 0, READ);
    assert!(channel.wait().unwrap().result.is_err());
    let statistics = image.statistics();
    assert_eq!((statistics.rd_operations, statistics.rd_bytes, statistics.failed_rd_operations), (0, 0, 1));
    assert_eq!((statistics.rd_total_time_ns, statistics.idle_time_ns), (0, None));
}

#[test]
fn an_image_says_what_it_is() {
    let scratch = Image::scratch(SIZE).unwrap().info();
    assert_eq!((scratch.filename.as_str(), scratch.format.as_str()), ("", "memory"));
    assert_eq!((scratch.virtual_size, scratch.actual_size), (1 << 20, Some(0)));
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(SIZE).unwrap();
    let raw = Image::open(file.path(), true).unwrap().info();
    assert_eq!((raw.filename, raw.format.as_str()), (file.path().display().to_string(), "raw"));
    assert_eq!((raw.virtual_size, raw.actual_size), (1 << 20, Some(0)));
}
