//! Disks of other kinds than the usual one: images in QEMU's format, and limited ones.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod common;

use std::process::Command;

use common::{DATA, Host};
use virtio_core::RingForm;
use virtio_core::driver::Buffer;
use virtio_core::roles::{RateLimited, Storage};

/// 2048 blocks.
const WRITE: &str = "2a 00 00 00 00 10 00 00 08 00";
const READ: &str = "28 00 00 00 00 10 00 00 08 00";
const FLUSH: &str = "35 00 00 00 00 00 00 00 00 00";
const UNIT: [u8; 4] = [1, 0, 0, 0];

/// An empty image of a mebibyte; `None` on a host without the program that makes one.
fn qcow2(folder: &tempfile::TempDir) -> Option<String> {
    let path = folder.path().join("disk.qcow2").display().to_string();
    let made = Command::new("qemu-img").args(["create", "-q", "-f", "qcow2", &path, "1M"]).status();
    match made {
        Ok(status) => {
            assert!(status.success());
            Some(path)
        }
        Err(_) => {
            eprintln!("skipped: qemu-img is not installed");
            None
        }
    }
}

#[test]
fn an_image_in_qemus_format_is_a_disk_and_stays_a_clean_image() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = qcow2(&folder) else { return };
    let pattern: Vec<u8> = (0..4096_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
    {
        let mut host = Host::new(RingForm::Packed, 1);
        host.plug("disk0", &format!("path={path},format=qcow2")).unwrap();
        host.command(UNIT, "00", &[]);
        host.driver.store(DATA, &pattern);
        assert_eq!(host.command(UNIT, WRITE, &[Buffer::readable(DATA, 4096)]).sense, None);
        assert_eq!(host.command(UNIT, FLUSH, &[]).sense, None);
        host.driver.store(DATA, &[0; 4096]);
        assert_eq!(host.command(UNIT, READ, &[Buffer::writable(DATA, 4096)]).sense, None);
        assert_eq!(host.driver.load(DATA, 4096), pattern);
        let disk = host.roles.storage.as_deref().map(Storage::disks).unwrap().remove(0);
        assert_eq!((disk.image.format.as_str(), disk.image.virtual_size), ("qcow2", 1 << 20));
        assert_eq!((disk.statistics.wr_bytes, disk.statistics.rd_operations), (4096, 1));
        let taken = host.plug("disk1", &format!("path={path},format=qcow2")).unwrap_err().to_string();
        assert!(taken.contains("is in use"), "{taken}");
    }
    assert!(Command::new("qemu-img").args(["check", "-q", &path]).status().unwrap().success());
    let raw = folder.path().join("raw");
    let convert = ["convert", "-O", "raw", &path, raw.to_str().unwrap()];
    assert!(Command::new("qemu-img").args(convert).status().unwrap().success());
    assert_eq!(std::fs::read(raw).unwrap()[0x10 * 512..][..4096], pattern);
}

#[test]
fn a_file_that_is_no_such_image_is_refused() {
    let host = Host::new(RingForm::Split, 1);
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(1 << 20).unwrap();
    let options = format!("path={},format=qcow2", file.path().display());
    let refused = host.plug("disk0", &options).unwrap_err().to_string();
    assert!(refused.contains("as a qcow2 image"), "{refused}");
    let refused = host.plug("disk0", "path=/dev/null,format=vmdk").unwrap_err().to_string();
    assert_eq!(refused, "option 'format' is 'vmdk'; accepted is raw or qcow2");
}

#[test]
fn each_disk_has_its_own_limits() {
    let host = Host::new(RingForm::Split, 1);
    host.plug("disk0", "size=1M,throttling.bps-total=1M").unwrap();
    host.plug("disk1", "size=1M,throttling.iops-read=10,throttling.iops-read-max=20").unwrap();
    let limited = host.roles.rate_limits.as_deref().map(RateLimited::limited).unwrap();
    let names: Vec<_> = limited.iter().map(|one| (one.id.as_deref().unwrap(), one.path.as_str())).collect();
    assert_eq!(names, [("disk0", "/machine/peripheral/disk0"), ("disk1", "/machine/peripheral/disk1")]);
    assert_eq!(limited[0].limiter.limits().bytes.unwrap().rate, 1 << 20);
    assert_eq!(limited[1].limiter.limits().operations_to_guest.unwrap().burst, Some(20));
}

#[test]
fn commands_that_break_the_rules_are_counted() {
    let mut host = Host::with_disk(RingForm::Split);
    let beyond = "28 00 00 ff ff ff 00 00 01 00";
    assert!(host.command(UNIT, beyond, &[Buffer::writable(DATA, 512)]).sense.is_some());
    let disk = host.roles.storage.as_deref().map(Storage::disks).unwrap().remove(0);
    assert_eq!((disk.statistics.invalid_rd_operations, disk.statistics.rd_operations), (1, 0));
}
