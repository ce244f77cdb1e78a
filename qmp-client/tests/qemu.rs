//! The client against the real QEMU, where there is one.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use qapi_schema::control::requests::{QueryCommands, QueryVersion};
use qapi_schema::machine::requests::{QueryStatus, Quit};
use qapi_schema::machine::{RunState, Shutdown};
use qmp_client::{Client, ClientError, Settings};
use serde_json::Value;

/// Nothing takes nearly as long.
const LONG: Duration = Duration::from_secs(60);

#[test]
fn qemu_is_understood() {
    let directory = tempfile::tempdir().unwrap();
    let socket = format!("unix:{}", directory.path().join("qmp").display());
    let arguments = ["-machine", "none", "-display", "none", "-S", "-qmp"];
    let mut command = Command::new("qemu-system-x86_64");
    command.args(arguments).arg(format!("{socket},server=on,wait=off")).stdin(Stdio::null());
    let Ok(mut qemu) = command.spawn() else {
        eprintln!("SKIPPED: there is no qemu-system-x86_64 here");
        return;
    };
    let settings = Settings { connect_timeout: LONG, answer_timeout: LONG, ..Settings::default() };
    let address = socket.parse().unwrap();
    let start = Instant::now();
    let mut client = loop {
        match Client::connect(&address, settings) {
            Ok(client) => break client,
            // It does not listen yet.
            Err(ClientError::Connect { .. }) if start.elapsed() < LONG => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(client.execute(&QueryVersion).unwrap(), *client.version());
    assert!(client.version().qemu.major >= 7);
    assert_eq!(client.execute(&QueryStatus).unwrap().status, RunState::Prelaunch);
    assert!(client.execute(&QueryCommands).unwrap().iter().any(|command| command.name == "query-stats"));
    let schema = client.execute_value("query-qmp-schema", Value::Null).unwrap();
    assert!(schema.as_array().unwrap().len() > 100);
    assert!(client.execute_value("query-nothing", Value::Null).unwrap_err().is_command_not_found());
    client.execute(&Quit).unwrap();
    let event = client.next_event(LONG).unwrap().unwrap();
    assert!(!event.as_event::<Shutdown>().unwrap().unwrap().guest);
    assert!(matches!(client.next_event(LONG), Err(ClientError::Closed)));
    assert!(qemu.wait().unwrap().success());
}
