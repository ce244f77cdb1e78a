//! HTTP as clients see it, on real sockets.

use std::io::{Read, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;

use stats::openmetrics::Format;

use super::*;
use crate::metrics::server::CLIENTS;

/// A page that says how it was asked for, and has `length` bytes more.
fn page(length: usize) -> Write {
    Arc::new(move |format| match format {
        Format::OpenMetrics => format!("openmetrics\n{}", "m".repeat(length)),
        Format::Text => format!("text\n{}", "t".repeat(length)),
    })
}

/// Serves the page on a free port.
fn serve(length: usize, patience: Duration) -> (Serving, String) {
    let metrics = Metrics::bind(&["tcp:127.0.0.1:0".parse().unwrap()]).unwrap();
    let place = metrics.places().remove(0);
    let address = place.strip_prefix("tcp:").unwrap().to_owned();
    (metrics.serve_with(page(length), patience).unwrap(), address)
}

/// Everything that comes back.
fn ask(mut stream: impl Read + std::io::Write, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// The same without the date.
fn dateless(response: &str) -> String {
    let lines = response.lines().filter(|line| !line.starts_with("date: "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_requests_get() {
    let (_serving, address) = serve(0, PATIENCE);
    let requests = [
        "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /metrics?name[]=x HTTP/1.0\r\nAccept: application/openmetrics-text\r\n\r\n",
        "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    ];
    let conversations = requests.map(|request| {
        let line = request.lines().next().unwrap();
        format!("> {line}\n{}", dateless(&ask(TcpStream::connect(&address).unwrap(), request)))
    });
    insta::assert_snapshot!(conversations.join("\n"));
}

#[test]
fn a_unix_socket_serves_as_well_and_goes_away() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("metrics");
    let metrics = Metrics::bind(&[SocketAddress::Unix(path.clone())]).unwrap();
    let serving = metrics.serve(page(0)).unwrap();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    // Who only reads on is still answered.
    stream.shutdown(Shutdown::Write).unwrap();
    assert!(ask(stream, "").ends_with("\r\n\r\ntext\n"));
    drop(serving);
    assert!(!path.exists());
}

#[test]
fn clients_that_are_silent_or_slow_hold_up_nobody() {
    let (_serving, address) = serve(8 << 20, PATIENCE);
    let silent: Vec<_> = (0..CLIENTS - 2).map(|_| TcpStream::connect(&address).unwrap()).collect();
    // This one asks, and reads nothing of a page that no socket can hold.
    let mut slow = TcpStream::connect(&address).unwrap();
    slow.write_all(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    for _ in 0..3 {
        let response = ask(TcpStream::connect(&address).unwrap(), "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
        assert!(response.len() > 8 << 20);
    }
    drop(silent);
}

#[test]
fn clients_that_never_ask_are_hung_up_on_and_make_room() {
    let (_serving, address) = serve(0, Duration::from_millis(20));
    let mut silent: Vec<_> = (0..2 * CLIENTS).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for stream in &mut silent {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "hung up");
    }
}

#[test]
fn a_head_is_read_up_to_a_limit() {
    let (_serving, address) = serve(0, PATIENCE);
    let ask_with = |headers: &str| {
        let request = format!("GET /metrics HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
        let mut stream = TcpStream::connect(&address).unwrap();
        // Whoever is refused may find the connection gone while writing.
        let _ = stream.write_all(request.as_bytes());
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        String::from_utf8(response).unwrap().lines().next().unwrap_or("nothing").to_owned()
    };
    assert_eq!(ask_with(&format!("X: {}\r\n", "x".repeat(8000))), "HTTP/1.1 200 OK");
    assert_ne!(ask_with(&format!("X: {}\r\n", "x".repeat(1 << 20))), "HTTP/1.1 200 OK");
    assert_ne!(ask_with(&"X: x\r\n".repeat(100)), "HTTP/1.1 200 OK");
}

#[test]
fn the_end_does_not_wait_for_clients() {
    let (serving, address) = serve(8 << 20, PATIENCE);
    let mut slow = TcpStream::connect(&address).unwrap();
    slow.write_all(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    slow.read_exact(&mut [0]).unwrap();
    drop(serving);
    // The rest of what was sent, and the end.
    let _ = slow.read_to_end(&mut Vec::new());
}

#[test]
fn an_address_that_cannot_be_had_is_named() {
    let first = Metrics::bind(&["tcp:127.0.0.1:0".parse().unwrap()]).unwrap();
    let taken: SocketAddress = first.places()[0].parse().unwrap();
    let error = Metrics::bind(std::slice::from_ref(&taken)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("--metrics: '{taken}': cannot listen there: Address already in use (os error 98)")
    );
}
