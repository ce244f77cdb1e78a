//! The program `ringscope` as a child process: this test binary runs it in a process of its own, for a test of one
//! crate cannot have the binaries of another.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use virtio_core::driver::skipped;

/// The command line, an argument a line.
const ARGUMENTS: &str = "RINGSCOPE_TEST_ARGUMENTS";

/// What the process runs: all that the binary's `main` does.
#[test]
#[ignore = "it is run as a machine by the other tests"]
fn ringscope() {
    if let Ok(arguments) = std::env::var(ARGUMENTS) {
        vmm::program::run(arguments.lines().map(Into::into));
    }
}

/// A running machine. It is killed with the test.
pub(crate) struct Machine(Child);

impl Machine {
    /// Starts a machine with QMP at `socket`; returns when it listens.
    pub(crate) fn start(arguments: &[&str], socket: &Path) -> Self {
        let address = format!("unix:{}", socket.display());
        let arguments = [arguments, &["--qmp", &address]].concat().join("\n");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--nocapture", "--exact", "machine::ringscope"])
            .env(ARGUMENTS, &arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The message that it prints when it starts ends with an empty line.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said: Vec<_> = lines.by_ref().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        assert!(said.iter().any(|line| line.starts_with("QMP: ")), "{said:?}");
        let without_kvm = said.iter().find(|line| line.starts_with("accelerator: none: "));
        if let Some(reason) = without_kvm.filter(|_| arguments.contains("auto")) {
            skipped(format_args!("under KVM: {reason}"));
        }
        Self(child)
    }

    /// Ends it without warning.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
