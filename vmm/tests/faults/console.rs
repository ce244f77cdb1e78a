//! Consoles and ports whose other end goes away, does not read, or has no room.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;

use qapi_schema::char::requests::QueryChardev;
use serde_json::json;
use tempfile::TempDir;
use virtio_core::driver::{Buffer, skipped};

use crate::driven::{DATA, Driven};
use crate::files::{SmallDisk, option};

const CONTROL_RECEIVE: u16 = 2;
const CONTROL_TRANSMIT: u16 = 3;
/// The queues of the second port.
const TO_GUEST: u16 = 4;
const TO_HOST: u16 = 5;

const DEVICE_READY: u16 = 0;
const PORT_READY: u16 = 3;
const PORT_OPEN: u16 = 6;
/// Where long output lies.
const LONG: u64 = DATA + 0x100_0000;

/// A console whose port `agent` is a socket.
struct Port {
    driven: Driven,
    folder: TempDir,
}

impl Port {
    /// The guest knows all ports, and has opened this one; clients have heard of that.
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let device = format!("console,id=c,output=null,port.agent=unix:{}/agent", folder.path().display());
        let mut new = Self { driven: Driven::new("c", &[&device]), folder };
        new.tell(0, DEVICE_READY);
        (0..2).for_each(|port| new.tell(port, PORT_READY));
        // Two ports, their names and sizes, and which of them are open: the last word is about the last port.
        while new.hear() != [1, 0, 0, 0, 6, 0, 0, 0] {}
        new.tell(1, PORT_OPEN);
        assert_eq!(new.driven.event("VSERPORT_CHANGE"), json!({ "id": "agent", "open": true }));
        new
    }

    fn tell(&mut self, port: u32, event: u16) {
        let message = [&port.to_le_bytes()[..], &event.to_le_bytes(), &[1, 0]].concat();
        self.driven.send(CONTROL_TRANSMIT, &message);
    }

    fn hear(&mut self) -> Vec<u8> {
        self.driven.receive(CONTROL_RECEIVE, 64)
    }

    fn expect_open(&mut self, open: bool) {
        assert_eq!(self.hear(), [1, 0, 0, 0, 6, 0, u8::from(open), 0]);
    }

    fn connect(&mut self) -> UnixStream {
        let client = UnixStream::connect(self.folder.path().join("agent")).unwrap();
        self.expect_open(true);
        client
    }

    fn errors(&mut self) -> u64 {
        self.driven.counted(["errors"])[0]
    }
}

#[test]
fn a_port_whose_client_leaves_loses_output_until_another_comes() {
    let mut port = Port::open();
    port.driven.send(TO_HOST, b"nobody is there");
    assert_eq!(port.errors(), 1);
    for round in 1..=3 {
        let mut client = port.connect();
        port.driven.send(TO_HOST, b"to the client");
        let mut text = [0; 13];
        client.read_exact(&mut text).unwrap();
        assert_eq!(&text, b"to the client");
        client.set_nonblocking(true).unwrap();
        assert_eq!(client.read(&mut text).unwrap_err().kind(), ErrorKind::WouldBlock, "and nothing twice");
        // What it has said before it went is not lost. A buffer for more waits for whoever comes next.
        client.write_all(b"bye").unwrap();
        drop(client);
        if round > 1 {
            assert_eq!(port.driven.answer(TO_GUEST).1, 3);
        } else {
            assert_eq!(port.driven.receive(TO_GUEST, 64), b"bye");
        }
        port.driven.offer(TO_GUEST, &[Buffer::writable(LONG, 64)]);
        port.expect_open(false);
        port.driven.send(TO_HOST, b"nobody is there");
        assert_eq!(port.errors(), 1 + round);
    }
    let ends = port.driven.client.call(&QueryChardev);
    assert!(ends.iter().any(|end| end.label == "c.agent" && end.frontend_open), "the guest has it open");
    port.driven.assert_settled(&[(TO_GUEST, 1)]);
}

#[test]
fn a_port_whose_client_does_not_read_keeps_its_output() {
    const LENGTH: u32 = 0x8_0000;
    const COUNT: usize = 4;
    let mut port = Port::open();
    let mut client = port.connect();
    let text: Vec<u8> = (0..LENGTH).map(|at| at.to_le_bytes()[at as usize % 3]).collect();
    port.driven.inside.store(LONG, &text);
    for _ in 0..COUNT {
        port.driven.offer(TO_HOST, &[Buffer::readable(LONG, LENGTH)]);
    }
    // The other port goes on; by then the socket is full, and holds up what is more than it takes.
    port.driven.send(1, b"x");
    let waiting = u64::try_from(COUNT).unwrap();
    assert!(port.driven.try_answer(TO_HOST).is_none(), "a socket holds less than half a megabyte");
    port.driven.assert_settled(&[(TO_HOST, waiting)]);
    let reader = std::thread::spawn(move || {
        let mut read = vec![0; COUNT * text.len()];
        client.read_exact(&mut read).unwrap();
        assert!(read.chunks(text.len()).all(|part| part == text), "all of it, in order");
        client
    });
    for _ in 0..COUNT {
        port.driven.answer(TO_HOST);
    }
    let mut client = reader.join().unwrap();
    client.set_nonblocking(true).unwrap();
    assert_eq!(client.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock, "and nothing twice");
    assert_eq!(port.errors(), 0);
    port.driven.assert_settled(&[]);
}

#[test]
fn output_for_which_there_is_no_room_is_lost_and_counted() {
    let mut driven = Driven::new("c", &["console,id=c,output=file:/dev/full"]);
    (0..3).for_each(|_| driven.send(1, b"lost"));
    assert_eq!(driven.counted(["errors"]), [3]);
    driven.assert_settled(&[]);
}

#[test]
fn output_goes_on_when_there_is_room_again() {
    let place = match SmallDisk::new(4 << 12) {
        Ok(place) => place,
        Err(reason) => return skipped(reason),
    };
    let path = place.path("log");
    let mut driven = Driven::new("c", &[&format!("console,id=c,output=file:{}", option(&path))]);
    driven.send(1, b"before ");
    let filler = place.fill();
    driven.send(1, &[b'.'; 5000]);
    assert_eq!(driven.counted(["errors"]), [1]);
    fs::remove_file(filler).unwrap();
    driven.send(1, b" after");
    assert_eq!(driven.counted(["errors"]), [1]);
    let text = fs::read(&path).unwrap();
    assert!(text.starts_with(b"before .") && text.ends_with(b". after"), "a part had room");
    driven.assert_settled(&[]);
}
