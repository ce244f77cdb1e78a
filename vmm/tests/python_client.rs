//! QEMU's own Python client connects, negotiates, runs every command and receives the events of the run state.
//!
//! Needs a Python that has `qemu.qmp`: the one that `RINGSCOPE_TEST_PYTHON` names, or `python3`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::env;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use virtio_core::driver::skipped;

/// How long the program may take to listen; far more than it needs.
const START: Duration = Duration::from_secs(60);

#[test]
fn qemu_python_client_feels_at_home() {
    let python = env::var("RINGSCOPE_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let imports = Command::new(&python).args(["-c", "import qemu.qmp"]).stderr(Stdio::null()).status();
    if !imports.is_ok_and(|status| status.success()) {
        skipped(format_args!(
            "{python} has no module qemu.qmp (pip install it, or set RINGSCOPE_TEST_PYTHON)"
        ));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("qmp.sock");
    let mut program = start(&socket);

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_client.py");
    let output = Command::new(&python).arg(script).arg(&socket).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        // The program would otherwise outlive the test.
        let _ = program.kill();
        panic!("{printed}{complaints}");
    }
    assert!(printed.contains("events: STOP, RESUME"), "{printed}");
    assert!(printed.contains("quit: host-qmp-quit"), "{printed}");
    assert!(program.wait().unwrap().success(), "the program ends with 0 after quit");
}

fn start(socket: &Path) -> Child {
    let program = Command::new(env!("CARGO_BIN_EXE_ringscope"))
        .args(["--accel", "none", "--name", "python", "--qmp"])
        .arg(format!("unix:{}", socket.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !socket.exists() {
        assert!(start.elapsed() < START, "no socket at {}", socket.display());
        thread::sleep(Duration::from_millis(10));
    }
    program
}
