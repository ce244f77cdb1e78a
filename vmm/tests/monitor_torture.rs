//! Clients that do their worst: afterwards the program answers as before, and holds no memory for them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread;

use qapi_schema::control::requests::QueryVersion;
use qapi_schema::machine::requests::QueryStatus;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::Program;

const OPEN: &[u8] = b"{'execute': 'qmp_capabilities'}";
const MEBIBYTE: u64 = 1 << 20;

fn program() -> Program {
    Program::start(&["--accel", "none", "--memory", "16M", "--device", "rng"])
}

fn connect(program: &Program) -> UnixStream {
    UnixStream::connect(program.path("qmp")).unwrap()
}

/// A figure of the program's memory in bytes: `VmRSS`, `VmHWM`.
fn memory(program: &Program, figure: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(figure)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// The program is still what it was.
fn check(program: &Program) {
    let mut client = program.qmp();
    client.call(&QueryVersion);
    assert!(client.call(&QueryStatus).running);
}

/// Sends `bytes` behind the negotiation and returns what is answered until the end.
fn say(program: &Program, bytes: &[u8]) -> String {
    let stream = connect(program);
    let mut reader = stream.try_clone().unwrap();
    let answers = thread::spawn(move || {
        let mut text = Vec::new();
        // A client that was given up finds its connection reset.
        let _ = reader.read_to_end(&mut text);
        String::from_utf8(text).unwrap()
    });
    let sent = (&stream).write_all(OPEN).and_then(|()| (&stream).write_all(bytes));
    sent.and_then(|()| stream.shutdown(Shutdown::Write)).unwrap();
    answers.join().unwrap()
}

/// Numbers that look random and are the same at every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

#[test]
fn broken_requests_of_every_sort_are_answered_and_forgotten() {
    let program = program();
    let seeds: [&[u8]; 6] = [
        b"{\"execute\": \"query-status\", \"id\": [1, {\"a\": null}, \"\\u00e9\\ud83d\\ude00\"]}",
        b"{'execute': 'x-query-virtio-queue-status', 'arguments': {'path': '/machine', 'queue': 65536}}",
        b"{'exec-oob': 'query-commands', 'id': -1.5e3}{'execute': 'qom-list', 'arguments': {'path': 'x'}}",
        b"{'execute': 'query-statistics', 'arguments': {'targets': ['machine'], 'paths': []}}\r\n",
        b"[[[[{\"a\": \"\xc3\xa9\\\\\"}]]]] true nul 18446744073709551616 1e999 \xff {'execute': 'query-name'}",
        b"{'execute': 'human-monitor-command', 'arguments': {'command-line': 'info virtio', 'cpu-index': 9}}",
    ];
    let mut numbers = Numbers(0x5eed);
    for _ in 0..20 {
        let mut bytes = Vec::new();
        for _ in 0..50 {
            let mut request = seeds[numbers.below(seeds.len())].to_vec();
            for _ in 0..numbers.below(4) {
                let place = numbers.below(request.len());
                match numbers.below(4) {
                    0 => request[place] = u8::try_from(numbers.below(256)).unwrap(),
                    1 => drop(request.remove(place)),
                    2 => request.insert(place, b"{}[]:,\"'\\ \n\x00\xff0"[numbers.below(14)]),
                    _ => request.truncate(place.max(1)),
                }
            }
            bytes.extend(request);
        }
        bytes.extend((0..200).map(|_| u8::try_from(numbers.below(256)).unwrap()));
        // Whatever is open after that, this closes.
        bytes.extend(b"\xff\n\"\n".iter().chain(&[b']'; 64]).chain(&[b'}'; 64]));
        bytes.extend(b"\n{'execute': 'query-status', 'id': 'the last'}");
        let answers = say(&program, &bytes);
        assert!(answers.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
        assert!(answers.trim_end().ends_with("\"id\": \"the last\"}"), "{answers}");
    }
    check(&program);
}

#[test]
fn a_slow_writer_is_waited_for_and_nobody_waits_with_it() {
    let program = program();
    let mut slow = connect(&program);
    let request = [OPEN, b"{'execute': 'query-status', 'id': 'slow'}"].concat();
    for byte in &request {
        slow.write_all(&[*byte]).unwrap();
        if *byte == b'{' || *byte == b':' {
            check(&program);
        }
    }
    slow.shutdown(Shutdown::Write).unwrap();
    let mut text = String::new();
    slow.read_to_string(&mut text).unwrap();
    assert!(text.trim_end().ends_with("\"id\": \"slow\"}"), "{text}");
}

#[test]
fn a_thousand_idle_clients_cost_little() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    if limit.maximum.is_some_and(|most| most < 1200) {
        virtio_core::driver::skipped(format_args!("this host allows {:?} descriptors", limit.maximum));
        return;
    }
    let program = program();
    let before = memory(&program, "VmRSS");
    let idle: Vec<_> = (0..1000).map(|_| connect(&program)).collect();
    for mut stream in &idle {
        stream.write_all(OPEN).unwrap();
    }
    for mut stream in &idle {
        let mut text = Vec::new();
        while !text.ends_with(b"{\"return\": {}}\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            text.push(byte[0]);
        }
    }
    let grown = memory(&program, "VmRSS") - before;
    println!("a thousand clients take {} KiB", grown / 1024);
    assert!(grown < 100 * MEBIBYTE, "{grown}");
    check(&program);
}

#[test]
fn floods_without_reading_stop_at_the_client() {
    let program = program();
    let before = memory(&program, "VmHWM");
    let floods: Vec<_> = (0..8).map(|_| connect(&program)).collect();
    for stream in &floods {
        stream.set_nonblocking(true).unwrap();
        let requests = [OPEN, &b"{'execute': 'query-qmp-schema'}".repeat(1000)].concat();
        // What does not fit is not read by the program.
        loop {
            match (&mut &*stream).write(&requests) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    check(&program);
    let grown = memory(&program, "VmHWM") - before;
    println!("eight floods take {} KiB", grown / 1024);
    assert!(grown < 32 * MEBIBYTE, "{grown}");
}

#[test]
fn clients_that_vanish_leave_nothing() {
    let program = program();
    for round in 0..200 {
        let mut stream = connect(&program);
        let request = [OPEN, b"{'execute': 'query-qmp-schema'}{'execute': 'query-stat"].concat();
        stream.write_all(&request[..round % request.len()]).unwrap();
    }
    check(&program);
    // The last ones may be on their way out.
    let threads = || fs::read_dir(format!("/proc/{}/task", program.id())).unwrap().count();
    while threads() > 30 {
        check(&program);
    }
}

#[test]
fn the_largest_messages_are_bounded_and_given_back() {
    let program = program();
    let before = memory(&program, "VmRSS");
    let largest = 64 << 20;
    let text = "x".repeat(largest - 100);
    let answers = say(&program, format!("{{'execute': '{text}', 'id': 1}}").as_bytes());
    assert!(answers.contains("The command xxx") && answers.len() < 4096, "{}", answers.len());
    let answers = say(&program, format!("{{'execute': '{text}{}'}}", "x".repeat(200)).as_bytes());
    assert!(answers.contains("JSON token size limit exceeded"));
    drop(text);
    let small = "{'a':1},".repeat(300_000);
    let answers = say(&program, format!("{{'execute': 'query-name', 'id': [{small}0]}}").as_bytes());
    assert!(answers.contains("JSON token size limit exceeded"));
    let peak = memory(&program, "VmHWM") - before;
    println!("messages of 64 MiB take {} KiB", peak / 1024);
    assert!(peak < 200 * MEBIBYTE, "{peak}");
    check(&program);
    let kept = memory(&program, "VmRSS").saturating_sub(before);
    println!("and {} KiB are kept", kept / 1024);
    assert!(kept < 16 * MEBIBYTE, "{kept}");
}
