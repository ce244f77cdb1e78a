//! What a person with nothing but socat types, and sees: no client library, a pipe and a socket.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use support::Program;
use virtio_core::driver::skipped;

/// socat between the test's pipes and a socket of the program.
struct Socat {
    child: Child,
    keys: ChildStdin,
    screen: BufReader<ChildStdout>,
}

impl Socat {
    /// Nothing if this host has no socat.
    fn start(program: &Program, socket: &str) -> Option<Self> {
        let address = format!("UNIX-CONNECT:{}", program.path(socket).display());
        let mut command = Command::new("socat");
        let spawned = command.args(["-", &address]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = spawned else {
            skipped(format_args!("by hand: there is no socat here (apt-get install socat)"));
            return None;
        };
        let (keys, screen) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Self { child, keys, screen })
    }

    /// Types this, a part at a time.
    fn types(&mut self, parts: &[&str]) {
        for part in parts {
            self.keys.write_all(part.as_bytes()).unwrap();
            self.keys.flush().unwrap();
        }
    }

    /// The next line.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.screen.read_line(&mut line).unwrap();
        line
    }

    /// All that comes until the program hangs up; then socat ends well.
    fn rest(mut self) -> String {
        let mut rest = String::new();
        self.screen.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

#[test]
fn requests_typed_by_hand_are_answered_one_a_line() {
    let program = Program::start(&["--accel", "none", "--device", "rng", "--name", "hand", "--paused"]);
    let Some(mut socat) = Socat::start(&program, "qmp") else { return };
    let greeting = socat.line();
    assert!(greeting.starts_with("{\"QMP\": {\"version\": ") && greeting.ends_with("\r\n"), "{greeting}");
    let mut seen = String::new();
    for (typed, answers) in [
        (&["{ \"execute\": \"query-name\" }\n"][..], 1),
        (&["{ \"execute\": \"qmp_capabilities\" }\n"], 1),
        (&["{ \"execute\": ", "\"query-name\" }\r\n"], 1),
        (&["{'execute': 'query-name', 'id': 1} {'execute': 'query-status', 'id': 2}\n"], 2),
        (&["nonsense\n"], 1),
        (&["{ \"execute\": \"cont\" }\n{ \"execute\": \"nonsense\" }\n"], 3),
    ] {
        socat.types(typed);
        let mut lines: Vec<String> = (0..answers).map(|_| socat.line()).collect();
        // An event comes before or behind the reply, and says when it was sent.
        lines.sort_by_key(|line| !line.contains("\"event\""));
        for line in lines {
            let shown = line.split_once(", \"event\": ").map_or(line.as_str(), |(_, event)| event);
            let _ = writeln!(seen, "{}", shown.trim_end());
        }
    }
    insta::assert_snapshot!(seen);
    socat.types(&["{ \"execute\": \"quit\" }\n"]);
    let end = socat.rest();
    assert!(end.contains("{\"return\": {}}\r\n") && end.contains("\"SHUTDOWN\""), "{end}");
}

#[test]
fn the_human_monitor_talks_to_a_socket() {
    let program = Program::start(&["--accel", "none", "--device", "rng", "--name", "hand", "--paused"]);
    let Some(mut socat) = Socat::start(&program, "hmp") else { return };
    socat.types(&["info name\n", "info sta", "tus\n", "quit\n"]);
    let session = socat.rest();
    // The line editor echoes every key; what remains of a line is behind the last time it cleared the rest.
    let seen: Vec<&str> = session.lines().map(|line| line.rsplit("\x1b[D").next().unwrap_or(line)).collect();
    insta::assert_snapshot!(seen.join("\n").replace("\x1b[K", ""));
}
