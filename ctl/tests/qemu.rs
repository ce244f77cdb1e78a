//! The program against the real QEMU, where there is one.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail anywhere")]

mod support;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{Shown, ctl_at};

/// Nothing takes nearly as long.
const LONG: Duration = Duration::from_secs(60);

/// QEMU, killed with the test.
struct Qemu(Child);

impl Drop for Qemu {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn qemus_own_commands_are_subcommands() {
    let directory = tempfile::tempdir().unwrap();
    let address = format!("unix:{}", directory.path().join("qmp").display());
    let mut command = Command::new("qemu-system-x86_64");
    command.args(["-machine", "none", "-display", "none", "-S", "-name", "first", "-qmp"]);
    command.arg(format!("{address},server=on,wait=off")).stdin(Stdio::null());
    let Ok(child) = command.spawn() else {
        virtio_core::driver::skipped(format_args!("against QEMU: there is no qemu-system-x86_64 here"));
        return;
    };
    let _qemu = Qemu(child);
    let start = Instant::now();
    let first = loop {
        let shown = ctl_at(&address, &["query-name"]);
        // It does not listen yet.
        if shown.code != 3 || start.elapsed() > LONG {
            break shown;
        }
        std::thread::yield_now();
    };
    assert_eq!(first.text, "{\n  \"name\": \"first\"\n}\n");
    let run = |words: &[&str]| ctl_at(&address, words);
    let good = |words: &[&str]| {
        let Shown { code, text } = run(words);
        assert_eq!(code, 0, "{text}");
        text
    };
    // Of these, our own schema knows none.
    assert!(good(&["--help"]).contains("  blockdev-add"));
    assert!(good(&["object-add", "--help"]).contains("--qom-type <WORD>"));
    good(&["object-add", "--qom-type", "memory-backend-ram", "--id", "ram0", "--size", "0x100000"]);
    let listed = good(&["--format", "table", "qom-list", "--path", "/objects"]);
    assert!(listed.contains("ram0") && listed.starts_with("NAME"), "{listed}");
    assert!(good(&["completion", "bash"]).contains("object-add"));
    // What both have has our documentation.
    assert!(good(&["query-status", "--help"]).starts_with("Tells "));
    let refused = run(&["object-add", "--qom-type", "memory-backend-ram", "--id", "ram0", "--size", "4096"]);
    assert_eq!(refused.code, 1, "{}", refused.text);
    assert_eq!(run(&["object-add", "--qom-type", "nothing", "--id", "x"]).code, 2);
    assert_eq!(run(&["--schema", "built-in", "object-add"]).code, 2);
    good(&["quit"]);
}
