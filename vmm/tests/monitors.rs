//! Many clients, of both monitors, over every kind of connection.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::Duration;

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::machine::RunState;
use qapi_schema::machine::requests::{QueryStatus, Quit, Stop};
use serde_json::{Value, json};
use support::{Program, QmpClient};

/// Far longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn human(program: &Program) -> UnixStream {
    let stream = UnixStream::connect(program.path("hmp")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What is shown up to and with the next prompt.
fn until_prompt(mut stream: impl Read) -> String {
    let mut shown = Vec::new();
    let mut byte = [0];
    while !shown.ends_with(b"(qemu) ") {
        stream.read_exact(&mut byte).unwrap();
        shown.push(byte[0]);
    }
    String::from_utf8(shown).unwrap()
}

#[test]
fn every_socket_serves_many_clients_at_once() {
    let program = Program::start(&["--accel", "none"]);
    let mut clients: Vec<_> = (0..20).map(|_| program.qmp()).collect();
    let humans: Vec<_> = (0..5).map(|_| human(&program)).collect();
    for mut human in &humans {
        until_prompt(human);
        human.write_all(b"info status\r").unwrap();
        assert!(until_prompt(human).contains("\r\nVM status: running\r\n(qemu) "));
    }
    clients[0].call(&Stop);
    for client in &mut clients {
        assert_eq!(client.event().0, "STOP");
        assert_eq!(client.call(&QueryStatus).status, RunState::Paused);
    }
    for mut human in &humans {
        human.write_all(b"info status\r").unwrap();
        assert!(until_prompt(human).contains("\r\nVM status: paused\r\n(qemu) "));
    }
}

#[test]
fn the_human_monitor_ends_the_program() {
    let mut program = Program::start(&["--accel", "none"]);
    let mut client = program.qmp();
    let mut human = human(&program);
    human.write_all(b"quit\r").unwrap();
    assert_eq!(client.event(), ("SHUTDOWN".to_owned(), json!({ "guest": false, "reason": "host-qmp-quit" })));
    assert!(client.is_closed());
    human.read_to_end(&mut Vec::new()).unwrap();
    assert!(program.wait().0.success());
}

#[test]
fn human_monitor_lines_can_be_run_through_qmp() {
    let program = Program::start(&["--accel", "none", "-S", "--device", "rng,id=a"]);
    let mut client = program.qmp();
    let mut run =
        |line: &str| client.call(&HumanMonitorCommand { command_line: line.to_owned(), cpu_index: None });
    assert_eq!(run("info status"), "VM status: paused (prelaunch)\r\n");
    assert_eq!(run("info virtio"), "/machine/peripheral/a [virtio-rng]\r\n");
    assert_eq!(run("virtio query"), "/machine/peripheral/a [virtio-rng]\r\n");
    assert_eq!(run("cont"), "");
    assert_eq!(run("info kvm"), "kvm support: disabled\r\n");
    let nobody = HumanMonitorCommand { command_line: "info status".to_owned(), cpu_index: Some(1) };
    assert_eq!(client.refused(&nobody).1, "Parameter 'cpu-index' expects a CPU number");
}

#[test]
fn guest_memory_can_be_dumped_and_devices_are_not_read() {
    let program = Program::start(&["--accel", "none", "-S", "--memory", "5G", "--device", "rng"]);
    let mut client = program.qmp();
    let mut run =
        |line: &str| client.call(&HumanMonitorCommand { command_line: line.to_owned(), cpu_index: None });
    assert_eq!(run("xp /2xw 0"), "0000000000000000: 0x00000000 0x00000000\r\n");
    assert_eq!(run("xp /1xw 0xbffffffc"), "00000000bffffffc: 0x00000000\r\n");
    assert_eq!(run("xp /1xw 0x100000000"), "0000000100000000: 0x00000000\r\n", "memory goes on at 4 GiB");
    for address in ["0xbffffffd", "0xd0000000", "0xfffffffc", "0x180000000", "0xffffffffffffffff"] {
        let shown = run(&format!("xp /1xw {address}"));
        assert!(shown.ends_with(": Cannot access memory\r\n"), "{address}: {shown}");
    }
}

#[test]
fn qmp_is_spoken_on_standard_input_and_output() {
    let mut command = Program::command();
    command.args(["--accel", "none", "--qmp", "stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(br#"{"execute": "qmp_capabilities"} {"execute": "quit"}"#).unwrap();
    let lines: Vec<Value> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    assert!(lines[0]["QMP"].is_object(), "nothing else is on standard output: {lines:?}");
    assert_eq!(lines[1], json!({ "return": {} }));
    assert_eq!(lines[2]["event"], "SHUTDOWN");
    assert_eq!(lines[3], json!({ "return": {} }));
    assert_eq!(lines.len(), 4);
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_end_of_standard_input_is_not_the_end_of_the_machine() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Program::command();
    let socket = format!("unix:{}", directory.path().join("qmp").display());
    command
        .args(["--accel", "none", "--device", "rng", "--hmp", "stdio", "--qmp", &socket])
        .stdout(Stdio::piped());
    let program = Program::spawn(command, directory);
    assert_eq!(program.qmp().call(&QueryStatus).status, RunState::Running);
}

#[test]
fn a_free_port_is_found_and_told() {
    let mut command = Program::command();
    command
        .args(["--accel", "none", "--qmp", "tcp:127.0.0.1:0", "--hmp", "tcp:127.0.0.1:0"])
        .stdout(Stdio::null());
    let program = Program::spawn(command, tempfile::tempdir().unwrap());
    let place = |kind: &str| {
        let mut lines = program.start_message().lines();
        let place = lines.find_map(|line| line.strip_prefix(kind)?.strip_prefix(": tcp:"));
        TcpStream::connect(place.unwrap()).unwrap()
    };
    let mut greeting = String::new();
    BufReader::new(place("QMP")).read_line(&mut greeting).unwrap();
    assert!(greeting.starts_with("{\"QMP\": "), "{greeting}");
    assert!(until_prompt(place("human monitor")).starts_with("Ringscope "));
}

#[test]
fn a_client_that_reads_nothing_holds_up_neither_others_nor_the_end() {
    let mut program = Program::start(&["--accel", "none"]);
    let mut stuck = UnixStream::connect(program.path("qmp")).unwrap();
    stuck.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
    stuck.write_all(br#"{"execute": "qmp_capabilities"}"#).unwrap();
    // Until the server takes no more, because nobody takes its answers.
    while stuck.write_all(br#"{"execute": "query-qmp-schema"}"#).is_ok() {}
    let mut client = program.qmp();
    client.call(&Stop);
    client.call(&Quit);
    drop(client);
    let (status, said) = program.wait();
    assert!(status.success(), "{said}");
}

#[test]
fn garbage_is_answered_and_harms_nobody() {
    let program = Program::start(&["--accel", "none"]);
    let mut stream = UnixStream::connect(program.path("qmp")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"\xff\x00]]}{\"a\n\xf0\x9f").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert!(answers.lines().skip(1).all(|line| line.contains("JSON parse error")), "{answers}");
    assert!(answers.lines().count() > 1, "{answers}");
    assert_eq!(QmpClient::connect(&program.path("qmp")).call(&QueryStatus).status, RunState::Running);
}
