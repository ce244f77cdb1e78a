//! What a client and a person see of a device of each kind: every command of both generations, and their screens.

use std::fmt::Write;

use qapi_schema::control::requests::HumanMonitorCommand;
use serde_json::{Value, json};
use virtio_core::driver::Buffer;
use virtio_core::{DeviceKind, RingForm};
use vmm::devices::{self, NewDevice};

use super::bare_device::{BareDevice, QUEUE_SIZE};
use super::support::{MachineInside, QmpClient};

const PATH: &str = "/machine/peripheral/dut";
const RING: u64 = 0x1_0000;
const DATA: u64 = 0x2_0000;
/// VERSION_1 and EVENT_IDX.
const TRANSPORT: u128 = 1 << 32 | 1 << 29;

/// Command, arguments beyond the path, and the human monitor's line for the same.
const LOOKS: [(&str, &str, &str); 8] = [
    ("x-debug-query-virtio", "{}", "virtio query"),
    ("x-debug-virtio-status", "{}", "virtio status PATH"),
    ("x-debug-virtio-queue-status", r#"{"queue": 0}"#, "virtio queue-status PATH 0"),
    ("x-debug-virtio-queue-element", r#"{"queue": 0, "index": 1}"#, "virtio queue-element PATH 0 1"),
    ("x-query-virtio", "{}", "info virtio"),
    ("x-query-virtio-status", "{}", "info virtio-status PATH"),
    ("x-query-virtio-queue-status", r#"{"queue": 0}"#, "info virtio-queue-status PATH 0"),
    ("x-query-virtio-queue-element", r#"{"queue": 0}"#, "info virtio-queue-element PATH 0"),
];

/// Every second bit that has a name: those that the driver acknowledges.
fn acknowledged(kind: &DeviceKind) -> u128 {
    let named = kind.features.texts().into_iter().map(|text| text.bit).filter(|bit| !(24..50).contains(bit));
    named.step_by(2).fold(TRANSPORT, |bits, bit| bits | 1 << bit)
}

/// The machine has one device of the kind. Its driver has been given one chain back, and has offered another one,
/// which the device has not taken, for it is stopped.
fn machine_with(kind: &'static DeviceKind) -> MachineInside {
    let device =
        NewDevice { id: Some("dut".to_owned()), device: Box::new(BareDevice(kind)), rings: RingForm::Split };
    let machine = MachineInside::with_devices(&["--accel", "none", "--memory", "8M"], vec![device]);
    let driver = machine.driver(0);
    let mut queue = driver.start(acknowledged(kind), QUEUE_SIZE, RING);
    queue.chain(&[Buffer::readable(DATA, 8)]);
    driver.submit(&mut queue);
    driver.wait_used(&mut queue, 1);
    machine.machine.pause();
    queue.chain(&[
        Buffer::readable(DATA, 16),
        Buffer::writable(DATA + 0x1000, 4096),
        Buffer::writable(DATA, 1),
    ]);
    queue.publish();
    machine
}

fn reply(client: &mut QmpClient, command: &str, arguments: &str) -> String {
    let mut arguments: Value = serde_json::from_str(arguments).unwrap();
    if !command.ends_with("query-virtio") {
        arguments["path"] = json!(PATH);
    }
    // Short ones on a line.
    let short = arguments.get("queue").is_some();
    let reply = &client.answer(command, arguments)["return"];
    if short { reply.to_string() } else { format!("{reply:#}") }
}

fn screen(client: &mut QmpClient, line: &str) -> String {
    client.call(&HumanMonitorCommand { command_line: line.to_owned(), cpu_index: None }).replace("\r\n", "\n")
}

#[test]
fn every_command_and_screen_for_every_kind() {
    for kind in devices::kinds() {
        let machine = machine_with(kind);
        let mut client = machine.qmp();
        let mut seen = String::new();
        for (command, arguments, line) in LOOKS {
            let line = line.replace("PATH", PATH);
            let (reply, screen) = (reply(&mut client, command, arguments), screen(&mut client, &line));
            writeln!(seen, "--- {command} {arguments}\n{reply}\n--- {line}\n{screen}").unwrap();
        }
        insta::assert_snapshot!(format!("{:02}-{}", kind.id, kind.name), seen);
    }
}
