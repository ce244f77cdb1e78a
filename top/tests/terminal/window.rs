//! A terminal window with the program in it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use vt100::Parser;

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the window shows, kept by a thread that reads.
type Shown = Arc<(Mutex<Parser>, Condvar)>;

/// A window and the program that it was opened for.
pub(crate) struct Window {
    /// The side of the person.
    keys: File,
    /// The side of the program.
    line: File,
    before: Termios,
    shown: Shown,
    child: Child,
}

impl Window {
    /// Opens a window of this size and runs the program in it.
    pub(crate) fn open(columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let line = OpenOptions::new().read(true).write(true).open(name).unwrap();
        tcsetwinsize(&line, size(columns, rows)).unwrap();
        let before = tcgetattr(&line).unwrap();
        let stdio = || Stdio::from(OwnedFd::from(line.try_clone().unwrap()));
        // A session of its own, so that the window is the program's controlling terminal.
        let child = Command::new("setsid")
            .args(["--ctty", env!("CARGO_BIN_EXE_ringscope-top")])
            .args(arguments)
            .env("TERM", "xterm-256color")
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .spawn()
            .unwrap();
        let keys = File::from(keys);
        let parser = Parser::new(nonzero(rows), nonzero(columns), 0);
        let shown = Arc::new((Mutex::new(parser), Condvar::new()));
        thread::spawn({
            let (mut output, shown) = (keys.try_clone().unwrap(), Arc::clone(&shown));
            move || {
                let mut bytes = [0; 4096];
                while let Ok(count) = output.read(&mut bytes) {
                    shown.0.lock().unwrap().process(&bytes[..count]);
                    shown.1.notify_all();
                }
            }
        });
        Self { keys, line, before, shown, child }
    }

    /// Waits until the window shows `what`; all of it.
    pub(crate) fn wait_for(&mut self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        let mut parser = self.shown.0.lock().unwrap();
        loop {
            let screen = text(&parser);
            if is_there(&screen) {
                return screen;
            }
            let left = PATIENCE.saturating_sub(start.elapsed());
            assert!(!left.is_zero(), "waited for {what}, and there is:\n{screen}");
            parser = self.shown.1.wait_timeout(parser, left).unwrap().0;
        }
    }

    /// Types `keys`.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Makes the window larger or smaller.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.shown.0.lock().unwrap().set_size(nonzero(rows), nonzero(columns));
        tcsetwinsize(&self.line, size(columns, rows)).unwrap();
    }

    /// Sends the signal that politely ends a program.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// The program has ended well, and the window is as it was.
    pub(crate) fn assert_ended_and_restored(&mut self) {
        assert!(self.child.wait().unwrap().success());
        self.assert_restored();
    }

    /// The program has ended, and the window is as it was.
    pub(crate) fn assert_restored(&mut self) {
        self.child.wait().unwrap();
        let now = tcgetattr(&self.line).unwrap();
        assert_eq!(
            (now.local_modes, now.input_modes, now.output_modes),
            (self.before.local_modes, self.before.input_modes, self.before.output_modes)
        );
        // What the program wrote last may still be on its way through the line.
        let start = Instant::now();
        let mut parser = self.shown.0.lock().unwrap();
        while parser.screen().alternate_screen() || parser.screen().hide_cursor() {
            let left = PATIENCE.saturating_sub(start.elapsed());
            assert!(!left.is_zero(), "the screen is still the program's");
            parser = self.shown.1.wait_timeout(parser, left).unwrap().0;
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // It has ended, unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines, all of them, each without the blanks at its end.
fn text(parser: &Parser) -> String {
    let (_, columns) = parser.screen().size();
    let rows = parser.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned());
    rows.collect::<Vec<_>>().join("\n")
}

fn nonzero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}
