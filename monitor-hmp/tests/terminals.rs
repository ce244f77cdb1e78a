//! What is left on terminals of several widths, and on no terminal.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail anywhere")]

mod support;

use std::num::NonZeroU16;
use std::sync::Arc;

use insta::assert_snapshot;
use monitor_hmp::{KnownTerminal, Terminal};
use support::{TestMachine, monitor};

const UP: &str = "\x1b[A";
const HOME: &str = "\x1b[H";
const LEFT: &str = "\x1b[D";

fn talk(terminal: &Terminal, input: &str) -> Vec<u8> {
    let mut output = Vec::new();
    monitor(Arc::new(TestMachine::new())).serve(terminal, input.as_bytes(), &mut output, &());
    output
}

fn known(columns: u16, colours: bool) -> Terminal {
    Terminal::Known(KnownTerminal { columns: Box::new(move || Some(columns.into())), colours })
}

/// The screen of a terminal that is this wide after `input` was typed at it.
fn screen(columns: u16, input: &str) -> String {
    let (rows, width) = (NonZeroU16::new(60).unwrap(), NonZeroU16::new(columns).unwrap());
    let mut parser = vt100::Parser::new(rows, width, 0);
    parser.process(&talk(&known(columns, true), input));
    let rows: Vec<String> = parser.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n").trim_end().to_owned()
}

#[test]
fn candidates_and_tables_fit_a_wide_terminal() {
    assert_snapshot!(screen(100, "info virtio-\t\x15info virtio\rinfo cpus\rhelp virtio\r"));
}

#[test]
fn candidates_and_tables_fit_a_narrow_terminal() {
    assert_snapshot!(screen(40, "info virtio-\t\x15info virtio\rinfo cpus\rhelp virtio\r"));
}

#[test]
fn help_has_two_columns_from_60_on() {
    assert_snapshot!(screen(60, "help\r"));
}

/// The line goes over three rows, is changed in the first and the last, and comes back from the history.
#[test]
fn a_line_of_several_rows_can_be_edited() {
    let input = format!("nfo virtio-queue-status /machine/peripheral/disk0 0x{HOME}i\x05\x7f\r{UP}\x17 9\r");
    assert_snapshot!(screen(20, &input));
}

/// The prompt and 13 letters fill a row of 20 exactly: the cursor stands in the next one then.
#[test]
fn a_line_that_fills_its_row_is_shown_once() {
    for length in 11..=15 {
        let line = "x".repeat(length);
        let shown: String = format!("(qemu) y{line}z")
            .as_bytes()
            .chunks(20)
            .map(|row| String::from_utf8(row.to_vec()).unwrap() + "\n")
            .collect();
        let screen = screen(20, &format!("{line}{HOME}y\x05z{LEFT}{LEFT}\r"));
        assert!(screen.contains(&format!("{shown}unknown command:")), "{length} letters:\n{screen}");
    }
}

#[test]
fn queues_vcpus_and_statistics_are_completed() {
    let device = "/machine/peripheral/disk0";
    for (line, completed) in [
        (format!("info virtio-queue-status {device} "), "0"),
        ("info stats vcpu * ".to_owned(), "kvm"),
        ("info stats vcpu exits,od".to_owned(), "d"),
        ("xp/x $ri".to_owned(), ""),
        ("qom-get /machine/peripheral/d".to_owned(), "isk0"),
        (format!("qom-get {device} s"), "erial"),
    ] {
        let screen = screen(80, &format!("{line}\t"));
        assert!(screen.contains(&format!("(qemu) {line}{completed}")), "{screen}");
    }
    let several = "cpu \t\x15info stats v\t\x15info stats vcpu \t\x15info statistics \t\x15";
    assert_snapshot!(screen(80, several));
}

#[test]
fn what_was_mistyped_is_answered_with_what_was_meant() {
    assert_snapshot!(screen(
        80,
        "inof\rinfo virtio-sttus\rvirtio-status\rxyzzy\rinfo virtio-status disk0\rinfo virtio-status\rinfo stats vmm\rp $rip\rx/2xb 0x10000000010\rx 0\rinfo registers\rcont\rp $rip\rinfo registers\r"
    ));
}

#[test]
fn colours_tell_faults_headings_and_labels_apart() {
    let colourful = String::from_utf8(talk(&known(80, true), "info status\rinof\r")).unwrap();
    assert!(colourful.contains("\x1b[1m(qemu) \x1b[0m"), "{colourful:?}");
    assert!(colourful.contains("\x1b[36mVM status:\x1b[0m paused (prelaunch)\r\n"), "{colourful:?}");
    assert!(colourful.contains("\x1b[31munknown command: 'inof'\x1b[0m\r\n"), "{colourful:?}");
    let plain = String::from_utf8(talk(&known(80, false), "info status\rinof\r")).unwrap();
    assert!(!plain.contains("\x1b[3") && !plain.contains("\x1b[1m"), "{plain:?}");
}

#[test]
fn without_a_terminal_there_are_lines_and_nothing_else() {
    let output = talk(&Terminal::Absent, "info status\r\n\ninof\ninfo virtio\nq\ninfo name\n");
    assert_snapshot!(String::from_utf8(output).unwrap());
    let endless = talk(&Terminal::Absent, &"x".repeat(10_000));
    assert_eq!(endless.iter().filter(|byte| **byte == b'x').count(), 2 * 4095, "the line and the complaint");
}
