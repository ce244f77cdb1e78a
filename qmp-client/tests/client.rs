//! The client against servers that play a part: QEMU's manners, and every way to misbehave.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use qapi_schema::machine::requests::{QueryStatus, Stop};
use qapi_schema::machine::{RunState, Shutdown, ShutdownCause};
use qapi_schema::runtime::ErrorClass;
use qapi_schema::stats::requests::QueryStatsSchemas;
use qmp_client::{Client, ClientError, Settings};
use serde_json::{Value, json};

const GREETING: &str = r#"{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "Debian"}, "capabilities": ["oob"]}}"#;
const NEGOTIATED: &str = r#"{"return": {}, "id": 1}"#;
const SHUTDOWN: &str = r#"{"timestamp": {"seconds": 7, "microseconds": 8}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown", "since": "11.0"}}"#;
/// Nothing that is expected to come takes nearly as long.
const LONG: Duration = Duration::from_secs(60);

/// A server that greets, and then says the next part for each line it gets; in the end it hangs up. It returns what
/// it was sent.
fn play(mut stream: UnixStream, parts: Vec<String>) -> JoinHandle<Vec<Value>> {
    thread::spawn(move || {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut sent = Vec::new();
        let mut parts = parts.into_iter();
        stream.write_all(parts.next().unwrap().as_bytes()).unwrap();
        for part in parts {
            sent.push(serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap());
            stream.write_all(part.as_bytes()).unwrap();
        }
        sent
    })
}

fn patient() -> Settings {
    Settings { connect_timeout: LONG, answer_timeout: LONG, ..Settings::default() }
}

/// A negotiated client of a server that then says `parts`.
fn client(settings: Settings, parts: &[&str]) -> (Client, JoinHandle<Vec<Value>>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let parts = [GREETING, NEGOTIATED].iter().chain(parts).map(|&part| part.to_owned()).collect();
    let server = play(theirs, parts);
    (Client::over(ours, settings).unwrap(), server)
}

/// What comes of a server that says `parts` before it is negotiated.
fn refused(parts: &[&str]) -> String {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let server = play(theirs, parts.iter().map(|&part| part.to_owned()).collect());
    let error = Client::over(ours, patient()).unwrap_err().to_string();
    server.join().unwrap();
    error
}

#[test]
fn requests_go_out_as_qmp_and_newer_replies_are_understood() {
    let running = r#"{"return": {"status": "running", "singlestep": false, "running": true}, "id": 2}"#;
    let schemas = r#"{"return": [{"provider": "kvm", "target": "vcpu", "stats": [{"name": "exits",
        "type": "cumulative", "exponent": 0, "colour": {"deep": ["down"]}}], "more": 1}], "id": 3}"#;
    let (mut client, server) = client(patient(), &[running, schemas]);
    assert_eq!((client.version().qemu.major, client.version().package.as_str()), (10, "Debian"));
    let status = client.execute(&QueryStatus).unwrap();
    assert_eq!((status.running, status.status), (true, RunState::Running));
    let schemas = client.execute(&QueryStatsSchemas { provider: None }).unwrap();
    assert_eq!(schemas[0].stats[0].name, "exits");
    assert_eq!(
        server.join().unwrap(),
        [
            json!({ "execute": "qmp_capabilities", "id": 1 }),
            json!({ "execute": "query-status", "arguments": {}, "id": 2 }),
            json!({ "execute": "query-stats-schemas", "arguments": {}, "id": 3 }),
        ]
    );
}

#[test]
fn a_strict_client_refuses_what_the_schema_does_not_have() {
    let reply = r#"{"return": {"status": "running", "singlestep": false, "running": true}, "id": 2}"#;
    let (mut client, _server) = client(Settings { strict: true, ..patient() }, &[reply]);
    assert_eq!(
        client.execute(&QueryStatus).unwrap_err().to_string(),
        "query-status: the reply cannot be read: Parameter 'singlestep' is unexpected"
    );
}

