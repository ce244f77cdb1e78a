//! The published Rust client `qapi`, whose requests and replies are made from QEMU's own schema: connects, negotiates,
//! runs what this machine has, and receives the events of the run state.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::io::BufReader;
use std::os::unix::net::UnixStream;

use qapi::qmp;
use qapi::{Command, ErrorClass, ExecuteError, Qmp, Stream};
use support::Program;

type Client = Qmp<Stream<BufReader<UnixStream>, UnixStream>>;

const DISK: &str = "/machine/peripheral/disk0";

fn connect(program: &Program) -> Client {
    let socket = UnixStream::connect(program.path("qmp")).unwrap();
    let mut client = Qmp::new(Stream::new(BufReader::new(socket.try_clone().unwrap()), socket));
    let greeting = client.handshake().unwrap();
    assert!(greeting.version.package.starts_with("Ringscope "), "{greeting:?}");
    client
}

fn events(client: &mut Client) -> Vec<String> {
    client.nop().unwrap();
    client
        .events()
        .map(|event| serde_json::to_value(event).unwrap()["event"].as_str().unwrap().to_owned())
        .collect()
}

fn refused<C: Command>(client: &mut Client, command: &C) -> (ErrorClass, String) {
    match client.execute(command) {
        Err(ExecuteError::Qapi(error)) => (error.class, error.desc),
        Err(ExecuteError::Io(error)) => panic!("{}: {error}", C::NAME),
        Ok(_) => panic!("{} was done", C::NAME),
    }
}

/// Every command of QEMU's schema that this machine has is answered by what the schema says: the client's types are
/// made from it, and do not know what is missing or of another type.
#[test]
fn replies_are_what_the_client_expects() {
    let program = Program::start(&["--accel", "none", "--paused", "--name", "rust", "--transport", "pci"]);
    let mut client = connect(&program);
    let run = client.execute(&qmp::query_status {}).unwrap();
    assert_eq!((run.running, run.status), (false, qmp::RunState::prelaunch));
    assert_eq!(client.execute(&qmp::query_name {}).unwrap().name.as_deref(), Some("rust"));
    assert_eq!(client.execute(&qmp::query_uuid {}).unwrap().UUID, "00000000-0000-0000-0000-000000000000");
    assert!(!client.execute(&qmp::query_kvm {}).unwrap().enabled);
    assert!(client.execute(&qmp::query_memory_size_summary {}).unwrap().base_memory > 0);
    assert_eq!(client.execute(&qmp::query_cpus_fast {}).unwrap().len(), 1);
    client.execute(&qmp::query_target {}).unwrap();
    client.execute(&qmp::query_chardev {}).unwrap();
    assert_eq!(client.execute(&qmp::query_iothreads {}).unwrap().len(), 0, "no driver has come");
    client.execute(&qmp::balloon { value: 128 << 20 }).unwrap();
    client.execute(&qmp::query_balloon {}).unwrap();
    // The cable is plugged in already. An event of a name that the crate does not know, as the one that a change is told
    // by, is a message that it cannot read.
    client.execute(&qmp::set_link { name: "net0".to_owned(), up: true }).unwrap();
    assert_eq!(client.execute(&qmp::query_rx_filter { name: None }).unwrap().len(), 1);
    let listed = client.execute(&qmp::query_commands {}).unwrap();
    assert!(listed.iter().any(|command| command.name == "x-query-virtio"));
    assert!(client.execute(&qmp::query_qmp_schema {}).unwrap().len() > 100);
    let line = qmp::human_monitor_command { command_line: "info status".to_owned(), cpu_index: None };
    assert_eq!(client.execute(&line).unwrap(), "VM status: paused (prelaunch)\r\n");
}

#[test]
fn objects_and_statistics_are_what_the_client_expects() {
    let program = Program::start(&["--accel", "none", "--paused"]);
    let mut client = connect(&program);
    let listed = client.execute(&qmp::qom_list { path: DISK.to_owned() }).unwrap();
    assert!(listed.iter().any(|property| property.name == "realized"));
    let realized = qmp::qom_get { path: DISK.to_owned(), property: "realized".to_owned() };
    assert_eq!(client.execute(&realized).unwrap(), true);
    let types = qmp::qom_list_types { implements: Some("virtio-device".to_owned()), abstract_: None };
    let types = client.execute(&types).unwrap();
    assert!(types.iter().any(|one| one.name == "virtio-blk-device"));
    client.execute(&qmp::device_list_properties { typename: "virtio-blk-device".to_owned() }).unwrap();
    // Statistics of QEMU's kind are KVM's, and this machine runs without.
    assert_eq!(client.execute(&qmp::query_stats_schemas { provider: None }).unwrap().len(), 0);
}

#[test]
fn what_virtio_devices_show_is_what_the_client_expects() {
    let program = Program::start(&["--accel", "none"]);
    let mut client = connect(&program);
    let devices = client.execute(&qmp::x_query_virtio {}).unwrap();
    assert!(devices.iter().any(|device| device.path == DISK && device.name == "virtio-blk"));
    for device in devices {
        let status = client.execute(&qmp::x_query_virtio_status { path: device.path.clone() }).unwrap();
        assert_eq!(status.name, device.name);
        for queue in 0..u16::try_from(status.num_vqs).unwrap() {
            let path = device.path.clone();
            let shown = client.execute(&qmp::x_query_virtio_queue_status { path, queue }).unwrap();
            assert_eq!(shown.queue_index, queue);
        }
    }
    let vhost = qmp::x_query_virtio_vhost_queue_status { path: DISK.to_owned(), queue: 0 };
    let (class, text) = refused(&mut client, &vhost);
    assert_eq!((class, text.as_str()), (ErrorClass::GenericError, "Error: vhost device has not started yet"));
}

#[test]
fn errors_have_their_classes_and_events_their_data() {
    let mut program = Program::start(&["--accel", "none", "--device", "rng", "--paused"]);
    let mut client = connect(&program);
    let (class, text) = refused(&mut client, &qmp::device_del { id: "disk9".to_owned() });
    assert_eq!((class, text.as_str()), (ErrorClass::DeviceNotFound, "Device 'disk9' not found"));
    assert_eq!(refused(&mut client, &qmp::query_balloon {}).0, ErrorClass::DeviceNotActive);
    assert_eq!(refused(&mut client, &qmp::query_vm_generation_id {}).0, ErrorClass::CommandNotFound);
    client.execute(&qmp::cont {}).unwrap();
    client.execute(&qmp::stop {}).unwrap();
    client.execute(&qmp::system_powerdown {}).unwrap();
    assert_eq!(events(&mut client), ["RESUME", "STOP", "POWERDOWN"]);
    client.execute(&qmp::quit {}).unwrap();
    let end = client.events().find_map(|event| match event {
        qmp::Event::SHUTDOWN { data, .. } => Some((data.guest, data.reason)),
        _ => None,
    });
    // It comes before the reply or behind it, and then nobody has read it.
    assert!(end.is_none_or(|end| end == (false, qmp::ShutdownCause::host_qmp_quit)));
    let (status, _) = program.wait();
    assert!(status.success());
}
