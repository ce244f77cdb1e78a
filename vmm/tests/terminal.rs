//! The human monitor on a terminal, which the program leaves as it found it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, tcgetattr};
use vmm::wake::wait_readable;

/// Far longer than the program takes to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal with the program in its foreground.
struct Terminal {
    /// What a person's terminal window holds.
    window: File,
    /// What the program has as its terminal.
    line: File,
    before: Termios,
    child: Child,
    _directory: tempfile::TempDir,
}

impl Terminal {
    fn start() -> Self {
        Self::of_kind("xterm")
    }

    /// A terminal that programs know by this name.
    fn of_kind(kind: &str) -> Self {
        let window = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&window).unwrap();
        unlockpt(&window).unwrap();
        let name = ptsname(&window, Vec::new()).unwrap().into_string().unwrap();
        let line = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let before = tcgetattr(&line).unwrap();
        let stdio = || Stdio::from(OwnedFd::from(line.try_clone().unwrap()));
        let directory = tempfile::tempdir().unwrap();
        // A session of its own, so that the terminal is the program's controlling terminal.
        let child = Command::new("setsid")
            .args(["--ctty", env!("CARGO_BIN_EXE_ringscope"), "--accel", "none"])
            .env("XDG_RUNTIME_DIR", directory.path())
            .env("NO_COLOR", "1")
            .env("TERM", kind)
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .spawn()
            .unwrap();
        Self { window: window.into(), line, before, child, _directory: directory }
    }

    /// Reads what is shown until the next prompt.
    fn wait_for_prompt(&mut self) -> String {
        let mut shown = String::new();
        let mut byte = [0];
        while !shown.ends_with("(qemu) ") {
            let [readable] = wait_readable([self.window.as_fd()], Some(PATIENCE)).unwrap();
            assert!(readable, "no prompt after: {shown}");
            self.window.read_exact(&mut byte).unwrap();
            shown.push(byte[0].into());
        }
        shown
    }

    fn type_line(&mut self, line: &str) {
        self.window.write_all(line.as_bytes()).unwrap();
        self.window.write_all(b"\r").unwrap();
    }

    fn is_raw(&self) -> bool {
        !tcgetattr(&self.line).unwrap().local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO)
    }

    fn is_as_before(&self) -> bool {
        let now = tcgetattr(&self.line).unwrap();
        (now.local_modes, now.input_modes, now.output_modes)
            == (self.before.local_modes, self.before.input_modes, self.before.output_modes)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_human_monitor_has_the_terminal_until_quit() {
    let mut terminal = Terminal::start();
    let shown = terminal.wait_for_prompt();
    assert!(shown.contains("human monitor: stdio\r\n"), "{shown}");
    assert!(shown.contains("/console.log"), "the guest prints elsewhere: {shown}");
    assert!(terminal.is_raw());
    terminal.type_line("info status");
    let shown = terminal.wait_for_prompt();
    assert!(shown.contains("VM status: running\r"), "{shown}");
    terminal.type_line("quit");
    assert!(terminal.child.wait().unwrap().success());
    assert!(terminal.is_as_before());
}

#[test]
fn a_terminal_that_cannot_edit_lines_is_asked_for_them() {
    let mut terminal = Terminal::of_kind("dumb");
    terminal.wait_for_prompt();
    assert!(!terminal.is_raw());
    terminal.type_line("info status");
    assert_eq!(terminal.wait_for_prompt(), "info status\r\nVM status: running\r\n(qemu) ");
    terminal.type_line("quit");
    assert!(terminal.child.wait().unwrap().success());
}

#[test]
fn a_signal_puts_the_terminal_back() {
    let mut terminal = Terminal::start();
    terminal.wait_for_prompt();
    let id = Pid::from_raw(i32::try_from(terminal.child.id()).unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
    assert!(terminal.child.wait().unwrap().success());
    assert!(terminal.is_as_before());
}

#[test]
fn control_c_ends_the_program_in_order() {
    let mut terminal = Terminal::start();
    terminal.wait_for_prompt();
    terminal.window.write_all(b"\x03").unwrap();
    assert!(terminal.child.wait().unwrap().success());
    assert!(terminal.is_as_before());
}