#[test]
fn a_reply_that_lacks_something_is_an_error_that_names_it() {
    let reply = r#"{"return": {"status": "running"}, "id": 2}"#;
    let (mut client, _server) = client(patient(), &[reply]);
    assert_eq!(
        client.execute(&QueryStatus).unwrap_err().to_string(),
        "query-status: the reply cannot be read: Parameter 'running' is missing"
    );
}

#[test]
fn refusals_have_a_class_and_a_text() {
    let (mut client, _server) = client(
        patient(),
        &[
            r#"{"id": 2, "error": {"class": "CommandNotFound", "desc": "The command x has not been found"}}"#,
            r#"{"id": 3, "error": {"class": "FromTheFuture", "desc": "no"}}"#,
            r#"{"error": {"class": "GenericError", "desc": "JSON token count limit exceeded"}}"#,
            r#"{"id": 5}"#,
        ],
    );
    let error = client.execute_value("x", Value::Null).unwrap_err();
    assert!(error.is_command_not_found());
    assert_eq!(error.to_string(), "x: The command x has not been found");
    let error = client.execute_value("y", json!({ "a": 1 })).unwrap_err();
    assert!(matches!(error, ClientError::Refused { class: ErrorClass::GenericError, .. }), "{error:?}");
    let error = client.execute_value("z", Value::Null).unwrap_err();
    assert_eq!(error.to_string(), "z: JSON token count limit exceeded");
    let error = client.execute_value("w", Value::Null).unwrap_err();
    assert!(error.to_string().contains("neither a return nor an error"), "{error}");
}

#[test]
fn events_between_answers_are_kept_in_order() {
    let stop = r#"{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}"#;
    let (mut client, _server) =
        client(patient(), &[&format!("{stop}\n{SHUTDOWN}{{\"return\": {{}}, \"id\": 2}}")]);
    client.execute(&Stop).unwrap();
    let event = client.next_event(Duration::ZERO).unwrap().unwrap();
    assert_eq!((event.name.as_str(), event.timestamp.microseconds, &event.data), ("STOP", 2, &Value::Null));
    assert!(event.as_event::<Shutdown>().unwrap().is_none());
    assert!(event.as_event::<qapi_schema::machine::Stop>().unwrap().is_some());
    let event = client.next_event(Duration::ZERO).unwrap().unwrap();
    let shutdown = event.as_event::<Shutdown>().unwrap().unwrap();
    assert_eq!((shutdown.guest, shutdown.reason), (true, ShutdownCause::GuestShutdown));
    assert!(matches!(client.next_event(LONG), Err(ClientError::Closed)));
}

#[test]
fn events_that_nobody_takes_are_bounded() {
    let flood = SHUTDOWN.repeat(1000);
    let settings = Settings { event_limit: 3, ..patient() };
    let (mut client, _server) = client(settings, &[&format!("{flood}{{\"return\": {{}}, \"id\": 2}}")]);
    client.execute(&Stop).unwrap();
    assert_eq!(client.dropped_events(), 997);
    assert_eq!(std::iter::from_fn(|| client.next_event(Duration::ZERO).ok().flatten()).count(), 3);
}

#[test]
fn an_answer_that_comes_too_late_is_not_taken_for_the_next() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs.write_all(format!("{GREETING}\n{NEGOTIATED}").as_bytes()).unwrap();
    let settings = Settings { answer_timeout: Duration::from_millis(1), ..patient() };
    let mut client = Client::over(ours, settings).unwrap();
    let error = client.execute_value("slow", Value::Null).unwrap_err();
    assert_eq!(error.to_string(), "the answer to slow did not come within 1ms");
    theirs.write_all(br#"{"return": "slow", "id": 2}{"return": "quick", "id": 3}"#).unwrap();
    assert_eq!(client.execute_value("quick", Value::Null).unwrap(), json!("quick"));
    theirs.write_all(format!("{{\"return\": 1, \"id\": 3}}{SHUTDOWN}").as_bytes()).unwrap();
    assert_eq!(client.next_event(LONG).unwrap().unwrap().name, "SHUTDOWN", "behind a late answer");
    assert_eq!(client.next_event(Duration::ZERO).unwrap(), None);
}

