//! What the verbs show that look at virtio devices in depth.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail anywhere")]

mod support;

use std::sync::Arc;

use insta::assert_snapshot;
use support::{TestMachine, monitor};

fn screen(line: &str) -> String {
    let text = monitor(Arc::new(TestMachine::new())).execute(line, None).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "every line ends with CR LF");
    text.replace("\r\n", "\n")
}

#[test]
fn a_disk_whose_driver_has_not_kicked() {
    assert_snapshot!(screen("info virtio-device /machine/peripheral/disk0"));
}

#[test]
fn a_broken_device_on_a_packed_ring() {
    assert_snapshot!(screen("info virtio-device /machine/peripheral-anon/device[1]"));
}

#[test]
fn all_devices() {
    let all = screen("info virtio-device");
    let one = |path: &str| screen(&format!("info virtio-device {path}"));
    let expected = one("/machine/peripheral-anon/device[1]") + &one("/machine/peripheral/disk0");
    assert_eq!(all, expected);
    let empty = monitor(Arc::new(TestMachine { with_devices: false, ..TestMachine::new() }));
    assert_eq!(empty.execute("info virtio-device", None).unwrap(), "No VirtIO devices\r\n");
}

#[test]
fn chains() {
    assert_snapshot!(screen("info virtio-chains /machine/peripheral/disk0 0 27 2 64"));
    assert!(screen("info virtio-chains /machine/peripheral/disk0 0").ends_with("  no chains in flight\n"));
}
