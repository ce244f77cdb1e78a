//! The program as people run it: help, errors, and what it makes of a machine's answers.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail anywhere")]

mod support;

use insta::assert_snapshot;
use support::{Machine, ctl};

#[test]
fn help_lists_every_command() {
    let shown = ctl(&["--help"]);
    assert_eq!(shown.code, 0);
    assert!(shown.text.contains("  query-cpus-fast"), "{}", shown.text);
    let (head, commands) = shown.text.split_once("\nCommands:\n").unwrap();
    let (commands, tail) = commands.split_once("\n\n").unwrap();
    assert!(commands.lines().count() > 30, "{commands}");
    assert_snapshot!(format!("{head}\n\nCommands:\n  ...\n\n{tail}"));
}

#[test]
fn the_help_of_a_command_is_what_the_schema_says() {
    assert_snapshot!(ctl(&["x-query-virtio-queue-status", "--help"]).text);
    assert_snapshot!(ctl(&["query-stats", "--help"]).text);
    assert_snapshot!(ctl(&["query-stats", "-h"]).text);
}

#[test]
fn what_cannot_be_read_is_explained() {
    for (name, words) in [
        ("no_such_argument", &["x-query-virtio-status", "--paht", "/a"][..]),
        ("missing_arguments", &["x-query-virtio-queue-status"]),
        ("no_number", &["x-query-virtio-queue-status", "--path=/a", "--queue=one"]),
        ("no_choice", &["query-stats", "--target", "cpu"]),
        ("no_address", &["--server", "here", "query-status"]),
        ("no_server", &["query-status"]),
        ("no_json", &["raw", "query-status", "[1]"]),
    ] {
        let shown = ctl(words);
        assert_eq!(shown.code, 2, "{}", shown.text);
        assert_snapshot!(name, shown.text);
    }
}

#[test]
fn an_unknown_command_is_answered_with_those_like_it() {
    let shown = ctl(&["quti"]);
    assert_eq!(shown.code, 2);
    assert!(shown.text.contains("unrecognized subcommand 'quti'"), "{}", shown.text);
    assert!(shown.text.contains("'quit'"), "{}", shown.text);
}

#[test]
fn a_server_that_is_not_there_is_not_the_command_lines_fault() {
    let shown = ctl(&["--server", "unix:/nowhere/qmp", "query-status"]);
    assert_eq!(shown.code, 3);
    assert_snapshot!(shown.text, @"ringscope-ctl: unix:/nowhere/qmp: cannot connect: No such file or directory (os error 2)");
}

#[test]
fn every_shell_gets_its_completions() {
    for (shell, what) in
        [("bash", "x-query-virtio-queue-status"), ("zsh", "--queue=[the queue"), ("fish", "-l queue")]
    {
        let shown = ctl(&["completion", shell]);
        assert_eq!(shown.code, 0);
        assert!(shown.text.contains(what), "{shell}");
    }
}

#[test]
fn answers_are_tables_or_json() {
    let machine =
        Machine::start(&["--accel", "none", "--cpus", "2", "--name", "seen", "--device", "rng,id=rng0"]);
    let run = |words: &[&str]| {
        let shown = machine.ctl(words);
        assert_eq!(shown.code, 0, "{}", shown.text);
        shown.text
    };
    assert_eq!(run(&["query-name"]), "{\n  \"name\": \"seen\"\n}\n");
    assert_eq!(run(&["--format", "lines", "raw", "query-name", "{}"]), "{\"name\":\"seen\"}\n");
    assert_eq!(run(&["--format", "table", "stop"]), "", "there is nothing to say");
    assert_snapshot!(run(&["--format", "table", "query-status"]), @"
    running  false
    status   paused
    ");
    assert_snapshot!(run(&["--format", "table", "x-query-virtio"]), @"
    NAME        PATH
    virtio-rng  /machine/peripheral/rng0/virtio-backend
    ");
    let cpus = run(&["--format", "table", "query-cpus-fast"]);
    assert!(cpus.starts_with("CPU-INDEX  PROPS.CORE-ID"), "{cpus}");
    assert_eq!(cpus.lines().count(), 3, "{cpus}");
    let queue =
        ["x-query-virtio-queue-status", "--path", "/machine/peripheral/rng0/virtio-backend", "--queue", "0"];
    let queue = run(&[&["--format", "table"], &queue[..]].concat());
    assert!(queue.contains("\nvring-num             "), "{queue}");
    let human = run(&["--format", "table", "human-monitor-command", "--command-line", "info name"]);
    assert_eq!(human, "seen\\r\\n\n", "what is text in an answer cannot move the cursor");
    assert_eq!(run(&["--watch", "0.001", "--count", "3", "query-status"]).lines().count(), 3, "a line a run");
}

#[test]
fn a_refusal_has_its_own_exit_code() {
    let machine = Machine::start(&["--accel", "none"]);
    let refused = machine.ctl(&["x-query-virtio-status", "--path", "/nowhere"]);
    assert_eq!(refused.code, 1);
    assert_snapshot!(refused.text, @"ringscope-ctl: x-query-virtio-status: Path /nowhere is not a VirtIODevice");
    let unknown = machine.ctl(&["raw", "query-nothing"]);
    assert_eq!(
        (unknown.code, unknown.text.as_str()),
        (1, "ringscope-ctl: query-nothing: The command query-nothing has not been found\n")
    );
}

#[test]
fn events_are_shown_until_there_were_enough() {
    let machine = Machine::start(&["--accel", "none"]);
    let watching = machine.begin(&["--count", "2", "events", "STOP", "RESUME"]);
    // Until the events have their reader nobody knows whether they came too early.
    while !watching.has_ended() {
        assert_eq!(machine.ctl(&["stop"]).code, 0);
        assert_eq!(machine.ctl(&["cont"]).code, 0);
    }
    let shown = watching.end();
    assert_eq!(shown.code, 0);
    let names: Vec<&str> = shown
        .text
        .lines()
        .map(|line| if line.contains("\"event\":\"STOP\"") { "STOP" } else { "RESUME" })
        .collect();
    assert!(names == ["STOP", "RESUME"] || names == ["RESUME", "STOP"], "{}", shown.text);
}
