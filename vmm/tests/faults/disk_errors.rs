//! Disks over files that cannot be read or written.

use std::fs::{self, File};

use qapi_schema::device::requests::DeviceDel;
use qapi_schema::machine::requests::{Cont, QueryStatus, SystemReset};
use storage::faults::Faults;
use storage::{Image, Operation};

use crate::disk::Wanted::{Flush, Read, Write};
use crate::disk::{Answer, Disk, KINDS, Kind};
use crate::files::{SmallDisk, option, qcow2, refuse_writes, sealable};
use crate::support::Program;
use virtio_core::driver::skipped;

const SIZE: u64 = 64 * 512;
/// The first sector of the second half of a disk of a gigabyte.
const SECOND_HALF: u32 = 1 << 20;
/// What the host says of a read behind the end of a file, of a write to a sealed one, and of hardware.
const AT_END: &str = "unexpected end of file";
const SEALED: &str = "Operation not permitted (os error 1)";
const BROKEN: &str = "Input/output error (os error 5)";
/// Sense of SCSI: unrecovered read error, write error.
const NOT_READ: (u8, u8, u8) = (3, 0x11, 0);
const NOT_WRITTEN: (u8, u8, u8) = (3, 0x0c, 0);

#[test]
fn a_file_that_shrinks_cannot_be_read_where_it_was() {
    for kind in KINDS {
        let (file, path) = sealable(SIZE);
        let mut disk = Disk::new(kind, &path, "rerror=report");
        file.set_len(10 * 512 + 100).unwrap();
        for sector in [10, 63] {
            assert_eq!(disk.request(Read, sector), disk.failure(NOT_READ), "also what is there in part");
            disk.expect_error("read", "report", None, AT_END);
        }
        assert_eq!(disk.request(Read, 9), Answer::Done, "the rest goes on");
        assert_eq!(disk.request(Write, 63), Answer::Done, "a write makes the file long again");
        assert_eq!(disk.request(Read, 62), Answer::Done);
        disk.assert_settled(2);
    }
}

#[test]
fn a_failed_read_that_is_ignored() {
    for kind in KINDS {
        let (file, path) = sealable(SIZE);
        let mut disk = Disk::new(kind, &path, "rerror=ignore");
        file.set_len(0).unwrap();
        assert_eq!(disk.request(Read, 3), Answer::Done);
        disk.expect_error("read", "ignore", None, AT_END);
        disk.assert_settled(0);
    }
}

#[test]
fn a_failed_read_stops_the_machine_and_is_done_when_it_goes_on() {
    for kind in KINDS {
        let (file, path) = sealable(SIZE);
        let mut disk = Disk::new(kind, &path, "rerror=stop");
        assert_eq!(disk.io_status(), Some("ok"));
        file.set_len(0).unwrap();
        disk.offer(Read, 3);
        disk.expect_error("read", "stop", Some(false), AT_END);
        disk.driven.expect_stop();
        // Each time that it goes on and nothing is better, it stops again.
        disk.driven.ignore("BLOCK_IO_ERROR");
        for _ in 0..3 {
            assert_eq!((disk.nothing_is_answered(), disk.io_status()), (true, Some("failed")));
            disk.driven.cont();
            disk.driven.expect_stop();
        }
        file.set_len(SIZE).unwrap();
        disk.driven.cont();
        assert_eq!((disk.answer(), disk.io_status()), (Answer::Done, Some("ok")));
        disk.assert_settled(0);
    }
}

/// It may come before the machine has stopped: then that stops, and goes on.
#[test]
fn a_cont_as_soon_as_the_error_is_told_is_the_last_word() {
    for kind in KINDS {
        let (file, path) = sealable(SIZE);
        let mut disk = Disk::new(kind, &path, "rerror=stop");
        file.set_len(0).unwrap();
        disk.offer(Read, 3);
        disk.expect_error("read", "stop", Some(false), AT_END);
        file.set_len(SIZE).unwrap();
        disk.driven.client.call(&Cont);
        assert_eq!((disk.answer(), disk.io_status()), (Answer::Done, Some("ok")));
        disk.driven.event("STOP");
        disk.driven.event("RESUME");
        disk.assert_settled(0);
    }
}

#[test]
fn a_file_that_takes_no_write() {
    for kind in KINDS {
        for (policy, action, status) in
            [("report", "report", None), ("ignore", "ignore", None), ("enospc", "report", Some("ok"))]
        {
            let (file, path) = sealable(SIZE);
            let mut disk = Disk::new(kind, &path, &format!("werror={policy}"));
            assert_eq!(disk.request(Write, 7), Answer::Done);
            refuse_writes(&file);
            let told = action == "report";
            let expected = if told { disk.failure(NOT_WRITTEN) } else { Answer::Done };
            assert_eq!(disk.request(Write, 8), expected);
            disk.expect_error("write", action, None, SEALED);
            assert_eq!(disk.io_status(), status);
            assert_eq!((disk.request(Flush, 0), disk.request(Read, 7)), (Answer::Done, Answer::Done));
            disk.assert_settled(u64::from(told));
        }
    }
}

