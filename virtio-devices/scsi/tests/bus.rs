//! Disks that come and go, and what the driver and clients hear of it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod common;

use common::{CONTROL, DATA, Host, bytes};
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, decoded_request};

const UNIT: [u8; 4] = [1, 0, 0, 0];

#[test]
fn the_driver_hears_of_disks_that_come_and_go() {
    for rings in RingForm::BOTH {
        let mut host = Host::new(rings, 1);
        host.offer_event_buffers(2);
        host.plug("disk0", "size=1M,target=3,lun=1").unwrap();
        assert!(host.bus.unplug("/machine/peripheral/disk0"));
        let told = host.wait_events(2);
        assert_eq!(told, ["01000000010300010000000001000000", "01000000010300010000000002000000"]);
        assert_eq!(
            host.events.recv().unwrap(),
            r#"DEVICE_DELETED {"device": "disk0", "path": "/machine/peripheral/disk0"}"#
        );
        assert_eq!(host.command([1, 3, 0, 1], "00", &[]).response, 3);
        assert!(!host.bus.unplug("/machine/peripheral/disk0"));
        insta::allow_duplicates! {
            insta::assert_debug_snapshot!(decoded_request(&*host.driver.view(), 1, 0));
        }
    }
}

#[test]
fn events_without_buffers_wait_and_too_many_are_told_as_missed() {
    let mut host = Host::new(RingForm::Split, 1);
    for number in 0..33 {
        host.plug("disk", &format!("size=4K,target={number}")).unwrap();
        assert!(host.bus.unplug("/machine/peripheral/disk"));
    }
    for _ in 0..33 {
        host.events.recv().unwrap();
    }
    // The worker has heard of all of them when it has answered a request that came later.
    assert_eq!(host.control(&task(0, 0, 0, 9), 1), [3]);
    host.offer_event_buffers(64);
    let told = host.wait_events(64);
    assert_eq!(told[0], "01000080010000000000000001000000", "missed");
    assert_eq!(told[63], "0100000001 1f00 00 00000000 02000000".replace(' ', ""));
    host.plug("disk", "size=4K,target=9").unwrap();
    host.offer_event_buffers(1);
    assert_eq!(host.wait_events(1), ["01000000010900000000000001000000"]);
}

/// A task management function for a task of the unit.
fn task(subtype: u32, target: u8, lun: u8, id: u64) -> Vec<u8> {
    let address = [1, target, 0x40, lun, 0, 0, 0, 0];
    [&0_u32.to_le_bytes()[..], &subtype.to_le_bytes(), &address, &id.to_le_bytes()].concat()
}

#[test]
fn every_task_management_function_is_answered() {
    for rings in RingForm::BOTH {
        let mut host = Host::with_disk(rings);
        let answers: Vec<u8> = (0..9).map(|subtype| host.control(&task(subtype, 0, 0, 7), 1)[0]).collect();
        // Complete, but for CLEAR ACA and what there is not.
        assert_eq!(answers, [0, 0, 11, 0, 0, 0, 0, 0, 11]);
        assert_eq!(host.control(&task(0, 0, 1, 7), 1), [12], "no such unit");
        assert_eq!(host.control(&task(0, 1, 0, 7), 1), [3], "no such target");
        assert_eq!(host.control(&bytes("03 00 00 00"), 1), [9], "no such type");
        insta::allow_duplicates! {
            insta::assert_debug_snapshot!(decoded_request(&*host.driver.view(), CONTROL, 0));
        }
    }
}

#[test]
fn a_reset_is_told_by_the_unit() {
    let mut host = Host::with_disk(RingForm::Split);
    assert_eq!(host.command(UNIT, "1b 00 00 00 00 00", &[]).sense, None);
    assert_eq!(host.command(UNIT, "00", &[]).sense, Some((2, 4, 2)), "stopped");
    assert_eq!(host.control(&task(5, 0, 0, 0), 1), [0]);
    assert_eq!(host.command(UNIT, "00", &[]).sense, Some((6, 0x29, 3)));
    assert_eq!(host.command(UNIT, "00", &[]).sense, None);
    assert_eq!(host.control(&task(4, 0, 0, 0), 1), [0]);
    assert_eq!(host.command(UNIT, "00", &[]).sense, Some((6, 0x29, 7)));
    host.queues = host.driver.start(u128::MAX, 0x1000);
    assert_eq!(host.command(UNIT, "00", &[]).sense, Some((6, 0x29, 0)));
}

#[test]
fn a_disk_that_has_grown_says_so() {
    for rings in RingForm::BOTH {
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(1 << 20).unwrap();
        let mut host = Host::new(rings, 1);
        host.plug("disk0", &format!("path={},target=2", image.path().display())).unwrap();
        host.offer_event_buffers(1);
        assert_eq!(host.wait_events(1).len(), 1, "it has come");
        let unit = [1, 2, 0, 0];
        assert_eq!(host.command(unit, "00", &[]).sense, Some((6, 0x29, 0)));
        let capacity = |host: &mut Host| host.read(unit, "25 00 00 00 00 00 00 00 00 00", 8);
        assert_eq!(capacity(&mut host), [0, 0, 7, 0xff, 0, 0, 2, 0]);
        image.as_file().set_len(2 << 20).unwrap();
        assert_eq!(capacity(&mut host), [0, 0, 0x0f, 0xff, 0, 0, 2, 0]);
        host.offer_event_buffers(1);
        assert_eq!(host.wait_events(1), ["030000000102000000000000 2a090000".replace(' ', "")]);
        assert_eq!(host.command(unit, "00", &[]).sense, Some((6, 0x2a, 9)));
        assert_eq!(host.write(unit, "2a 00 00 00 0f ff 00 00 01 00", &[9; 512]).sense, None);
        assert_eq!(std::fs::read(image.path()).unwrap()[(2 << 20) - 512..], [9; 512]);
    }
}

#[test]
fn no_notifications_are_known() {
    let mut host = Host::with_disk(RingForm::Split);
    for kind in ["01 00 00 00", "02 00 00 00"] {
        let request = bytes(&format!("{kind} 01 00 40 00 00 00 00 00 3e 00 00 00"));
        assert_eq!(host.control(&request, 5), [0, 0, 0, 0, 0]);
        let request = bytes(&format!("{kind} 01 00 40 01 00 00 00 00 3e 00 00 00"));
        assert_eq!(host.control(&request, 5), [0, 0, 0, 0, 12]);
    }
}

#[test]
fn a_request_is_shown_with_its_command_and_answer() {
    let mut host = Host::with_disk(RingForm::Split);
    host.command(UNIT, "28 00 00 00 08 00 00 00 01 00", &[Buffer::writable(DATA, 512)]);
    insta::assert_debug_snapshot!(decoded_request(&*host.driver.view(), 2, 1));
}
