//! What a person at a terminal sees of a session: completion, history, tables, advice, at several widths.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use vmm::wake::wait_readable;

/// Far longer than the program takes to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Of every window.
const ROWS: u16 = 50;

/// A terminal's window with the program in it.
struct Window {
    keys: File,
    screen: vt100::Parser,
    columns: u16,
    child: Child,
    _directory: tempfile::TempDir,
}

impl Window {
    /// Opens a window of this width, in which a machine with two devices runs.
    fn open(columns: u16) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let line = OpenOptions::new().read(true).write(true).open(name).unwrap();
        tcsetwinsize(&line, Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let stdio = || Stdio::from(OwnedFd::from(line.try_clone().unwrap()));
        let directory = tempfile::tempdir().unwrap();
        // A session of its own, so that the terminal is the program's controlling terminal.
        let child = Command::new("setsid")
            .args(["--ctty", env!("CARGO_BIN_EXE_ringscope"), "--accel", "none", "--hmp", "stdio"])
            .args(["--device", "rng,id=rng0", "--device", "console", "--paused", "--name", "seen"])
            .env("XDG_RUNTIME_DIR", directory.path())
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(stdio())
            .stdout(stdio())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let size = |number| NonZeroU16::new(number).unwrap();
        let screen = vt100::Parser::new(size(ROWS), size(columns), 0);
        let mut window = Self { keys: keys.into(), screen, columns, child, _directory: directory };
        window.wait_for(|text| text.ends_with("\n(qemu)"));
        window
    }

    /// What the window shows, without the blanks at the ends.
    fn text(&self) -> String {
        let rows = self.screen.screen().rows(0, self.columns);
        rows.map(|row| row.trim_end().to_owned()).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// Reads what the program writes until the window shows what is waited for.
    fn wait_for(&mut self, is_there: impl Fn(&str) -> bool) -> String {
        let mut bytes = [0; 4096];
        loop {
            let text = self.text();
            if is_there(&text) {
                return text;
            }
            let [readable] = wait_readable([self.keys.as_fd()], Some(PATIENCE)).unwrap();
            assert!(readable, "there is only:\n{text}");
            let count = self.keys.read(&mut bytes).unwrap();
            self.screen.process(&bytes[..count]);
        }
    }

    /// Types keys, then a line of nothing but `end`, which stands at the end when all was answered.
    fn type_and_see(&mut self, keys: &str) -> String {
        self.keys.write_all(format!("{keys}end").as_bytes()).unwrap();
        let text = self.wait_for(|text| text.ends_with("(qemu) end"));
        text.strip_suffix(" end").unwrap().to_owned()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Completion of a verb, a path and a queue; the same line once more from the history, changed; help; advice.
const SESSION: &str = "info virtio\rinfo virtio-queue-st\t/\t/r\t\t\rhelp virtio\rinfo virtio-sttus\rinfo name\r\x1b[A\x17uuid\rinfo virtio-queue-status rng0 0\r";

#[test]
fn a_session_on_a_wide_terminal() {
    insta::assert_snapshot!(Window::open(100).type_and_see(SESSION));
}

#[test]
fn a_session_on_a_terminal_of_60_columns() {
    insta::assert_snapshot!(Window::open(60).type_and_see(SESSION));
}

#[test]
fn a_session_on_a_terminal_of_40_columns() {
    insta::assert_snapshot!(Window::open(40).type_and_see(SESSION));
}
