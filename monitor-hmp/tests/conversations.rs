//! What a person at a terminal types and sees.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test may fail anywhere")]

mod support;

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use insta::assert_snapshot;
use monitor_hmp::Terminal;
use proptest::prelude::*;
use support::{TestMachine, monitor};

/// All that is sent to a terminal at which `input` is typed.
fn talk(input: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    monitor(Arc::new(TestMachine::new())).serve(&Terminal::Unknown, input, &mut output, &());
    output
}

/// The same, with control characters to be read.
fn seen(input: &str) -> String {
    String::from_utf8(talk(input.as_bytes())).unwrap().replace('\x1b', "^").replace('\r', "<CR>")
}

/// What is left on a terminal that understands carriage returns, line ends and the sequences that the line editor
/// uses.
fn screen(input: &str) -> String {
    let mut lines = vec![Vec::new()];
    let mut column = 0;
    let mut bytes = talk(input.as_bytes()).into_iter();
    while let Some(byte) = bytes.next() {
        let line = lines.last_mut().unwrap();
        match byte {
            b'\r' => column = 0,
            b'\n' => lines.push(Vec::new()),
            b'\x1b' => match (bytes.next(), bytes.next()) {
                (Some(b'['), Some(b'D')) => column -= 1,
                (Some(b'['), Some(b'C')) => column += 1,
                (Some(b'['), Some(b'K')) => line.truncate(column),
                other => panic!("{other:?} is not understood"),
            },
            byte => {
                line.resize(line.len().max(column + 1), b' ');
                line[column] = byte;
                column += 1;
            }
        }
    }
    lines.into_iter().map(|line| String::from_utf8(line).unwrap() + "\n").collect()
}

