//! A SCSI host, its disks, and how they come and go, as clients see it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write;

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::device::requests::DeviceDel;
use serde_json::{Value, json};
use support::{MachineInside, Program, QmpClient};

const HOST: &str = "scsi,id=scsi0,queues=2";

fn on_pci(disks: &[&str]) -> MachineInside {
    let devices = [&[HOST], disks].concat();
    let devices = devices.iter().flat_map(|device| ["--device", device]);
    let arguments: Vec<&str> = ["--accel", "none", "--transport", "pci"].into_iter().chain(devices).collect();
    MachineInside::new(&arguments)
}

fn description(answer: &Value) -> String {
    format!("{}: {}", answer["error"]["class"].as_str().unwrap(), answer["error"]["desc"].as_str().unwrap())
}

fn screen(client: &mut QmpClient, line: &str) -> String {
    let command = HumanMonitorCommand { command_line: line.to_owned(), cpu_index: None };
    client.call(&command).replace('\r', "")
}

/// The looks of the series' cover letter at its first example, a SCSI host.
#[test]
fn the_first_example_of_the_series_is_shown() {
    let machine = on_pci(&["scsi-hd,bus=scsi0,id=disk0,size=1M"]);
    let mut client = machine.qmp();
    let mut screens = String::new();
    for line in [
        "virtio query",
        "virtio status /machine/peripheral/scsi0/virtio-backend",
        "virtio queue-status /machine/peripheral/scsi0/virtio-backend 3",
        "info virtio",
        "info virtio-status /machine/peripheral/scsi0/virtio-backend",
        "info virtio-queue-status /machine/peripheral/scsi0/virtio-backend 2",
    ] {
        let _ = writeln!(screens, "(ringscope) {line}\n{}", screen(&mut client, line));
    }
    insta::assert_snapshot!(screens);
    let status =
        client.answer("x-query-virtio-status", json!({ "path": "/machine/peripheral/scsi0/virtio-backend" }));
    insta::assert_snapshot!(serde_json::to_string_pretty(&status).unwrap());
}

#[test]
fn disks_come_and_go() {
    let machine = on_pci(&["scsi-hd,id=first,size=1M"]);
    let mut client = machine.qmp();
    let add =
        json!({ "driver": "scsi-hd", "bus": "scsi0.0", "id": "disk9", "size": "1M", "target": 3, "lun": 1 });
    assert_eq!(client.answer("device_add", add.clone()), json!({ "return": {} }));
    assert_eq!(description(&client.answer("device_add", add)), "GenericError: Duplicate device ID 'disk9'");
    client.call(&DeviceDel { id: "disk9".to_owned() });
    let (event, data) = client.event();
    assert_eq!(event, "DEVICE_DELETED");
    assert_eq!(data, json!({ "device": "disk9", "path": "/machine/peripheral/disk9" }));
    let refused = client.refused(&DeviceDel { id: "disk9".to_owned() });
    assert_eq!(refused, ("DeviceNotFound".to_owned(), "Device 'disk9' not found".to_owned()));

    let anonymous = json!({ "driver": "scsi-hd", "size": "1M" });
    assert_eq!(client.answer("device_add", anonymous), json!({ "return": {} }));
    let path = "/machine/peripheral-anon/device[0]";
    client.call(&DeviceDel { id: path.to_owned() });
    assert_eq!(client.event().1, json!({ "path": path }));
    client.call(&DeviceDel { id: "first".to_owned() });
    assert_eq!(client.event().1["device"], "first");
}

#[test]
fn what_cannot_come_or_go_is_refused_in_the_words_clients_know() {
    let machine = on_pci(&["scsi-hd,id=first,size=1M"]);
    let mut client = machine.qmp();
    let mut add = |arguments: Value| description(&client.answer("device_add", arguments));
    insta::assert_snapshot!(add(json!({})), @"GenericError: Parameter 'driver' is missing");
    insta::assert_snapshot!(add(json!({ "driver": "floppy" })), @"GenericError: 'floppy' is not a valid device model name");
    insta::assert_snapshot!(add(json!({ "driver": "rng" })), @"GenericError: Bus 'pcie.0' does not support hotplugging");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "bus": "scsi1" })), @"GenericError: Bus 'scsi1' not found");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "id": "0x" })), @"GenericError: Parameter 'id' expects an identifier");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "id": "scsi0" })), @"GenericError: Duplicate device ID 'scsi0'");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "colour": "blue" })), @"GenericError: Property 'scsi-hd.colour' not found");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "target": 256 })), @"GenericError: option 'target' is '256'; accepted is a number from 0 to 255");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "target": 0, "lun": 0 })), @"GenericError: option 'lun' is '0'; accepted is a unit of the target that no other disk is");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "lun": [0] })), @"GenericError: Invalid parameter type for 'lun', expected: string");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "path": "/nonexistent" })), @"GenericError: cannot open disk image '/nonexistent': No such file or directory (os error 2); a readable (and without readonly=on, writable) file or block device is needed");
    let mut delete = |id: &str| client.refused(&DeviceDel { id: id.to_owned() }).1;
    insta::assert_snapshot!(delete("scsi0"), @"Bus 'pcie.0' does not support hotplugging");
    insta::assert_snapshot!(delete("/machine/peripheral/scsi0/virtio-backend"), @"Bus 'pcie.0' does not support hotplugging");
    insta::assert_snapshot!(delete("nobody"), @"Device 'nobody' not found");

    let machine = MachineInside::new(&["--accel", "none", "--device", "rng,id=rng0"]);
    let mut client = machine.qmp();
    let mut add = |arguments: Value| description(&client.answer("device_add", arguments));
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd" })), @"GenericError: No 'SCSI' bus found for device 'scsi-hd'");
    insta::assert_snapshot!(add(json!({ "driver": "scsi-hd", "bus": "rng0" })), @"GenericError: Bus 'rng0' not found");
    insta::assert_snapshot!(add(json!({ "driver": "blk" })), @"GenericError: Bus 'main-system-bus' does not support hotplugging");
}

#[test]
fn a_disk_needs_a_bus_that_stands_before_it_on_the_command_line() {
    let mistake = |devices: &[&str]| {
        let devices: Vec<&str> = devices.iter().flat_map(|device| ["--device", device]).collect();
        let output = Program::command().args(["--accel", "none"]).args(devices).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    insta::assert_snapshot!(mistake(&["scsi-hd,bus=scsi0", HOST]), @"ringscope: --device: 'scsi-hd,bus=scsi0': Bus 'scsi0' not found");
    insta::assert_snapshot!(mistake(&[HOST, "scsi-hd,id=scsi0"]), @"ringscope: --device: 'scsi-hd,id=scsi0': option 'id' is 'scsi0', which is another device's; accepted is an id of its own");
    insta::assert_snapshot!(mistake(&[HOST, "scsi-hd,packed=on"]), @"ringscope: --device: 'scsi-hd,packed=on': unknown option 'packed'; accepted are bus, id, logical_block_size, lun, path, physical_block_size, product, rerror, scsi-id, serial, size, target, throttling.NAME, vendor, werror, wwn");
}
