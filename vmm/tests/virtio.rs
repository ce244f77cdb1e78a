//! The devices of a running machine, seen through both generations of commands.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::inspect::VirtioTransportBranch;
use qapi_schema::inspect::requests::QueryVirtio;
use qapi_schema::machine::requests::{Cont, Quit, Stop};
use qapi_schema::virtio::requests::{
    XQueryVirtio, XQueryVirtioQueueElement, XQueryVirtioQueueStatus, XQueryVirtioStatus,
    XQueryVirtioVhostQueueStatus,
};
use qapi_schema::virtio_debug::requests::{
    XDebugQueryVirtio, XDebugVirtioQueueElement, XDebugVirtioQueueStatus, XDebugVirtioStatus,
};
use support::{Program, QmpClient, accelerators};

/// Far longer than a round of the guest takes.
const ROUND: Duration = Duration::from_secs(60);

#[test]
fn devices_are_listed_by_path_the_last_one_first() {
    let program = Program::start(&[
        "--accel", "none", "-S", "--device", "rng,id=a", "--device", "net", "--device", "rng",
    ]);
    let mut client = program.qmp();
    let expected = [
        ("/machine/peripheral-anon/device[1]", "virtio-rng"),
        ("/machine/peripheral-anon/device[0]", "virtio-net"),
        ("/machine/peripheral/a", "virtio-rng"),
    ];
    let second = client.call(&XQueryVirtio);
    let second: Vec<_> = second.iter().map(|device| (device.path.as_str(), device.name.as_str())).collect();
    assert_eq!(second, expected);
    let first = client.call(&XDebugQueryVirtio);
    let first: Vec<_> = first.iter().map(|device| (device.path.as_str(), device.type_.as_str())).collect();
    assert_eq!(first, expected);
}

#[test]
fn a_path_that_is_no_device_is_refused_in_the_words_clients_know() {
    let program = Program::start(&["--accel", "none", "-S", "--device", "rng,id=a"]);
    let mut client = program.qmp();
    let path = || "/machine/peripheral/b".to_owned();
    let words =
        |what: &str| ("GenericError".to_owned(), format!("Path /machine/peripheral/b is not a {what}"));
    let newer = words("VirtIODevice");
    let older = words("VirtIO device");
    assert_eq!(client.refused(&XQueryVirtioStatus { path: path() }), newer);
    assert_eq!(client.refused(&XQueryVirtioQueueStatus { path: path(), queue: 0 }), newer);
    assert_eq!(client.refused(&XQueryVirtioQueueElement { path: path(), queue: 0, index: None }), older);
    assert_eq!(client.refused(&XDebugVirtioStatus { path: path() }), older);
    assert_eq!(client.refused(&XDebugVirtioQueueStatus { path: path(), queue: 0 }), older);
    assert_eq!(client.refused(&XDebugVirtioQueueElement { path: path(), queue: 0, index: None }), older);
    let no_queue =
        client.refused(&XQueryVirtioQueueStatus { path: "/machine/peripheral/a".to_owned(), queue: 7 });
    assert_eq!(no_queue.1, "Invalid virtqueue number 7");
}

#[test]
fn no_queue_is_run_by_a_vhost_backend() {
    let program = Program::start(&["--accel", "none", "-S", "--device", "rng,id=a"]);
    let mut client = program.qmp();
    let ask = |path: &str| XQueryVirtioVhostQueueStatus { path: path.to_owned(), queue: 0 };
    let refused = client.refused(&ask("/machine/peripheral/a"));
    assert_eq!(refused, ("GenericError".to_owned(), "Error: vhost device has not started yet".to_owned()));
    let refused = client.refused(&ask("/machine/peripheral/b"));
    assert_eq!(refused.1, "Path /machine/peripheral/b is not a VirtIODevice");
    let command_line = "info virtio-vhost-queue-status /machine/peripheral/a 0".to_owned();
    let screen = client.call(&HumanMonitorCommand { command_line, cpu_index: None });
    assert_eq!(screen, "Error: Error: vhost device has not started yet\r\n");
}

/// `last-avail-idx` and `used-idx` of a queue.
fn indices(client: &mut QmpClient, device: &str, queue: u16) -> (u16, u16) {
    let path = format!("/machine/peripheral/{device}");
    let status = client.call(&XQueryVirtioQueueStatus { path, queue });
    (status.last_avail_idx.unwrap(), status.used_idx)
}

/// Waits until the device has taken and given back something more.
fn wait_for_progress(client: &mut QmpClient, device: &str, queue: u16) {
    let before = indices(client, device, queue);
    let start = Instant::now();
    loop {
        let now = indices(client, device, queue);
        if now.0 != before.0 && now.1 != before.1 {
            return;
        }
        assert!(start.elapsed() < ROUND, "{device} queue {queue} stands at {now:?}");
    }
}

/// A transport, and what follows a device's id in the path of its virtio part there.
const TRANSPORTS: [(&str, &str); 2] = [("mmio", ""), ("pci", "/virtio-backend")];

/// The arguments for a machine with a disk, a network and an entropy device; each offers packed rings or does not.
fn with_devices<'a>(accelerator: &'a str, transport: &'a str, packed: bool) -> Vec<&'a str> {
    let devices = if packed {
        ["blk,id=disk0,packed=on", "net,id=net0,packed=on", "rng,id=rng0,packed=on"]
    } else {
        ["blk,id=disk0", "net,id=net0", "rng,id=rng0,packed=off"]
    };
    let devices = devices.into_iter().flat_map(|device| ["--device", device]);
    ["--accel", accelerator, "--transport", transport].into_iter().chain(devices).collect()
}

