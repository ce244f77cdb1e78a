//! Verbs that put devices on buses, take them off, and pull cables.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail anywhere")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use insta::assert_snapshot;
use monitor_hmp::Terminal;
use support::{TestMachine, monitor};

fn screens(machine: &Arc<TestMachine>, lines: &[&str]) -> String {
    let monitor = monitor(Arc::clone(machine));
    let screen = |line: &&str| format!("(qemu) {line}\n{}", monitor.execute(line, None).unwrap());
    lines.iter().map(screen).collect::<String>().replace("\r\n", "\n")
}

#[test]
fn disks_come_and_go() {
    let machine = Arc::new(TestMachine::new());
    assert_eq!(monitor(Arc::clone(&machine)).execute("device_add scsi-hd,id=disk9", None).unwrap(), "");
    assert_eq!(*machine.plugged.lock().unwrap(), ["scsi-hd,id=disk9"]);
    assert_snapshot!(screens(&machine, &["device_del disk9", "device_del disk9", "device_del", "device_add", "device_add a b"]), @r#"
    (qemu) device_del disk9
    (qemu) device_del disk9
    Error: Device 'disk9' not found
    (qemu) device_del
    device_del: string expected
    Try "help device_del" for more information
    (qemu) device_add
    device_add: string expected
    Try "help device_add" for more information
    (qemu) device_add a b
    device_add: extraneous characters at the end of line
    Try "help device_add" for more information
    "#);
    assert!(machine.plugged.lock().unwrap().is_empty());
}

#[test]
fn cables_are_pulled_and_plugged_in() {
    let machine = Arc::new(TestMachine::new());
    let up = || machine.link_up.load(Ordering::Relaxed);
    let pulled = screens(&machine, &["set_link net0 off"]);
    assert_eq!((pulled.as_str(), up()), ("(qemu) set_link net0 off\n", false));
    screens(&machine, &["set_link net0 on"]);
    assert!(up());
    assert_snapshot!(screens(&machine, &["set_link net1 on", "set_link net0", "set_link net0 maybe", "help set_link"]), @r#"
    (qemu) set_link net1 on
    Error: Device 'net1' not found
    (qemu) set_link net0
    Expected 'on' or 'off'
    Try "help set_link" for more information
    (qemu) set_link net0 maybe
    Expected 'on' or 'off'
    Try "help set_link" for more information
    (qemu) help set_link
    set_link name on|off -- plug the cable of a network card in, or pull it
    "#);
}

#[test]
fn what_can_come_or_go_is_completed() {
    for (typed, completed) in [
        ("device_add s", "device_add scsi-hd "),
        ("device_del s", "device_del swap9 "),
        ("set_link n", "set_link net0 "),
        ("set_link net0 of", "set_link net0 off "),
    ] {
        let mut output = Vec::new();
        let keys = format!("{typed}\t");
        monitor(Arc::new(TestMachine::new())).serve(&Terminal::Unknown, keys.as_bytes(), &mut output, &());
        let output = String::from_utf8(output).unwrap();
        assert!(output.contains(completed), "{output:?}");
    }
}