#[test]
fn what_waits_for_a_disk_is_forgotten_by_a_reset() {
    for kind in KINDS {
        let (file, path) = sealable(SIZE);
        let mut disk = Disk::new(kind, &path, "werror=stop");
        refuse_writes(&file);
        disk.offer(Write, 5);
        disk.expect_error("write", "stop", Some(false), SEALED);
        disk.driven.expect_stop();
        let [answered] = disk.driven.counted(["requests"]);
        // The guest is begun anew, and its driver knows of no request.
        disk.driven.client.call(&SystemReset);
        disk.driven.event("RESET");
        assert_eq!(disk.driven.client.call(&QueryStatus).status.as_str(), "prelaunch");
        assert_eq!(disk.io_status(), Some("failed"), "nobody has had it go on");
        disk.driven.cont();
        assert_eq!(disk.io_status(), Some("ok"));
        disk.restart();
        assert_eq!(disk.request(Read, 5), Answer::Done);
        let greeting = if kind == Kind::Scsi { 1 } else { 0 };
        assert_eq!(disk.driven.counted(["requests"]), [answered + 1 + greeting], "the write is nobody's");
        assert!(disk.nothing_is_answered());
    }
}

/// As [`Disk::faulty`] over memory, with hardware that fails where `fails` says.
fn broken(read: &str, write: &str, fails: fn(Operation) -> bool) -> (Disk, Faults) {
    let faults = Faults::default();
    let disk = Disk::faulty(&Image::scratch(SIZE).unwrap(), &faults, read, write);
    faults.set(move |operation| fails(operation).then_some(5));
    (disk, faults)
}

#[test]
fn hardware_that_fails_is_told_by_threads_too() {
    for (policy, told) in [("report", true), ("ignore", false)] {
        let (mut disk, _faults) = broken(policy, policy, |_| true);
        let expected = if told { Answer::InputOutput } else { Answer::Done };
        for (wanted, operation) in [(Read, "read"), (Write, "write"), (Flush, "write")] {
            assert_eq!(disk.request(wanted, 1), expected);
            disk.expect_error(operation, policy, None, BROKEN);
        }
        disk.assert_settled(if told { 3 } else { 0 });
    }
}

#[test]
fn a_flush_that_fails_is_not_taken_for_done() {
    let (mut disk, faults) = broken("report", "stop", |operation| operation == Operation::Flush);
    assert_eq!(disk.request(Write, 1), Answer::Done);
    disk.offer(Flush, 0);
    disk.expect_error("write", "stop", Some(false), BROKEN);
    disk.driven.expect_stop();
    disk.driven.cont();
    disk.driven.expect_stop();
    assert_eq!((disk.nothing_is_answered(), disk.io_status()), (true, Some("failed")));
    faults.clear();
    disk.driven.cont();
    assert_eq!(disk.answer(), Answer::Done);
    disk.expect_error("write", "stop", Some(false), BROKEN);
    disk.assert_settled(0);
}

#[test]
fn many_requests_that_fail_at_once_stop_once_and_are_each_done_once() {
    const COUNT: u32 = 40;
    for kind in KINDS {
        let (file, path) = sealable(SIZE);
        let mut disk = Disk::new(kind, &path, "rerror=stop");
        file.set_len(0).unwrap();
        disk.offer_all(Read, 0..COUNT);
        disk.expect_error("read", "stop", Some(false), AT_END);
        disk.driven.ignore("BLOCK_IO_ERROR");
        disk.driven.expect_stop();
        assert!(disk.nothing_is_answered());
        file.set_len(SIZE).unwrap();
        disk.driven.cont();
        (0..COUNT).for_each(|_| assert_eq!(disk.answer(), Answer::Done));
        disk.assert_settled(0);
    }
}

#[test]
fn a_disk_that_is_taken_off_its_bus_goes_when_what_waits_for_it_is_done() {
    let (file, path) = sealable(SIZE);
    let mut disk = Disk::new(Kind::Scsi, &path, "rerror=stop");
    file.set_len(0).unwrap();
    disk.offer(Read, 3);
    disk.expect_error("read", "stop", Some(false), AT_END);
    disk.driven.expect_stop();
    disk.driven.client.call(&DeviceDel { id: "disk0".to_owned() });
    assert!(disk.nothing_is_answered());
    file.set_len(SIZE).unwrap();
    disk.driven.cont();
    assert_eq!(disk.answer(), Answer::Done);
    assert_eq!(disk.driven.event("DEVICE_DELETED")["device"], "disk0");
    disk.assert_settled(0);
}

