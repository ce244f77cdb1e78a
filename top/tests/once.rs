//! `--once`: what is asked of a server, and what is printed.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::machine;
use support::server::serve;

fn top(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringscope-top")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn address(socket: &Path) -> String {
    format!("unix:{}", socket.display())
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// What every server knows.
fn common(command: &str) -> Option<Value> {
    match command {
        "query-name" => Some(json!({ "name": "made-up" })),
        "query-status" => Some(json!({ "status": "inmigrate", "running": true, "singlestep": false })),
        "query-cpus-fast" => {
            let cpu = |index| {
                let path = support::vcpu_path(index);
                json!({ "cpu-index": index, "qom-path": path, "thread-id": 7, "target": "x86_64", "new": [1] })
            };
            Some(json!([cpu(0), cpu(1)]))
        }
        _ => None,
    }
}

#[test]
fn everything_of_our_own_servers() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    serve(&socket, || {
        let machine = machine("made-up", 2, 10);
        let mut seconds = 100;
        move |command: &str, arguments: &Value| match command {
            "query-statistics-schemas" => Some(serde_json::to_value(machine.introduction().schemas).unwrap()),
            "query-statistics" => {
                assert_eq!(arguments["providers"], json!(["kvm", "virtio", "vcpu", "monitor", "process"]));
                seconds += 1;
                Some(serde_json::to_value(machine.sample(seconds).report).unwrap())
            }
            command => common(command),
        }
    });
    let output = top(&["--once", "--interval", "0.05", &address(&socket)]);
    assert!(output.status.success(), "{output:?}");
    insta::assert_snapshot!("once", text(&output.stdout));
}

#[test]
fn kvm_statistics_of_qemu_in_natural_order() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    serve(&socket, || {
        let mut waits = 5;
        move |command: &str, arguments: &Value| match (command, arguments["target"].as_str()) {
            ("query-stats-schemas", _) => {
                assert_eq!(arguments["provider"], "kvm", "others have names that nobody here knows");
                let wait = json!({ "name": "wait", "type": "log2-histogram", "unit": "seconds", "base": 10, "exponent": -9 });
                let exits = json!({ "name": "exits", "type": "cumulative", "exponent": 0 });
                let pages = json!({ "name": "pages", "type": "instant", "exponent": 0 });
                Some(json!([
                    { "provider": "kvm", "target": "vcpu", "stats": [wait, exits] },
                    { "provider": "kvm", "target": "vm", "stats": [pages] }
                ]))
            }
            ("query-stats", Some("vm")) => {
                Some(json!([{ "provider": "kvm", "stats": [{ "name": "pages", "value": 77 }] }]))
            }
            ("query-stats", Some("vcpu")) => {
                waits += 10;
                // The last vCPU, the last statistic and the last bucket come first.
                let vcpu = |index, exits| {
                    let wait = json!({ "name": "wait", "value": [0, 0, waits, 0] });
                    let exits = json!({ "name": "exits", "value": exits });
                    json!({ "provider": "kvm", "qom-path": support::vcpu_path(index), "stats": [wait, exits] })
                };
                Some(json!([vcpu(1, 200), vcpu(0, 100)]))
            }
            (command, _) => common(command),
        }
    });
    let output = top(&["--once", "--each", "--sort", "name", "--interval", "0.05", &address(&socket)]);
    assert!(output.status.success(), "{output:?}");
    let words: Vec<Vec<_>> =
        text(&output.stdout).lines().map(|line| line.split_whitespace().collect()).collect();
    let has =
        |expected: &[&str]| assert!(words.iter().any(|words| words == expected), "{expected:?} in {words:?}");
    has(&["made-up", "inmigrate", "2", "-", "-", "-", "-", "-", "-", "-"]);
    has(&["exits", "vCPU", "0", "0", "100", "-", "-", "-", "-"]);
    has(&["exits", "vCPU", "1", "0", "200", "-", "-", "-", "-"]);
    has(&["pages", "machine", "-", "77", "-", "-", "-", "-"]);
    // Bucket 1 of four: one nanosecond.
    let wait = words.iter().find(|words| words.starts_with(&["wait", "vCPU", "0"])).unwrap();
    assert_eq!(wait[4..7], ["25", "1.50ns", "1.99ns"]);
}

#[test]
fn who_does_not_answer_is_named_and_the_others_are_shown() {
    let directory = tempfile::tempdir().unwrap();
    let (good, bad) = (directory.path().join("good"), directory.path().join("bad"));
    serve(&good, || {
        move |command: &str, _: &Value| match command {
            "query-statistics-schemas" => Some(json!([])),
            "query-statistics" => Some(json!({ "time": 5, "objects": [] })),
            command => common(command),
        }
    });
    serve(&bad, || {
        move |command: &str, _: &Value| match command {
            "query-statistics-schemas" => Some(json!([])),
            "query-statistics" => Some(json!({ "time": "now", "objects": [] })),
            command => common(command),
        }
    });
    let output = top(&["--once", "-i", "0.05", &address(&good), &address(&bad), "unix:/nowhere/qmp"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&output.stdout);
    assert!(shown.contains("\nmade-up "), "{shown}");
    let said = format!(
        "ringscope-top: {}: query-statistics: the reply cannot be read: Parameter 'time' expects uint64\n\
         ringscope-top: unix:/nowhere/qmp: cannot connect: No such file or directory (os error 2)\n",
        address(&bad)
    );
    assert_eq!(text(&output.stderr), said);
}

#[test]
fn a_server_without_statistics_is_told_apart_from_one_that_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    serve(&socket, || |command: &str, _: &Value| common(command));
    let output = top(&["--once", &address(&socket)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr)
            .ends_with(": query-stats-schemas: The command query-stats-schemas has not been found\n")
    );
}

#[test]
fn questions_and_mistakes() {
    let help = top(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).starts_with("Usage: ringscope-top "));
    let mistake = top(&["--sort", "size", "unix:/a"]);
    assert_eq!(mistake.status.code(), Some(2));
    assert!(text(&mistake.stderr).starts_with("ringscope-top: --sort: 'size' is nothing to sort by"));
    let no_terminal = top(&["unix:/nowhere/qmp"]);
    assert_eq!(no_terminal.status.code(), Some(1));
    assert!(text(&no_terminal.stderr).contains("--once"), "{no_terminal:?}");
}

#[test]
fn the_real_qemu() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    let mut command = Command::new("qemu-system-x86_64");
    command.args([
        "-accel",
        "kvm",
        "-accel",
        "tcg",
        "-display",
        "none",
        "-nodefaults",
        "-name",
        "real",
        "-qmp",
    ]);
    command.arg(format!("{},server=on,wait=off", address(&socket))).stdin(Stdio::null());
    let Ok(mut qemu) = command.spawn() else {
        virtio_core::driver::skipped("there is no qemu-system-x86_64 here");
        return;
    };
    let start = Instant::now();
    let output = loop {
        let output = top(&["--once", "-i", "0.05", "--idle", &address(&socket)]);
        // It does not listen at once.
        if output.status.success() || start.elapsed() > Duration::from_secs(60) {
            break output;
        }
    };
    qemu.kill().unwrap();
    qemu.wait().unwrap();
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(shown.contains("\nreal     running"), "{shown}");
    assert!(shown.contains("\nvCPU 0"), "{shown}");
}
