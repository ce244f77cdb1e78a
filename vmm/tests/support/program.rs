//! The program as a child process.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::QmpClient;

/// Arguments with a transport. Most tests name devices by their paths, which are as short as in the schema's examples on
/// virtio-mmio; those of transports say which.
pub fn on_a_transport<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let known = arguments.contains(&"--transport");
    let added = if known { &[][..] } else { &["--transport", "mmio"] };
    [added, arguments].concat()
}

/// The running program, with QMP on a unix socket. It is killed with the test.
pub struct Program {
    child: Child,
    stderr: BufReader<ChildStderr>,
    directory: TempDir,
    start_message: String,
}

impl Program {
    /// Starts the program with QMP and the human monitor on sockets, and with these further arguments; returns when
    /// it listens.
    pub fn start(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = |name: &str| format!("unix:{}", directory.path().join(name).display());
        let mut command = Self::command();
        command
            .args(["--qmp", &socket("qmp"), "--hmp", &socket("hmp")])
            .args(on_a_transport(arguments))
            .stdout(Stdio::null());
        Self::spawn(command, directory)
    }

    /// The program, to be given arguments.
    pub fn command() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ringscope"));
        command.stdin(Stdio::null());
        command
    }

    /// Starts `command`, whose files are in `directory`; returns when it listens.
    pub fn spawn(mut command: Command, directory: TempDir) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut start_message = String::new();
        // The message ends with an empty line; by then the sockets are there.
        while !start_message.ends_with("\n\n") {
            let read = stderr.read_line(&mut start_message).unwrap();
            assert_ne!(read, 0, "the program ended: {start_message}");
        }
        Self { child, stderr, directory, start_message }
    }

    /// What the program said when it started.
    pub fn start_message(&self) -> &str {
        &self.start_message
    }

    /// The path of one of its sockets or other files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A new QMP client, negotiated.
    pub fn qmp(&self) -> QmpClient {
        QmpClient::connect(&self.path("qmp"))
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(i32::try_from(self.id()).unwrap()).unwrap();
        kill_process(id, signal).unwrap();
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end; how it ended and what else it said. Its files stay until this is dropped.
    pub fn wait(&mut self) -> (ExitStatus, String) {
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap(), said)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
