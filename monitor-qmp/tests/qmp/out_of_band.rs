//! Requests that overtake the queue.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::conversation::{Sink, pipe};
use crate::machine::server;

const OPEN: &str = "{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}";

/// What is answered behind greeting and negotiation.
fn answers(requests: &str) -> Vec<String> {
    let sink = Sink::default();
    server().0.serve(io::Cursor::new(format!("{OPEN}{requests}")), sink.clone());
    sink.lines().split_off(2)
}

#[test]
fn it_has_to_be_well_formed_and_allowed() {
    insta::assert_snapshot!(answers(
        "{'exec-oob': 'echo', 'id': 1}
         {'exec-oob': 'nosuch', 'id': 2}
         {'exec-oob': 'qmp_capabilities'}
         {'exec-oob': 'open', 'id': 3}
         {'exec-oob': 'open', 'arguments': {}}",
    ).join("\n"), @r#"
    {"id": 1, "error": {"class": "GenericError", "desc": "The command echo does not support OOB"}}
    {"id": 2, "error": {"class": "CommandNotFound", "desc": "The command nosuch has not been found"}}
    {"error": {"class": "GenericError", "desc": "The command qmp_capabilities does not support OOB"}}
    {"return": "opened", "id": 3}
    {"return": "opened"}
    "#);
    insta::assert_snapshot!(answers(
        "{'exec-oob': 5}
         {'exec-oob': 'open', 'execute': 'echo', 'id': 4}
         {'exec-oob': 'open', 'extra': 0}
         {'exec-oob': null, 'execute': 'echo'}
         {'execute': 'qmp_capabilities', 'id': 5}",
    ).join("\n"), @r#"
    {"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' must be a string"}}
    {"id": 4, "error": {"class": "GenericError", "desc": "QMP input member 'execute' clashes with 'exec-oob'"}}
    {"error": {"class": "GenericError", "desc": "QMP input member 'extra' is unexpected"}}
    {"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' must be a string"}}
    {"id": 5, "error": {"class": "CommandNotFound", "desc": "Capabilities negotiation is already complete, command ignored"}}
    "#);
}

/// What is answered in turn, when `open` is sent out of band to let a `wait` go on; its own answer may come anywhere.
fn answers_in_turn(requests: &str) -> String {
    let mut lines = answers(requests);
    let opened = lines.iter().position(|line| line == "{\"return\": \"opened\"}").expect("open was answered");
    lines.remove(opened);
    lines.join("\n")
}

#[test]
fn it_overtakes_what_was_asked_before() {
    // `wait` cannot end before `open` is run.
    let requests = "{'execute': 'wait', 'id': 1} {'execute': 'echo', 'id': 2} {'exec-oob': 'open'}";
    insta::assert_snapshot!(answers_in_turn(requests), @r#"
    {"return": "waited", "id": 1}
    {"return": {}, "id": 2}
    "#);
}

#[test]
fn all_that_is_not_out_of_band_keeps_its_order_damage_included() {
    let requests =
        "{'execute': 'wait'} nope {'execute': 'fail'} {} * \n {'exec-oob': 'open'} {'execute': 'echo'}";
    insta::assert_snapshot!(answers_in_turn(requests), @r#"
    {"return": "waited"}
    {"error": {"class": "GenericError", "desc": "JSON parse error, invalid keyword 'nope'"}}
    {"error": {"class": "DeviceNotFound", "desc": "Device 'disk9' not found"}}
    {"error": {"class": "GenericError", "desc": "QMP input lacks member 'execute'"}}
    {"error": {"class": "GenericError", "desc": "JSON parse error, stray '*'"}}
    {"return": {}}
    "#);
}

/// Yields one request a read. When the last one of `ahead` is read, says so; when the one behind it is, tells
/// whether the gate was open by then.
struct Watched {
    requests: VecDeque<String>,
    ahead: usize,
    reached: Sender<()>,
    gate_open: Arc<AtomicBool>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(request) = self.requests.pop_front() else { return Ok(0) };
        match self.ahead.checked_sub(1) {
            Some(ahead) => self.ahead = ahead,
            None => assert!(self.gate_open.load(Ordering::SeqCst), "more was read than the queue holds"),
        }
        if self.ahead == 0 {
            let _ = self.reached.send(());
        }
        buffer[..request.len()].copy_from_slice(request.as_bytes());
        Ok(request.len())
    }
}

#[test]
fn nothing_is_read_while_the_queue_is_full() {
    let (server, machine, _) = server();
    let sink = Sink::default();
    // One runs, eight wait, one finds the queue full.
    let requests = [OPEN, "{'execute': 'wait'}"].map(str::to_owned).into_iter();
    let requests = requests.chain((0..20).map(|id| format!("{{'execute': 'echo', 'id': {id}}}"))).collect();
    let (reached, reach) = channel();
    let gate_open = Arc::new(AtomicBool::new(false));
    let reader = Watched { requests, ahead: 11, reached, gate_open: Arc::clone(&gate_open) };
    let serving = thread::spawn({
        let sink = sink.clone();
        move || server.serve(reader, sink)
    });
    reach.recv().unwrap();
    gate_open.store(true, Ordering::SeqCst);
    machine.open_gate();
    serving.join().unwrap();
    let expected = (0..20).map(|id| format!("{{\"return\": {{}}, \"id\": {id}}}"));
    assert_eq!(sink.lines()[2..], [vec!["{\"return\": \"waited\"}".to_owned()], expected.collect()].concat());
}

#[test]
fn connections_do_not_wait_for_each_other() {
    let (server, machine, _) = server();
    let busy = thread::spawn({
        let server = server.clone();
        move || {
            let sink = Sink::default();
            let requests = "{'execute': 'qmp_capabilities'} {'execute': 'wait'}";
            server.serve(requests.as_bytes(), sink.clone());
            sink.lines()
        }
    });
    let sink = Sink::default();
    server.serve(&b"{'execute': 'qmp_capabilities'} {'execute': 'echo'}"[..], sink.clone());
    assert_eq!(sink.lines().len(), 3);
    machine.open_gate();
    assert_eq!(busy.join().unwrap().last().unwrap(), "{\"return\": \"waited\"}");
    // A client that is gone before its answer comes does no harm either.
    let (writer, lines) = pipe();
    drop(lines);
    server.serve(&b"{'execute': 'qmp_capabilities'} {'execute': 'echo'}"[..], writer);
}
