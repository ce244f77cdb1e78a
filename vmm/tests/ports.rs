//! Balloon, console ports and sockets as clients of a running machine see them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use qapi_schema::balloon::requests::{Balloon, QueryBalloon, QueryGuestMemory, SetGuestMemoryInterval};
use qapi_schema::char::requests::QueryChardev;
use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::device::requests::DeviceDel;
use qapi_schema::statistics::requests::QueryStatistics;
use qapi_schema::statistics::{StatisticsFilter, StatisticsTarget};
use serde_json::json;
use support::{MachineInside, Program};

const MEMORY: i64 = 64 << 20;

#[test]
fn a_balloon_is_asked_for_memory_and_tells_what_it_got() {
    let program = Program::start(&["--accel", "none", "--memory", "64M", "--device", "balloon,id=b"]);
    let mut client = program.qmp();
    let actual = client.event_called("BALLOON_CHANGE")["actual"].as_i64().unwrap();
    assert!(actual == MEMORY || actual == MEMORY - 8 * 4096, "{actual}");
    let shown = client.call(&QueryBalloon).actual;
    assert!(shown == MEMORY || shown == MEMORY - 8 * 4096, "{shown}");
    for (value, requested) in [(MEMORY / 2, MEMORY / 2), (1, MEMORY - 4096), (MEMORY * 9, 0)] {
        client.call(&Balloon { value });
        let info = client.call(&QueryGuestMemory).remove(0);
        assert_eq!(
            (info.path.as_str(), info.requested),
            ("/machine/peripheral/b", u64::try_from(requested).unwrap())
        );
    }
    let refused = ("GenericError".to_owned(), "Parameter 'target' expects a size".to_owned());
    assert_eq!(client.refused(&Balloon { value: 0 }), refused);
    assert_eq!(client.refused(&Balloon { value: i64::MIN }), refused);
    client.call(&SetGuestMemoryInterval { seconds: 7, path: Some("/machine/peripheral/b".to_owned()) });
    assert_eq!(client.call(&QueryGuestMemory)[0].interval, 7);
    let nowhere = SetGuestMemoryInterval { seconds: 7, path: Some("/b".to_owned()) };
    assert_eq!(client.refused(&nowhere).1, "Path /b is not a memory balloon");
}

#[test]
fn a_machine_without_balloon_says_so() {
    let program = Program::start(&["--accel", "none", "--device", "rng"]);
    let mut client = program.qmp();
    let inactive = ("DeviceNotActive".to_owned(), "No balloon device has been activated".to_owned());
    assert_eq!(client.refused(&QueryBalloon), inactive);
    assert_eq!(client.refused(&Balloon { value: 1 << 20 }), inactive);
    assert_eq!(client.refused(&SetGuestMemoryInterval { seconds: 1, path: None }), inactive);
    assert_eq!(client.call(&QueryGuestMemory), []);
    assert_eq!(client.call(&QueryChardev), []);
}

#[test]
fn ends_of_ports_are_listed_and_sockets_count_connections() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().display();
    let (console, vsock) = (
        format!("console,id=c,output=null,port.agent=unix:{place}/agent"),
        format!("vsock,id=v,path={place}/v"),
    );
    let serial = format!("file:{place}/serial");
    let arguments = ["--accel", "none", "--device", &console, "--device", &vsock, "--serial", &serial];
    let program = Program::start(&arguments);
    let mut client = program.qmp();
    let ends = client.call(&QueryChardev);
    let ends: Vec<_> = ends.iter().map(|end| (end.label.as_str(), end.filename.as_str())).collect();
    let agent = format!("unix:{place}/agent");
    assert_eq!(ends, [("serial0", serial.as_str()), ("c", "null"), ("c.agent", agent.as_str())]);
    let wanted = QueryStatistics(StatisticsFilter {
        targets: Some(vec![StatisticsTarget::Device]),
        providers: None,
        paths: Some(vec!["/machine/peripheral/v".to_owned()]),
        names: Some(vec!["connections".to_owned()]),
    });
    let reply = serde_json::to_value(client.call(&wanted)).unwrap();
    assert!(reply.to_string().contains("\"connections\""), "{reply}");
    let answer = client.answer("x-query-virtio-status", json!({ "path": "/machine/peripheral/v" }));
    assert_eq!(answer["return"]["name"], "vhost-vsock");
}

#[test]
fn ports_come_and_go() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("late");
    let devices = ["console,id=c,output=null,max_ports=3", "virtserialport,bus=c,id=first,name=one"];
    let arguments: Vec<_> = devices.iter().flat_map(|device| ["--device", device]).collect();
    let machine = MachineInside::new(&[&["--accel", "none"], &arguments[..]].concat());
    let mut client = machine.qmp();
    let late = json!({ "driver": "virtconsole", "bus": "c.0", "id": "late", "name": "two",
                       "port": format!("unix:{}", socket.display()) });
    assert_eq!(client.answer("device_add", late), json!({ "return": {} }));
    let labels: Vec<_> = client.call(&QueryChardev).into_iter().map(|end| end.label).collect();
    assert_eq!(labels, ["c", "c.one", "c.two"]);
    let full = client.answer("device_add", json!({ "driver": "virtserialport", "name": "three" }));
    insta::assert_snapshot!(full["error"]["desc"], @r###""option 'nr' is '3'; accepted is a number below 3 that no port has""###);
    let taken = client.answer("device_add", json!({ "driver": "virtserialport", "name": "one", "nr": 2 }));
    insta::assert_snapshot!(taken["error"]["desc"], @r###""option 'name' is 'one'; accepted is a name that no port of the console has""###);
    let command_line = "info qtree".to_owned();
    let tree = client.call(&HumanMonitorCommand { command_line, cpu_index: None });
    let on_bus = tree.lines().skip_while(|line| !line.contains("bus: c.0")).take(6).map(str::trim_end);
    insta::assert_snapshot!(on_bus.collect::<Vec<_>>().join("\n"), @r###"
    bus: c.0
      type virtio-serial-bus
      dev: virtserialport, id "first"
        realized = true
        hotpluggable = true
      dev: virtconsole, id "late"
    "###);
    for id in ["late", "first"] {
        client.call(&DeviceDel { id: id.to_owned() });
        assert_eq!(client.event_called("DEVICE_DELETED")["device"], id);
    }
    assert_eq!((client.call(&QueryChardev).len(), socket.exists()), (1, false));
}

#[test]
fn a_console_has_no_bus_unless_it_was_given_room() {
    let machine = MachineInside::new(&["--accel", "none", "--device", "console,id=c,output=null"]);
    let mut client = machine.qmp();
    let answer = client.answer("device_add", json!({ "driver": "virtserialport", "name": "one" }));
    insta::assert_snapshot!(answer["error"]["desc"], @r###""No 'virtio-serial-bus' bus found for device 'virtserialport'""###);
}