#[test]
fn a_banner_a_prompt_and_the_echo_of_every_key() {
    assert_snapshot!(seen("xp\n"), @r#"
    Ringscope 0.1.0 monitor - type 'help' for more information<CR>
    (qemu) x^[K^[Dxp^[K<CR>
    unexpected end of expression<CR>
    Try "help xp" for more information<CR>
    (qemu) <CR>
    "#);
}

#[test]
fn carriage_return_and_line_feed_both_end_a_line() {
    assert_snapshot!(screen("info name\rinfo name\ninfo name\r\n"), @r"
    Ringscope 0.1.0 monitor - type 'help' for more information
    (qemu) info name
    first-light
    (qemu) info name
    first-light
    (qemu) info name
    first-light
    (qemu) 
    (qemu)
    ");
}

#[test]
fn a_conversation_remembers() {
    assert_snapshot!(screen("cpu 1\ninfo cpus\ncpu 2\np/o 8\np 9\n\x1b[A\n\x10\x10\x7f7\ninfo history\n"), @r"
    Ringscope 0.1.0 monitor - type 'help' for more information
    (qemu) cpu 1
    (qemu) info cpus
      CPU #0: thread_id=4711
    * CPU #1: thread_id=4712
    (qemu) cpu 2
    invalid CPU index
    (qemu) p/o 8
    010
    (qemu) p 9
    011
    (qemu) p 9
    011
    (qemu) p/o 7
    07
    (qemu) info history
    0: 'cpu 1'
    1: 'info cpus'
    2: 'cpu 2'
    3: 'p/o 8'
    4: 'p 9'
    5: 'p/o 7'
    6: 'info history'
    (qemu)
    ");
}

#[test]
fn the_line_can_be_edited() {
    assert_snapshot!(screen("nfo nammx\x7f\x08\x1b[1~i\x1b[4~e\n   info version \x17\x17\x05info  name\x1b[D\x01\n"), @r"
    Ringscope 0.1.0 monitor - type 'help' for more information
    (qemu) info name
    first-light
    (qemu)    info  name
    first-light
    (qemu)
    ");
}

#[test]
fn commands_and_devices_are_completed() {
    assert_snapshot!(screen("inf\tsta\t\x15virtio \t\x15help v\tq\t\x15zzz\t\x15info virtio-queue-element \tperi\n"), @r###"
    Ringscope 0.1.0 monitor - type 'help' for more information
    (qemu) info sta
    statistics  stats       status      
    (qemu) virtio 
    query          queue-element  queue-status   status         
    (qemu) help virtio q
    query          queue-element  queue-status   
    (qemu) info virtio-queue-element 
    /machine/peripheral-anon/device[1]  /machine/peripheral/disk0           
    (qemu) info virtio-queue-element /machine/peripheralperi
    unexpected end of expression
    Try "help info virtio-queue-element" for more information
    (qemu)
    "###);
    assert_snapshot!(screen("virtio queue-element /machine/peripheral/\t\t\x15cpu \t\x15\t"), @r###"
    Ringscope 0.1.0 monitor - type 'help' for more information
    (qemu) cpu 
    0         1         
    (qemu) 
    ?                 balloon           c                 cont              
    cpu               device_add        device_del        help              
    info              p                 print             q                 
    qom-get           qom-list          quit              s                 
    set_link          stop              system_powerdown  system_reset      
    virtio            x                 xp                
    (qemu)
    "###);
}

#[test]
fn quitting_ends_the_conversation_without_a_prompt() {
    let machine = Arc::new(TestMachine::new());
    let mut output = Vec::new();
    monitor(Arc::clone(&machine)).serve(&Terminal::Unknown, &b"q\ninfo name\n"[..], &mut output, &());
    assert!(machine.ended.load(Ordering::Relaxed));
    assert!(output.ends_with(b"q\x1b[K\r\n"), "nothing follows the echo");
}

#[test]
fn a_line_that_never_ends_is_cut() {
    let mut input = b"help ".to_vec();
    input.resize(6000, b'x');
    input.push(b'\n');
    let output = String::from_utf8(talk(&input)).unwrap();
    let refused = format!("\r\nunknown command: '{}'\r\n(qemu) \r\n", "x".repeat(4090));
    assert!(output.ends_with(&refused));
}

#[test]
fn text_that_is_no_text_is_refused_like_any_other() {
    let output = talk(b"\xff\xfe\x00info\n");
    let text = String::from_utf8_lossy(&output);
    assert!(
        text.ends_with("unknown command: '\u{fffd}\u{fffd}info'\r\nDid you mean \"info\"?\r\n(qemu) \r\n"),
        "{text:?}"
    );
}

/// A terminal that goes away after some line ends were typed or some bytes were shown.
struct Leaving(usize);

impl Read for Leaving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::ConnectionReset)?;
        buffer[0] = b'\n';
        Ok(1)
    }
}

impl Write for Leaving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_terminal_may_go_away_at_any_time() {
    let monitor = monitor(Arc::new(TestMachine::new()));
    let mut output = Vec::new();
    monitor.serve(&Terminal::Unknown, Leaving(3), &mut output, &());
    assert!(output.ends_with(b"\r\n(qemu) \r\n(qemu) \r\n(qemu) "), "every line was answered");
    // The input never ends: it is the writing that ends these.
    for bytes in [0, 10, 100] {
        monitor.serve(&Terminal::Unknown, io::repeat(b'\n'), Leaving(bytes), &());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        talk(&bytes);
    }

    #[test]
    fn any_line_is_run_or_refused(
        verb in "(info |virtio |help )?(virtio-status|queue-element|stats|xp|p|cpu|[a-z?]{1,6})",
        rest in "[ -~\\t]{0,40}",
    ) {
        let monitor = monitor(Arc::new(TestMachine::new()));
        let text = monitor.execute(&format!("{verb} {rest}"), None).unwrap();
        prop_assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }
}

/// Which lines failed, in their order.
#[derive(Default)]
struct Failures(std::cell::RefCell<Vec<bool>>);

impl monitor_hmp::Observer for Failures {
    fn ran(&self, _took: std::time::Duration, failed: bool) {
        self.0.borrow_mut().push(failed);
    }
}

#[test]
fn an_observer_hears_of_every_line_and_whether_it_could_be_run() {
    let failures = Failures::default();
    let lines = "info name\n\ninfo\nnonsense\nxp 1 +\n  \ninfo virtio-status /nowhere\n";
    let monitor = monitor(Arc::new(TestMachine::new()));
    monitor.serve(&Terminal::Unknown, lines.as_bytes(), &mut Vec::new(), &failures);
    assert_eq!(failures.0.into_inner(), [false, false, true, true, true]);
}
