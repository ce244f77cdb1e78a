//! The program, and a machine for it to talk to.

#![allow(dead_code, reason = "not every test needs everything")]

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// What a run of the program has left.
pub(crate) struct Shown {
    /// Its exit code.
    pub(crate) code: i32,
    /// Standard output, then standard error.
    pub(crate) text: String,
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringscope-ctl"));
    command.args(words).env_remove("RINGSCOPE_QMP").env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn shown(mut command: Command) -> Shown {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    Shown { code: output.status.code().unwrap(), text: String::from_utf8(text).unwrap() }
}

/// Runs the program.
pub(crate) fn ctl(words: &[&str]) -> Shown {
    shown(command(words))
}

/// Runs the program for the server at this address.
pub(crate) fn ctl_at(address: &str, words: &[&str]) -> Shown {
    let mut command = command(words);
    command.env("RINGSCOPE_QMP", address);
    shown(command)
}

/// The command line of a machine, an argument a line.
const ARGUMENTS: &str = "RINGSCOPE_TEST_ARGUMENTS";

/// What a machine's process runs: all that the binary's `main` does.
#[test]
#[ignore = "it is run as a machine by the other tests"]
fn ringscope() {
    if let Ok(arguments) = std::env::var(ARGUMENTS) {
        vmm::program::run(arguments.lines().map(Into::into));
    }
}

/// A running machine, which is this test binary in a process of its own. It is killed with the test.
pub(crate) struct Machine {
    child: Child,
    directory: TempDir,
}

impl Machine {
    /// Starts a machine; returns when it listens.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let address = format!("unix:{}", directory.path().join("qmp").display());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--nocapture", "--exact", "support::ringscope"])
            .env(ARGUMENTS, [arguments, &["--qmp", &address]].concat().join("\n"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The message that it prints when it starts ends with an empty line.
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said: Vec<String> = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        assert!(said.iter().any(|line| line.starts_with("QMP: ")), "{said:?}");
        Self { child, directory }
    }

    fn address(&self) -> String {
        format!("unix:{}", self.directory.path().join("qmp").display())
    }

    /// Runs the program for this machine.
    pub(crate) fn ctl(&self, words: &[&str]) -> Shown {
        ctl_at(&self.address(), words)
    }

    /// Starts the program for this machine.
    pub(crate) fn begin(&self, words: &[&str]) -> Begun {
        let mut command = command(words);
        command.env("RINGSCOPE_QMP", self.address()).stdout(Stdio::piped());
        Begun(RefCell::new(command.spawn().unwrap()))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program at work.
pub(crate) struct Begun(RefCell<Child>);

impl Begun {
    /// Whether it has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.borrow_mut().try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    pub(crate) fn end(self) -> Shown {
        let mut child = self.0.into_inner();
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        Shown { code: child.wait().unwrap().code().unwrap(), text }
    }
}
