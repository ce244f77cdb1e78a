//! The whole program in a terminal, with real machines: what an operator does, and what happens to machines meanwhile.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod machine;
mod window;

use machine::Machine;
use window::Window;

#[test]
fn a_machine_that_goes_away_and_comes_back_is_survived() {
    // KVM, where it works.
    for accelerator in ["none", "auto"] {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join("qmp");
        let start =
            |name: &str| Machine::start(&["--accel", accelerator, "--cpus", "2", "--name", name], &socket);
        let mut machine = start("first");
        let mut window = Window::open(80, 24, &["--interval", "0.1", &format!("unix:{}", socket.display())]);
        let screen = window.wait_for("its vCPUs", |screen| {
            ["  first", "  vCPU 0", "  vCPU 1"].iter().all(|row| screen.contains(&format!("\n{row}")))
        });
        assert_eq!(screen.lines().count(), 24);

        window.resize(200, 60);
        window.wait_for("all of 60 lines", |screen| {
            screen.lines().nth(59).is_some_and(|line| line.contains("q quit")) && screen.contains("write/s")
        });
        window.press("3");
        window
            .wait_for("vCPUs alone", |screen| screen.contains("[3 vCPUs]") && screen.contains("\n  vCPU 1"));
        window.resize(80, 24);
        window.wait_for("24 lines again", |screen| {
            screen.lines().nth(23).is_some_and(|line| line.contains("q quit"))
                && screen.contains("\n  vCPU 1")
        });

        machine.kill();
        window.wait_for("its end", |screen| screen.contains("1 gone") && screen.contains("first is gone:"));
        let _machine = start("second");
        window.wait_for("its return", |screen| {
            !screen.contains("gone") && screen.contains("\n  second") && screen.contains("\n  vCPU 1")
        });
        window.press("q");
        window.assert_ended_and_restored();
    }
}

#[test]
fn what_does_not_speak_qmp_or_says_nothing_holds_up_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let address = |name: &str| format!("unix:{}", path(name).display());
    let _good =
        Machine::start(&["--accel", "none", "--name", "good", "--hmp", &address("human")], &path("qmp"));
    let _silent = std::os::unix::net::UnixListener::bind(path("silent")).unwrap();
    let mut window =
        Window::open(200, 60, &["--interval", "0.1", &address("silent"), &address("human"), &address("qmp")]);
    window.wait_for("the good one beside the others", |screen| {
        screen.contains("\n  good ") && screen.contains("the server does not speak QMP")
    });
    // The silent one is selected, and keys work while it is waited for.
    window.press("?");
    window.wait_for("help", |screen| screen.contains("quit; also Ctrl-C"));
    window.press("?");
    window.wait_for("what became of the silent one", |screen| {
        screen.contains("the greeting did not come within 5s")
    });
    window.press("\x03");
    window.assert_ended_and_restored();
}

#[test]
fn a_terminated_program_leaves_the_terminal_as_it_was() {
    let mut window = Window::open(80, 24, &["unix:/nowhere/qmp"]);
    window.wait_for("the first screen", |screen| screen.contains("q quit"));
    window.terminate();
    window.assert_restored();
}

#[test]
fn devices_and_their_queues_are_shown_as_they_work() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    let _machine = Machine::start(&["--accel", "none"], &socket);
    let mut window = Window::open(80, 24, &["--interval", "0.1", &format!("unix:{}", socket.display())]);
    let works = |screen: &str, name: &str| {
        let row = screen.lines().find(|line| line.starts_with(name));
        let rate = row.and_then(|line| line.strip_prefix(name)?.split_whitespace().next());
        rate.is_some_and(|rate| rate != "-" && rate != "0")
    };
    window.wait_for("requests", |screen| works(screen, "  disk0 ") && works(screen, "  net0 "));
    window.press("2");
    window.wait_for("queues", |screen| screen.contains("[2 Devices]") && works(screen, "    queue 0 "));
    window.press("q");
    window.assert_ended_and_restored();
}
