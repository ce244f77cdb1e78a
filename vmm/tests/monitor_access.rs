//! Monitors for reading only, for some users only, and for people.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;

use qapi_schema::machine::RunState;
use qapi_schema::machine::requests::{QueryStatus, Quit, Stop};
use rustix::process::geteuid;
use serde_json::json;
use support::{Program, QmpClient};

/// A program whose socket `second` has these options, and its directory.
fn program(option: &str, options: &str) -> Program {
    let directory = tempfile::tempdir().unwrap();
    let socket = |name: &str| format!("unix:{}", directory.path().join(name).display());
    let mut command = Program::command();
    command.args(["--accel", "none", "--qmp", &socket("qmp")]);
    command.args([option, &format!("{}{options}", socket("second"))]);
    Program::spawn(command, directory)
}

#[test]
fn who_may_only_read_reads_and_follows_and_changes_nothing() {
    let program = program("--qmp", ",access=read");
    assert!(program.start_message().contains("second (for reading only)\n"), "{}", program.start_message());
    let mut reader = QmpClient::connect(&program.path("second"));
    for (command, arguments) in [
        ("stop", json!({})),
        ("quit", json!({})),
        ("system_reset", json!({})),
        ("human-monitor-command", json!({ "command-line": "stop" })),
    ] {
        let text = format!("Command {command} has been disabled: this monitor is for reading only");
        let expected = json!({ "error": { "class": "CommandNotFound", "desc": text } });
        assert_eq!(reader.answer(command, arguments), expected);
    }
    assert_eq!(reader.call(&QueryStatus).status, RunState::Running);
    for command in
        ["query-virtio", "x-query-virtio", "query-statistics", "qom-list-types", "query-qmp-schema"]
    {
        assert!(reader.answer(command, json!({})).get("return").is_some(), "{command}");
    }
    let listed = reader.answer("query-commands", json!({}));
    assert!(!listed.to_string().contains("\"stop\"") && listed.to_string().contains("\"query-stats\""));

    let wanted = json!({ "targets": ["monitor"], "interval": 1000 });
    assert!(reader.answer("subscribe-statistics", wanted).get("return").is_some());
    assert_eq!(reader.event().0, "STATISTICS");
    // It hears of what others do.
    program.qmp().call(&Stop);
    while reader.event().0 != "STOP" {}
}

#[test]
fn the_file_of_a_socket_has_the_mode_that_was_asked_for() {
    let program = program("--qmp", ",mode=0666");
    let mode = |name: &str| fs::metadata(program.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("qmp"), 0o600);
    assert_eq!(mode("second"), 0o666, "whatever the mask of this process");
}

#[test]
fn somebody_else_is_told_why_and_gets_nothing() {
    let other = geteuid().as_raw() + 1;
    for (option, start) in [("--qmp", "{\"error\": "), ("--hmp", "Error: ")] {
        let program = program(option, &format!(",user={other}"));
        let mut told = String::new();
        UnixStream::connect(program.path("second")).unwrap().read_to_string(&mut told).unwrap();
        assert!(told.starts_with(start) && told.ends_with("\r\n"), "{told}");
        assert!(told.contains(&format!("this monitor is not for user {} of group ", geteuid().as_raw())));
        program.qmp().call(&Quit);
    }
    let program = program("--qmp", &format!(",user={other}:{}", geteuid().as_raw()));
    QmpClient::connect(&program.path("second")).call(&QueryStatus);
}

#[test]
fn people_get_a_line_for_every_part() {
    let program = program("--qmp", ",pretty=on");
    let mut stream = UnixStream::connect(program.path("second")).unwrap();
    stream.write_all(b"{'execute': 'qmp_capabilities'}{'execute': 'query-status'}").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap).skip_while(|line| line != "}").skip(1);
    let replies: Vec<_> = lines.by_ref().take(10).collect();
    insta::assert_snapshot!(replies.join("\n"), @r###"
    {
        "return": {
        }
    }
    {
        "return": {
            "running": true,
            "status": "running"
        }
    }
    "###);
}
