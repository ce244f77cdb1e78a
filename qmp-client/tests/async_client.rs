//! The asynchronous client against servers that are written down here.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures_lite::future::{block_on, or, poll_once, yield_now, zip};
use qapi_schema::machine::requests::{QueryName, QueryStatus, Stop};
use qmp_client::{AsyncClient, ClientError, Settings};
use serde_json::{Value, json};

/// Nothing takes nearly as long.
const LONG: Duration = Duration::from_secs(60);

fn settings() -> Settings {
    Settings { connect_timeout: LONG, answer_timeout: LONG, ..Settings::default() }
}

/// The server's side of a connection.
struct Server {
    stream: UnixStream,
    requests: BufReader<UnixStream>,
}

impl Server {
    fn send(&mut self, message: &Value) {
        // In one piece: a client that has its answer may leave before the line's end comes.
        self.stream.write_all(format!("{message}\n").as_bytes()).unwrap();
    }

    /// The next request; nothing at the end.
    fn request(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.requests.read_line(&mut line).unwrap();
        (!line.is_empty()).then(|| serde_json::from_str(&line).unwrap())
    }

    fn return_to(&mut self, request: &Value, value: &Value) {
        self.send(&json!({ "return": value, "id": request["id"] }));
    }
}

/// A server that does as `script` says after the negotiation.
fn server(script: impl FnOnce(&mut Server) + Send + 'static) -> (UnixStream, JoinHandle<()>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let thread = thread::spawn(move || {
        let requests = BufReader::new(theirs.try_clone().unwrap());
        let mut server = Server { stream: theirs, requests };
        let version = json!({ "qemu": { "major": 10, "minor": 0, "micro": 0 }, "package": "test" });
        server.send(&json!({ "QMP": { "version": version, "capabilities": [] } }));
        let negotiation = server.request().unwrap();
        server.return_to(&negotiation, &json!({}));
        script(&mut server);
    });
    (ours, thread)
}

#[test]
fn answers_and_events_reach_who_waits_for_them() {
    let (stream, server) = server(|server| {
        let request = server.request().unwrap();
        server.send(&json!({ "event": "STOP", "timestamp": { "seconds": 1, "microseconds": 2 } }));
        server.return_to(&request, &json!({ "name": "async" }));
        let request = server.request().unwrap();
        server.send(&json!({ "error": { "class": "GenericError", "desc": "no" }, "id": request["id"] }));
    });
    block_on(async {
        let mut client = AsyncClient::over(stream, settings()).await.unwrap();
        assert_eq!(client.version().package, "test");
        assert_eq!(client.execute(&QueryName).await.unwrap().name.as_deref(), Some("async"));
        assert_eq!(client.next_event(LONG).await.unwrap().unwrap().name, "STOP");
        assert_eq!(client.execute(&Stop).await.unwrap_err().to_string(), "stop: no");
        assert!(matches!(client.next_event(LONG).await, Err(ClientError::Closed)));
    });
    server.join().unwrap();
}

/// Of two servers, the one that is asked first answers last: one thread waits for both.
#[test]
fn one_thread_serves_several_connections() {
    let (first_answers, may_answer) = std::sync::mpsc::channel();
    let (first, first_server) = server(move |server| {
        let request = server.request().unwrap();
        may_answer.recv().unwrap();
        server.return_to(&request, &json!({ "name": "first" }));
    });
    let (second, second_server) = server(move |server| {
        let request = server.request().unwrap();
        server.return_to(&request, &json!({ "name": "second" }));
    });
    block_on(async {
        let (mut first, mut second) = (
            AsyncClient::over(first, settings()).await.unwrap(),
            AsyncClient::over(second, settings()).await.unwrap(),
        );
        let asks_second = async {
            let name = second.execute(&QueryName).await.unwrap();
            first_answers.send(()).unwrap();
            name
        };
        let (first, second) = zip(first.execute(&QueryName), asks_second).await;
        assert_eq!(first.unwrap().name.as_deref(), Some("first"));
        assert_eq!(second.name.as_deref(), Some("second"));
    });
    first_server.join().unwrap();
    second_server.join().unwrap();
}

#[test]
fn a_dropped_future_leaves_the_client_usable() {
    let (stream, server) = server(|server| {
        let (late, asked) = (server.request().unwrap(), server.request().unwrap());
        server.return_to(&late, &json!({ "name": "late" }));
        server.return_to(&asked, &json!({ "name": "asked" }));
    });
    block_on(async {
        let mut client = AsyncClient::over(stream, settings()).await.unwrap();
        assert!(poll_once(client.execute(&QueryName)).await.is_none(), "nobody has answered yet");
        assert_eq!(client.execute(&QueryName).await.unwrap().name.as_deref(), Some("asked"));
    });
    server.join().unwrap();
}

/// The request is larger than what a socket holds, so that a part of it waits in the client.
#[test]
fn a_request_that_was_dropped_half_sent_is_sent_whole() {
    let (stream, server) = server(|server| {
        let large = server.request().unwrap();
        assert_eq!(large["arguments"]["text"].as_str().map(str::len), Some(4 << 20));
        server.return_to(&large, &json!({}));
        let request = server.request().unwrap();
        server.return_to(&request, &json!({ "name": "whole" }));
    });
    block_on(async {
        let mut client = AsyncClient::over(stream, settings()).await.unwrap();
        let text = "x".repeat(4 << 20);
        let large = async { client.execute_value("large", json!({ "text": text })).await.map(drop) };
        // It begins, and is dropped.
        let dropped = or(large, async {
            yield_now().await;
            Ok(())
        });
        dropped.await.unwrap();
        assert_eq!(client.execute(&QueryName).await.unwrap().name.as_deref(), Some("whole"));
    });
    server.join().unwrap();
}

#[test]
fn who_answers_nothing_is_not_waited_for() {
    let (stream, server) = server(|server| {
        server.request().unwrap();
        // The client leaves.
        server.requests.read_to_end(&mut Vec::new()).unwrap();
    });
    block_on(async {
        let settings =
            Settings { answer_timeout: Duration::from_millis(1), connect_timeout: LONG, ..settings() };
        // With so little time not even the negotiation may be done.
        match AsyncClient::over(stream, settings).await {
            Ok(mut client) => {
                let error = client.execute(&QueryStatus).await.unwrap_err();
                assert_eq!(error.to_string(), "the answer to query-status did not come within 1ms");
            }
            Err(error) => assert!(matches!(error, ClientError::Timeout { .. }), "{error}"),
        }
    });
    drop(server);
}

#[test]
fn an_address_that_nobody_serves_is_named() {
    let address = "unix:/nowhere/qmp".parse().unwrap();
    let error = block_on(AsyncClient::connect(&address, settings())).unwrap_err();
    assert!(error.to_string().starts_with("unix:/nowhere/qmp: cannot connect: "), "{error}");
}