#[test]
fn what_is_no_qmp_is_told() {
    assert_eq!(
        refused(&["Ringscope 0.1.0\r\n(qemu) "]),
        "the server does not speak QMP: it sent 'Ringscope 0.1.0\\r\\n(qemu) '"
    );
    assert_eq!(
        refused(&["{}"]),
        "the server does not speak QMP: its greeting has no version: Invalid parameter type for '', expected: object"
    );
    assert_eq!(
        refused(&[r#"{"error": {"class": "GenericError", "desc": "not for you"}}"#]),
        "the server refuses the connection: not for you"
    );
    assert_eq!(
        refused(&["{\"QMP\": nonsense}"]),
        "the server does not speak QMP: expected ident at line 1 column 10 in '{\"QMP\": nonsense}'"
    );
    assert_eq!(refused(&["{\"QMP\": "]), "the server has closed the connection");
    assert_eq!(
        refused(&[GREETING, r#"{"id": 1, "error": {"class": "GenericError", "desc": "not today"}}"#]),
        "qmp_capabilities: not today"
    );
    assert_eq!(
        refused(&[GREETING, "{\"return\": {}, \"id\": \"1\"}"]),
        "the server does not speak QMP: nothing was asked that '{\"id\":\"1\",\"return\":{}}' answers"
    );
}

#[test]
fn after_garbage_the_connection_is_over() {
    let (mut client, _server) = client(patient(), &[r#"{"return": }"#, r#"{"return": {}, "id": 3}"#]);
    assert!(matches!(client.execute(&Stop), Err(ClientError::NotQmp(_))));
    assert!(matches!(client.execute(&Stop), Err(ClientError::Closed)));
}

#[test]
fn a_server_that_does_not_greet_is_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    let _listener = UnixListener::bind(&socket).unwrap();
    let settings = Settings { connect_timeout: Duration::from_millis(10), ..Settings::default() };
    let address = format!("unix:{}", socket.display()).parse().unwrap();
    let error = Client::connect(&address, settings).unwrap_err();
    assert_eq!(error.to_string(), "the greeting did not come within 10ms");
}

#[test]
fn a_server_that_accepts_nobody_is_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    let listener = UnixListener::bind(&socket).unwrap();
    // One may wait to be accepted.
    rustix::net::listen(&listener, 0).unwrap();
    let _waiting = UnixStream::connect(&socket).unwrap();
    let settings = Settings { connect_timeout: Duration::from_millis(10), ..Settings::default() };
    let address: qmp_client::Address = format!("unix:{}", socket.display()).parse().unwrap();
    let error = Client::connect(&address, settings).unwrap_err();
    assert_eq!(error.to_string(), format!("{address}: cannot connect: timed out"));
}

#[test]
fn where_nobody_listens_the_error_names_the_address() {
    let error = Client::connect(&"unix:/nowhere/qmp".parse().unwrap(), patient()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unix:/nowhere/qmp: cannot connect: No such file or directory (os error 2)"
    );
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Client::connect(&format!("tcp:{free}").parse().unwrap(), patient()).unwrap_err();
    assert_eq!(error.to_string(), format!("tcp:{free}: cannot connect: Connection refused (os error 111)"));
}

#[test]
fn tcp_is_as_good() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp:{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        stream.write_all(format!("{GREETING}\r\n{NEGOTIATED}\r\n").as_bytes()).unwrap();
        BufReader::new(stream).lines().next().unwrap().unwrap()
    });
    Client::connect(&address.parse().unwrap(), patient()).unwrap();
    assert!(server.join().unwrap().contains("qmp_capabilities"));
}
