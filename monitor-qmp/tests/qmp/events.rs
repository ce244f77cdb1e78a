//! What clients are told without having asked.

use std::io::{BufRead, BufReader, Write};
use std::sync::Arc;
use std::thread;

use monitor_qmp::{Events, Reception, Server};

use crate::conversation::{PipeReader, PipeWriter, answers, pipe};
use crate::machine::{Changed, Machine, Shutdown, Stop, Tick, server};

/// A client that is served in a thread of its own.
struct Client {
    requests: PipeWriter,
    lines: BufReader<PipeReader>,
}

impl Client {
    /// Connects and reads the greeting.
    fn connect(server: &Server<Machine>) -> Self {
        let (requests, reader) = pipe();
        let (writer, lines) = pipe();
        let server = server.clone();
        thread::spawn(move || server.serve(reader, writer));
        let mut client = Self { requests, lines: BufReader::new(lines) };
        assert!(client.line().starts_with("{\"QMP\": "));
        client
    }

    fn negotiated(server: &Server<Machine>) -> Self {
        let mut client = Self::connect(server);
        client.say("{'execute': 'qmp_capabilities'}");
        assert_eq!(client.line(), "{\"return\": {}}");
        client
    }

    fn say(&mut self, request: &str) {
        self.requests.write_all(request.as_bytes()).unwrap();
    }

    /// The next line, without its end.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The next line, an event, without its timestamp.
    fn event(&mut self) -> String {
        let line = self.line();
        let (start, event) = line.split_once("}, ").unwrap();
        assert!(start.starts_with("{\"timestamp\": {\"seconds\": "), "{line}");
        format!("{{{event}")
    }

    /// Leaves, and returns the lines that are left to read.
    fn leave(self) -> Vec<String> {
        drop(self.requests);
        self.lines.lines().map(Result::unwrap).collect()
    }
}

#[test]
fn clients_hear_of_events_once_they_have_negotiated() {
    let (server, _, events) = server();
    let mut early = Client::connect(&server);
    let mut first = Client::negotiated(&server);
    let mut second = Client::negotiated(&server);
    events.emit(&Stop);
    events.emit(&Shutdown { guest: true });
    for client in [&mut first, &mut second] {
        assert_eq!(client.event(), "{\"event\": \"STOP\"}");
        assert_eq!(client.event(), "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true}}");
    }
    early.say("{'execute': 'qmp_capabilities', 'id': 1}");
    assert_eq!(early.line(), "{\"return\": {}, \"id\": 1}");
    events.emit(&Stop);
    assert_eq!(early.event(), "{\"event\": \"STOP\"}");
    assert!(early.leave().is_empty());
    assert_eq!(first.leave().len(), 1);
}

#[test]
fn an_event_of_a_command_comes_before_its_reply() {
    let mut client = Client::negotiated(&server().0);
    for id in 0..100 {
        client.say(&format!("{{'execute': 'stop', 'id': {id}}}"));
        assert_eq!(client.event(), "{\"event\": \"STOP\"}");
        assert_eq!(client.line(), format!("{{\"return\": {{}}, \"id\": {id}}}"));
    }
}

#[test]
fn what_was_asked_last_is_answered_when_the_input_ends() {
    let lines = answers(&server().0, &[b"{'execute': 'stop', 'id': 'bye'}"]);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("\"event\": \"STOP\"}"));
    assert_eq!(lines[1], "{\"return\": {}, \"id\": \"bye\"}");
}

#[test]
fn those_who_left_are_forgotten() {
    let (server, _, events) = server();
    for _ in 0..3 {
        Client::negotiated(&server).leave();
    }
    events.emit(&Stop);
    let mut client = Client::negotiated(&server);
    events.emit(&Stop);
    assert_eq!(client.event(), "{\"event\": \"STOP\"}");
}

#[test]
fn of_events_that_come_too_fast_the_last_is_told_later() {
    let (server, _, events) = server();
    let mut client = Client::negotiated(&server);
    for actual in 1..=5 {
        events.emit(&Changed { actual });
    }
    assert_eq!(client.event(), "{\"event\": \"CHANGED\", \"data\": {\"actual\": 1}}");
    // How many are told between depends on the clock; the last one always is.
    while !client.event().contains("5") {}
    events.emit(&Stop);
    assert_eq!(client.event(), "{\"event\": \"STOP\"}");
}

#[test]
fn many_threads_emit_and_every_client_hears_all() {
    const EACH: usize = 200;
    let (server, _, events) = server();
    let mut clients: Vec<_> = (0..3).map(|_| Client::negotiated(&server)).collect();
    let emit = |events: Arc<Events>| thread::spawn(move || (0..EACH).for_each(|_| events.emit(&Stop)));
    let emitters: Vec<_> = (0..3).map(|_| emit(Arc::clone(&events))).collect();
    for client in &mut clients {
        for _ in 0..3 * EACH {
            assert_eq!(client.event(), "{\"event\": \"STOP\"}");
        }
    }
    emitters.into_iter().for_each(|emitter| emitter.join().unwrap());
    assert!(clients.into_iter().all(|client| client.leave().is_empty()));
}

#[test]
fn what_one_client_asked_for_comes_behind_the_reply_and_to_nobody_else() {
    let (server, _, events) = server();
    let mut other = Client::negotiated(&server);
    let mut client = Client::negotiated(&server);
    for id in 0..100 {
        client.say(&format!("{{'execute': 'tick', 'id': {id}}}"));
        assert_eq!(client.line(), format!("{{\"return\": {{}}, \"id\": {id}}}"));
        assert_eq!(client.event(), "{\"event\": \"TICK\"}");
    }
    events.emit(&Stop);
    assert_eq!(other.event(), "{\"event\": \"STOP\"}");
}

#[test]
fn an_answer_out_of_band_leaves_a_command_in_its_turn_to_itself() {
    let (server, ..) = server();
    let mut client = Client::connect(&server);
    client.say("{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}");
    assert_eq!(client.line(), "{\"return\": {}}");
    client.say("{'execute': 'tick-late', 'id': 1}");
    for id in 0..100 {
        client.say(&format!("{{'exec-oob': 'ping', 'id': {id}}}"));
        assert_eq!(client.line(), format!("{{\"return\": \"pong\", \"id\": {id}}}"));
    }
    client.say("{'exec-oob': 'open', 'id': 2}");
    // The reply to what opened the way may be overtaken by both; the event comes behind its own command's reply.
    let lines = [client.line(), client.line(), client.line()];
    let place = |wanted: &str| lines.iter().position(|line| line.ends_with(wanted));
    let (reply, event) = (place("\"id\": 1}"), place("\"event\": \"TICK\"}"));
    assert!(reply.is_some() && place("\"id\": 2}").is_some() && reply < event, "{lines:?}");
}

#[test]
fn the_machine_learns_when_a_client_has_left() {
    let (server, machine, _) = server();
    let clients: Vec<_> = (0..2).map(|_| Client::negotiated(&server)).collect();
    assert!(machine.clients().iter().all(|client| client.reception() == Reception::Ready));
    for (left, client) in clients.into_iter().enumerate() {
        assert!(client.leave().is_empty());
        assert_eq!(machine.disconnected(), Reception::Gone);
        assert_eq!(machine.clients()[left].send(&Tick), Reception::Gone);
    }
}
