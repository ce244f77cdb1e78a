//! A client's conversation with the program from the greeting to the end, a few lines for each class of thing that can be
//! said. `monitor-qmp/DIFFERENCES.md` lists what is on purpose not as in QEMU.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use serde_json::Value;
use support::Program;

/// A client that writes down what is said.
struct Conversation {
    reader: BufReader<UnixStream>,
    record: String,
}

impl Conversation {
    fn begin(program: &Program) -> Self {
        let stream = UnixStream::connect(program.path("qmp")).unwrap();
        let mut conversation = Self { reader: BufReader::new(stream), record: String::new() };
        conversation.listen(1);
        conversation
    }

    /// Sends `lines` in one write and takes as many messages as are expected, in an order that does not vary: events come
    /// before or after replies.
    fn say(&mut self, lines: &str, messages: usize) {
        for line in lines.lines() {
            self.record += &format!("-> {line}\n");
        }
        self.reader.get_mut().write_all(format!("{lines}\n").as_bytes()).unwrap();
        self.listen(messages);
    }

    fn listen(&mut self, messages: usize) {
        let mut heard: Vec<String> = (0..messages).map(|_| self.message()).collect();
        heard.sort_by_key(|line| !line.contains("\"event\""));
        heard.iter().for_each(|line| self.record += &format!("<- {line}\n"));
    }

    /// The next line, without what is different at every run.
    fn message(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        assert!(line.ends_with("\r\n"), "{line}, after\n{}", self.record);
        let mut message: Value = serde_json::from_str(&line).unwrap();
        let told = message.as_object_mut().unwrap();
        if told.remove("timestamp").is_some() {
            return message.to_string();
        }
        match line.split_once("\"thread-id\": ").filter(|_| line.contains("qom-path")) {
            Some((before, _)) => format!("{before}\"thread-id\": …"),
            None => line.trim_end().to_owned(),
        }
    }

    fn end(mut self) -> String {
        let mut rest = String::new();
        assert_eq!(self.reader.read_line(&mut rest).unwrap(), 0, "{rest}");
        self.record
    }
}

#[test]
fn everything_that_can_be_said_is_answered_as_clients_know_it() {
    let mut program = Program::start(&[
        "--accel",
        "none",
        "--name",
        "parlour",
        "--uuid",
        "00112233-4455-6677-8899-aabbccddeeff",
        "--memory",
        "32M",
        "--paused",
        "--device",
        "rng,id=dice",
    ]);
    let mut client = Conversation::begin(&program);
    // Negotiation.
    client.say("{'execute': 'query-name', 'id': 'early'}", 1);
    client.say("{'execute': 'qmp_capabilities', 'arguments': {'enable': ['telepathy']}}", 1);
    client.say("{'execute': 'qmp_capabilities', 'arguments': {'enable': []}, 'id': 'now'}", 1);
    client.say("{'execute': 'qmp_capabilities'}", 1);
    // Damaged messages, and the way back.
    client.say("hello {'execute': 'query-name'}", 2);
    client.say("{'execute': 'query-name',}", 1);
    client.say("{'a': 1, 'a': 2} [1 2] {'a' 1} {7: 7} 'half", 5);
    client.say("{'execute': 'query-name', 'id': 1e999}", 1);
    // Envelopes.
    client.say("[] {} {'execute': 1} {'execute': 'query-name', 'also': 1, 'id': {'k': [null]}}", 4);
    client.say("{'execute': 'query-names', 'id': -0.5} {'exec-oob': 'query-name'}", 2);
    client.say("{'execute': 'query-name', 'arguments': [1]}", 1);
    // Arguments.
    client.say("{'execute': 'qom-get', 'arguments': {'path': 'dice'}}", 1);
    client.say("{'execute': 'qom-list', 'arguments': {'path': false}}", 1);
    client.say("{'execute': 'qom-list', 'arguments': {'path': '/machine', 'depth': 2}}", 1);
    client.say("{'execute': 'x-query-virtio-queue-status', 'arguments': {'path': 'x', 'queue': 70000}}", 1);
    client.say("{'execute': 'query-statistics', 'arguments': {'targets': ['moon']}}", 1);
    client
        .say("{'execute': 'query-stats', 'arguments': {'target': 'vm', 'providers': [{'provider': 1}]}}", 1);
    client
        .say("{'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': 2.0}}", 1);
    // Plain commands, several in a write, and one in two.
    client
        .say("{'execute': 'query-name'}{'execute': 'query-uuid'}\n\n{'execute': 'query-target', 'id': 3}", 3);
    client.say("{'execute':\n  'query-status'", 0);
    client.say("}", 1);
    client.say("{'execute': 'query-cpus-fast'} {'execute': 'query-memory-size-summary'}", 2);
    client.say("{'execute': 'human-monitor-command', 'arguments': {'command-line': 'info status'}}", 1);
    client.say("{'execute': 'human-monitor-command', 'arguments': {'command-line': 'dance'}}", 1);
    client.say(
        "{'execute': 'qom-get', 'arguments': {'path': '/machine/peripheral/dice', 'property': 'type'}}",
        1,
    );
    // Run states and events.
    client.say("{'execute': 'cont', 'id': 'go'}", 2);
    client.say("{'execute': 'cont'}", 1);
    client.say("{'execute': 'stop'}", 2);
    client.say("{'execute': 'stop'}", 1);
    client.say("{'execute': 'query-status'}", 1);
    client.say("{'execute': 'system_reset'}", 2);
    client.say("{'execute': 'system_powerdown'}", 2);
    // The next client begins at the beginning, and may overtake itself.
    let mut second = Conversation::begin(&program);
    second.say("{'execute': 'query-name'}", 1);
    second.say("{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}", 1);
    second.say("{'exec-oob': 'query-name', 'id': 1}", 1);
    second.say("{'exec-oob': 'query-name', 'execute': 'query-name'}", 1);
    second.say("{'execute': 'quit', 'id': 'bye'}", 2);
    client.listen(1);
    let told = format!("{}\nThe second client:\n{}", client.end(), second.end());
    insta::assert_snapshot!(told.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    assert!(program.wait().0.success());
}

/// The shell that QEMU's developers use, as far as one sees it without a terminal. Needs `qmp-shell` of Python's
/// `qemu.qmp`: beside the Python that `RINGSCOPE_TEST_PYTHON` names, or in the `PATH`.
#[test]
fn qmp_shell_lists_and_runs_commands() {
    let python = std::env::var("RINGSCOPE_TEST_PYTHON").unwrap_or_default();
    let shell = std::path::Path::new(&python).with_file_name("qmp-shell");
    let found =
        std::process::Command::new(&shell).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        virtio_core::driver::skipped(format_args!("there is no {}", shell.display()));
        return;
    }
    let program = Program::start(&["--accel", "none", "--name", "shell"]);
    let mut shell = std::process::Command::new(&shell)
        .arg(program.path("qmp"))
        .env("HOME", program.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let typed = "query-name\nqom-get path=/machine property=accel\nquery-name x=1\nno-such\n";
    shell.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let shown = shell.wait_with_output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    for answer in
        [r#"{"name": "shell"}"#, r#""return": "none""#, "Parameter 'x' is unexpected", "CommandNotFound"]
    {
        assert!(shown.contains(answer), "{answer}: {shown}");
    }
}
