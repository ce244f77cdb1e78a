//! A qcow2 image holds what was written, and those who check such images find nothing wrong with it.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use imago::file::File;
use imago::qcow2::Qcow2;
use imago::{FormatCreateBuilder, Storage, StorageCreateOptions};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use storage::{Channel, EngineKind, GuestMemory, Image, ImageError, Operation, Request};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const SIZE: usize = 4 << 20;
/// Blocks that are written by one request.
const BLOCK: usize = 64 << 9;

fn open(path: &Path) -> (GuestMemory, Channel) {
    let memory: GuestMemory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), SIZE)]).unwrap());
    let image = Image::open_qcow2(path, false).unwrap();
    assert_eq!(image.size(), SIZE as u64);
    let channel = Channel::new(&image, Arc::clone(&memory), 64).unwrap();
    assert_eq!(channel.engine(), EngineKind::Threads);
    (memory, channel)
}

fn finish(channel: &mut Channel) {
    while let Some(completion) = channel.wait() {
        completion.result.unwrap();
    }
}

fn start(channel: &mut Channel, operation: Operation, buffers: &[(GuestAddress, u32)]) {
    channel.start(Request { tag: 0, operation, stable: false }, buffers.iter().copied());
}

/// Writes every other block, many at once, zeroes some and discards some. Returns what the disk holds then.
fn exercise(path: &Path) -> Vec<u8> {
    let (memory, mut channel) = open(path);
    let mut expected = vec![0_u8; SIZE];
    for (number, block) in expected.chunks_mut(BLOCK).enumerate().filter(|(number, _)| number % 2 == 1) {
        let address = GuestAddress((number * BLOCK) as u64);
        block.fill(u8::try_from(number % 251).unwrap());
        memory.write_slice(block, address).unwrap();
        let half = u32::try_from(BLOCK / 2).unwrap();
        let second = GuestAddress(address.0 + u64::from(half));
        start(&mut channel, Operation::Write { offset: address.0 }, &[(address, half), (second, half)]);
    }
    finish(&mut channel);
    let (offset, length) = (BLOCK as u64, 3 * BLOCK as u64);
    start(&mut channel, Operation::WriteZeroes { offset, length, may_unmap: true }, &[]);
    expected[BLOCK..4 * BLOCK].fill(0);
    finish(&mut channel);
    // What a discarded range reads as is not said: it is written again.
    start(&mut channel, Operation::Discard { offset: 0, length: 1 << 20 }, &[]);
    finish(&mut channel);
    memory.write_slice(&expected[..1 << 20], GuestAddress(0)).unwrap();
    start(&mut channel, Operation::Write { offset: 0 }, &[(GuestAddress(0), 1 << 20)]);
    finish(&mut channel);
    start(&mut channel, Operation::Flush, &[]);
    finish(&mut channel);
    expected
}

fn read_all(path: &Path) -> Vec<u8> {
    let (memory, mut channel) = open(path);
    for offset in (0..SIZE as u64).step_by(BLOCK) {
        start(
            &mut channel,
            Operation::Read { offset },
            &[(GuestAddress(offset), u32::try_from(BLOCK).unwrap())],
        );
    }
    finish(&mut channel);
    let mut data = vec![0; SIZE];
    memory.read_slice(&mut data, GuestAddress(0)).unwrap();
    data
}

#[test]
fn what_was_written_is_there_when_the_image_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("disk.qcow2");
    let file = File::create_open(StorageCreateOptions::new().filename(&path).size(0)).unwrap();
    Qcow2::<File>::create_builder(file).size(SIZE as u64).create().unwrap();
    let expected = exercise(&path);
    assert!(read_all(&path) == expected, "the image does not hold what was written");
}

#[test]
fn an_image_of_qemu_img_is_clean_afterwards() {
    let qemu_img = |arguments: &[&str]| Command::new("qemu-img").args(arguments).output();
    if let Err(error) = qemu_img(&["--version"]) {
        return eprintln!("skipped: there is no qemu-img here ({error})");
    }
    let directory = tempfile::tempdir().unwrap();
    for options in ["compat=1.1", "compat=1.1,cluster_size=4096", "cluster_size=2M,lazy_refcounts=on"] {
        let path = directory.path().join("disk.qcow2");
        let (text, raw) = (path.to_str().unwrap(), directory.path().join("disk.raw"));
        assert!(
            qemu_img(&["create", "-q", "-f", "qcow2", "-o", options, text, "4M"]).unwrap().status.success()
        );
        let expected = exercise(&path);
        let check = qemu_img(&["check", "-f", "qcow2", text]).unwrap();
        assert!(check.status.success(), "{options}: {check:?}");
        let raw_text = raw.to_str().unwrap();
        assert!(qemu_img(&["convert", "-f", "qcow2", "-O", "raw", text, raw_text]).unwrap().status.success());
        assert!(std::fs::read(&raw).unwrap() == expected, "{options}: qemu-img reads something else");
        assert!(read_all(&path) == expected, "{options}: we read something else");
    }
    // Whoever makes an image must not choose which of the host's files the guest reads.
    let path = directory.path().join("overlay.qcow2");
    let create =
        ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", "/etc/hostname", path.to_str().unwrap(), "4M"];
    assert!(qemu_img(&create).unwrap().status.success());
    let error = Image::open_qcow2(&path, true).unwrap_err().to_string();
    assert!(error.contains("denied"), "{error}");
}

#[test]
fn what_cannot_be_used_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("disk.qcow2");
    std::fs::write(&path, [0; 4096]).unwrap();
    let error = Image::open_qcow2(&path, true).unwrap_err();
    assert!(matches!(error, ImageError::Format { .. }), "{error}");
}