#[test]
fn errors_of_two_disks_are_both_told_at_once() {
    let files = [sealable(SIZE), sealable(SIZE)];
    let mut disk = Disk::pair([&files[0].1, &files[1].1], "rerror=report");
    files.iter().for_each(|(file, _)| file.set_len(0).unwrap());
    for target in [0, 1, 0, 1] {
        disk.target = target;
        assert_eq!(disk.request(Read, 2), disk.failure(NOT_READ));
    }
    // Each disk's first one at once, and its last one. Were there one second for both, it would be two in all.
    for target in [0, 1, 0, 1] {
        disk.target = target;
        disk.expect_error("read", "report", None, AT_END);
    }
    disk.assert_settled(4);
}

#[test]
fn of_two_disks_the_one_that_failed_is_told_to_have_stopped_the_machine() {
    let files = [sealable(SIZE), sealable(SIZE)];
    let mut disk = Disk::pair([&files[0].1, &files[1].1], "rerror=stop");
    files[1].0.set_len(0).unwrap();
    disk.offer(Read, 2);
    disk.expect_error("read", "stop", Some(false), AT_END);
    disk.driven.expect_stop();
    for (target, status) in [(0, "ok"), (1, "failed")] {
        disk.target = target;
        assert_eq!(disk.io_status(), Some(status));
    }
    files[1].0.set_len(SIZE).unwrap();
    disk.driven.cont();
    assert_eq!((disk.answer(), disk.io_status()), (Answer::Done, Some("ok")));
    disk.assert_settled(0);
}

#[test]
fn a_file_without_a_name_is_as_good_as_before() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        File::create_new(&path).unwrap().set_len(SIZE).unwrap();
        let mut disk = Disk::new(kind, option(&path), "werror=report");
        assert_eq!(disk.request(Write, 1), Answer::Done);
        folder.close().unwrap();
        for wanted in [Read, Write, Flush] {
            assert_eq!(disk.request(wanted, 1), Answer::Done);
        }
        disk.assert_settled(0);
    }
}

#[test]
fn a_file_system_that_is_taken_away_keeps_the_disk_that_is_in_use() {
    for kind in KINDS {
        let place = match SmallDisk::new(1 << 20) {
            Ok(place) => place,
            Err(reason) => return skipped(reason),
        };
        let path = place.sparse("disk", SIZE);
        let mut disk = Disk::new(kind, option(&path), "werror=report");
        place.detach();
        assert!(!path.exists());
        for wanted in [Write, Read, Flush] {
            assert_eq!(disk.request(wanted, 1), Answer::Done);
        }
        disk.assert_settled(0);
    }
}

#[test]
fn an_image_that_is_damaged_fails_where_the_damage_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.qcow2");
    qcow2::create(&path, 1 << 30);
    let options = "format=qcow2,rerror=report,werror=report";
    let mut disk = Disk::new(Kind::Block, option(&path), options);
    for sector in [0, SECOND_HALF] {
        assert_eq!(disk.request(Write, sector), Answer::Done);
    }
    drop(disk);
    // Of a name of its own: another test that starts a program holds on to the open file, and its lock, for a moment.
    let damaged = folder.path().join("damaged.qcow2");
    fs::copy(&path, &damaged).unwrap();
    let path = damaged;
    let whole = fs::read(&path).unwrap();
    qcow2::damage_cluster_of_second_half(&path);
    let mut disk = Disk::new(Kind::Block, option(&path), options);
    assert_eq!(disk.request(Read, 0), Answer::Done);
    for (wanted, operation) in [(Read, "read"), (Write, "write")] {
        assert_eq!(disk.request(wanted, SECOND_HALF), Answer::InputOutput);
        let data = disk.driven.event("BLOCK_IO_ERROR");
        assert_eq!(data["operation"], operation, "{data}");
    }
    assert_eq!(disk.request(Write, 0), Answer::Done, "the rest goes on");
    disk.assert_settled(2);
    drop(disk);
    // Where the damage shows at once, there is no disk to begin with.
    let cut = folder.path().join("cut.qcow2");
    fs::write(&cut, &whole[..100]).unwrap();
    let image = format!("blk,id=disk0,path={},format=qcow2", option(&cut));
    let refused = Program::command().args(["--accel", "none", "--device", &image]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && said.contains("cannot use") && said.contains("as a qcow2 image"),
        "{said}"
    );
}