fn negotiated_packed_rings(client: &mut QmpClient, device: &str) -> bool {
    let path = format!("/machine/peripheral/{device}");
    let status = client.call(&XQueryVirtioStatus { path });
    status.guest_features.transports.iter().any(|text| text.starts_with("VIRTIO_F_RING_PACKED:"))
}

#[test]
fn the_rings_of_the_built_in_guest_turn_while_it_runs_and_stand_while_it_does_not() {
    for accelerator in accelerators() {
        for (transport, suffix) in TRANSPORTS {
            for packed in [false, true] {
                let program = Program::start(&with_devices(accelerator, transport, packed));
                rings_turn_and_stand(&mut program.qmp(), suffix, packed);
            }
        }
    }
}

fn rings_turn_and_stand(client: &mut QmpClient, suffix: &str, packed: bool) {
    let [disk, net, rng] = ["disk0", "net0", "rng0"].map(|id| format!("{id}{suffix}"));
    let queues = [(&*disk, 0), (&*net, 0), (&*net, 1), (&*rng, 0)];
    for (device, queue) in queues {
        wait_for_progress(client, device, queue);
    }
    client.call(&Stop);
    let stopped = queues.map(|(device, queue)| indices(client, device, queue));
    for _ in 0..1000 {
        assert_eq!(queues.map(|(device, queue)| indices(client, device, queue)), stopped);
    }
    client.call(&Cont);
    wait_for_progress(client, &disk, 0);
    for device in [&disk, &net, &rng] {
        assert_eq!(negotiated_packed_rings(client, device), packed, "{device}");
    }
}

/// What monitors see of the transport is what the built-in guest has done.
#[test]
fn messages_of_a_function_are_shown() {
    let program = Program::start(&["--accel", "none", "--transport", "pci", "--device", "net,id=net0"]);
    let mut client = program.qmp();
    wait_for_progress(&mut client, "net0/virtio-backend", 0);
    let path = Some("/machine/peripheral/net0/virtio-backend".to_owned());
    let mut devices = client.call(&QueryVirtio { path });
    let VirtioTransportBranch::Pci(registers) = devices.remove(0).transport.branch else {
        panic!("it is on PCI")
    };
    assert!(registers.messages);
    assert_eq!(registers.configuration_vector, Some(0));
    let vectors: Vec<_> = registers.queue_vectors.iter().map(|each| (each.queue, each.vector)).collect();
    assert_eq!(vectors, [(0, 1), (1, 2)]);
    let function = "/machine/peripheral/net0".to_owned();
    let refused = client.refused(&XQueryVirtioStatus { path: function });
    assert_eq!(
        refused.1, "Path /machine/peripheral/net0 is not a VirtIODevice",
        "the function is no virtio device"
    );
}

#[test]
fn both_generations_show_the_same_queue() {
    let program = Program::start(&["--accel", "none"]);
    let mut client = program.qmp();
    wait_for_progress(&mut client, "disk0", 0);
    client.call(&Stop);
    let path = || "/machine/peripheral/disk0".to_owned();
    let second = client.call(&XQueryVirtioQueueStatus { path: path(), queue: 0 });
    let first = client.call(&XDebugVirtioQueueStatus { path: path(), queue: 0 });
    assert_eq!(
        (first.vring_num, first.vring_desc, first.vring_avail, first.vring_used, first.used_idx),
        (second.vring_num.into(), second.vring_desc, second.vring_avail, second.vring_used, second.used_idx)
    );
    assert_eq!(client.call(&XQueryVirtioStatus { path: path() }).status.statuses.len(), 4);
}

#[test]
fn the_guest_says_on_its_console_what_it_read_back() {
    for accelerator in accelerators() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("console.log");
        let console = format!("console,output=file:{}", log.display());
        for disk in ["blk,id=disk0", "blk,id=disk0,packed=on"] {
            let _program = Program::start(&["--accel", accelerator, "--device", disk, "--device", &console]);
            wait_for_words(&log, "written, read back and equal");
            fs::remove_file(&log).unwrap();
        }
    }
}

#[test]
fn without_a_console_the_guest_prints_on_its_serial_port() {
    for accelerator in accelerators() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("serial.log");
        let serial = format!("file:{}", log.display());
        let _program = Program::start(&["--accel", accelerator, "--device", "rng", "--serial", &serial]);
        wait_for_words(&log, "bytes of entropy taken");
    }
}

#[test]
fn the_serial_port_can_be_listened_to_through_a_socket() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("serial");
    let serial = format!("unix:{}", path.display());
    let mut program = Program::start(&["--accel", "none", "-S", "--device", "rng", "--serial", &serial]);
    let listener = UnixStream::connect(&path).unwrap();
    listener.set_read_timeout(Some(ROUND)).unwrap();
    let mut client = program.qmp();
    client.call(&Cont);
    let mut said = BufReader::new(listener).lines().map(Result::unwrap);
    assert!(said.any(|line| line.ends_with("found at 0xd0000000")));
    client.call(&Quit);
    assert!(program.wait().0.success());
    assert!(!path.exists());
}

fn wait_for_words(log: &Path, words: &str) {
    let start = Instant::now();
    loop {
        let said = fs::read_to_string(log).unwrap_or_default();
        if said.contains(words) {
            return;
        }
        assert!(start.elapsed() < ROUND, "the guest said only: {said}");
    }
}
