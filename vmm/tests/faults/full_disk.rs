//! Disks over files for which the host has no room left, and console output that it has none for.

use std::fs;
use std::path::PathBuf;

use storage::Image;
use storage::faults::Faults;
use virtio_core::driver::skipped;

use crate::disk::Wanted::{Flush, Read, Write};
use crate::disk::{Answer, Disk, KINDS};
use crate::files::{SmallDisk, option};

const SIZE: u64 = 256 << 10;
const FULL: &str = "No space left on device (os error 28)";
/// Sense of SCSI: space allocation failed.
const NO_SPACE: (u8, u8, u8) = (7, 0x27, 7);

/// A file on a file system that has room for four pages, none of which the file has; and what holds the room when the disk is
/// in use.
fn place() -> Option<SmallDisk> {
    SmallDisk::new(4 << 12).map_err(skipped).ok()
}

/// Disks of both kinds that the kernel works on where it can, and one that threads work on. Each has a file of its own: another
/// test that starts a program holds on to an open file, and its lock, for a moment.
fn disks(place: &SmallDisk, write: &str) -> Vec<(PathBuf, Box<dyn FnOnce() -> Disk>)> {
    let mut disks: Vec<(PathBuf, Box<dyn FnOnce() -> Disk>)> = Vec::new();
    for (kind, name) in KINDS.into_iter().zip(["block", "scsi"]) {
        let file = place.sparse(name, SIZE);
        let (path, options) = (option(&file).to_owned(), format!("werror={write}"));
        disks.push((file, Box::new(move || Disk::new(kind, &path, &options))));
    }
    let (file, write) = (place.sparse("on-threads", SIZE), write.to_owned());
    let path = file.clone();
    disks.push((
        file,
        Box::new(move || {
            Disk::faulty(&Image::open(&path, false).unwrap(), &Faults::default(), "report", &write)
        }),
    ));
    disks
}

#[test]
fn a_full_disk_stops_the_machine_until_there_is_room() {
    let Some(place) = place() else { return };
    for ((path, disk), sector) in disks(&place, "enospc").into_iter().zip([8, 16, 24]) {
        let mut disk = disk();
        let filler = place.fill();
        disk.offer(Write, sector);
        disk.expect_error("write", "stop", Some(true), FULL);
        disk.driven.expect_stop();
        disk.driven.cont();
        disk.driven.expect_stop();
        assert!(disk.nothing_is_answered(), "it is as full as before");
        assert_eq!(disk.io_status(), Some("nospace"));
        fs::remove_file(filler).unwrap();
        disk.driven.cont();
        assert_eq!((disk.answer(), disk.io_status()), (Answer::Done, Some("ok")));
        disk.expect_error("write", "stop", Some(true), FULL);
        assert_eq!((disk.request(Flush, 0), disk.request(Read, sector)), (Answer::Done, Answer::Done));
        disk.assert_settled(0);
        drop(disk);
        let bytes = fs::read(&path).unwrap();
        let begin = usize::try_from(sector).unwrap() * 512;
        assert_eq!(bytes[begin..begin + 512], [u8::try_from(sector).unwrap(); 512]);
        assert_eq!(u64::try_from(bytes.len()).unwrap(), SIZE);
    }
}

#[test]
fn a_full_disk_that_is_reported() {
    let Some(place) = place() else { return };
    for ((_, disk), sector) in disks(&place, "report").into_iter().zip([8, 16, 24]) {
        let mut disk = disk();
        let filler = place.fill();
        assert_eq!(disk.request(Write, sector), disk.failure(NO_SPACE));
        disk.expect_error("write", "report", None, FULL);
        assert_eq!(disk.io_status(), None);
        assert_eq!(disk.request(Read, sector), Answer::Done);
        fs::remove_file(filler).unwrap();
        assert_eq!(disk.request(Write, sector), Answer::Done, "it goes on by itself");
        disk.assert_settled(1);
    }
}

#[test]
fn a_full_disk_that_is_ignored_loses_the_write_and_says_so() {
    let Some(place) = place() else { return };
    for (path, disk) in disks(&place, "ignore") {
        let mut disk = disk();
        let filler = place.fill();
        assert_eq!(disk.request(Write, 8), Answer::Done);
        disk.expect_error("write", "ignore", None, FULL);
        assert_eq!(disk.io_status(), None);
        fs::remove_file(filler).unwrap();
        disk.assert_settled(0);
        assert_eq!(fs::read(&path).unwrap()[8 * 512], 0);
    }
}
