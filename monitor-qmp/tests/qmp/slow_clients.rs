//! Clients that do not read, on real sockets.

use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use monitor_qmp::{Server, Terms};

use crate::machine::{Machine, Stop, server};

/// The client's end of a socket whose other end is served.
fn connect(server: &Server<Machine>) -> (UnixStream, JoinHandle<()>) {
    let (client, stream) = UnixStream::pair().unwrap();
    let server = server.clone();
    let serving = thread::spawn(move || {
        let (reader, writer) = (stream.try_clone().unwrap(), stream.try_clone().unwrap());
        let hang_up = move || drop(stream.shutdown(Shutdown::Both));
        server.serve_on_terms(reader, writer, hang_up, Arc::new(()), Terms::default());
    });
    (client, serving)
}

#[test]
fn a_client_that_leaves_events_unread_is_dropped_and_nobody_else() {
    let (server, _, events) = server();
    let (deaf, serving) = connect(&server);
    let (client, _) = connect(&server);
    for stream in [&deaf, &client] {
        (&mut &*stream).write_all(b"{'execute': 'qmp_capabilities'}").unwrap();
        let lines: Vec<_> = BufReader::with_capacity(1, stream).lines().take(2).collect();
        assert_eq!(lines.len(), 2);
    }
    let mut lines = BufReader::new(client).lines();
    // The one that reads sees each event; the other one is dropped at some time, however large its buffers are.
    while !serving.is_finished() {
        events.emit(&Stop);
        assert!(lines.next().unwrap().unwrap().contains("STOP"));
    }
    serving.join().unwrap();
    events.emit(&Stop);
    assert!(lines.next().unwrap().unwrap().contains("STOP"));
}

#[test]
fn a_client_that_reads_late_gets_everything() {
    let (server, ..) = server();
    let (client, serving) = connect(&server);
    let mut requests = client.try_clone().unwrap();
    let asking = thread::spawn(move || {
        requests.write_all(b"{'execute': 'qmp_capabilities'}").unwrap();
        let text = "x".repeat(1000);
        for id in 0..3000 {
            let request = format!("{{'execute': 'echo', 'arguments': {{'text': '{text}'}}, 'id': {id}}}");
            requests.write_all(request.as_bytes()).unwrap();
        }
        requests.shutdown(Shutdown::Write).unwrap();
    });
    let lines: Vec<_> = BufReader::new(client).lines().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 3002);
    assert!(lines[3001].ends_with("\"id\": 2999}"));
    asking.join().unwrap();
    serving.join().unwrap();
}

#[test]
fn clients_that_vanish_do_no_harm() {
    let (server, ..) = server();
    for request in ["", "{'execute':", "{'execute': 'qmp_capabilities'}{'execute': 'stop'}"] {
        let (mut client, serving) = connect(&server);
        client.write_all(request.as_bytes()).unwrap();
        drop(client);
        serving.join().unwrap();
    }
}
