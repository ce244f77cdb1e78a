//! Balloon, console ports and sockets as clients of a running machine see them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use qapi_schema::balloon::requests::{Balloon, QueryBalloon, QueryGuestMemory, SetGuestMemoryInterval};
use qapi_schema::char::requests::QueryChardev;
use qapi_schema::statistics::requests::QueryStatistics;
use qapi_schema::statistics::{StatisticsFilter, StatisticsTarget};
use serde_json::json;
use support::Program;

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
