//! Programs of the host that a guest's sockets lead to, and that refuse, die, or come back.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};

use tempfile::TempDir;

use crate::driven::Driven;

const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;
/// Ports of the host and of the guest.
const SERVICE: u32 = 5000;
const GUEST_PORT: u32 = 1024;
const HEADER: usize = 44;

const REQUEST: u16 = 1;
const RESPONSE: u16 = 2;
const RESET: u16 = 3;
const SHUTDOWN: u16 = 4;
const DATA: u16 = 5;

struct Guest {
    driven: Driven,
    folder: TempDir,
}

impl Guest {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let device = format!("vsock,id=v,path={}/v", folder.path().display());
        Self { driven: Driven::new("v", &[&device]), folder }
    }

    /// The program that serves the port, waiting for connections.
    fn service(&self) -> UnixListener {
        let path = self.folder.path().join(format!("v_{SERVICE}"));
        let _ = std::fs::remove_file(&path);
        UnixListener::bind(path).unwrap()
    }

    fn send(&mut self, operation: u16, data: &[u8]) {
        let mut packet = [3_u64.to_le_bytes(), 2_u64.to_le_bytes()].concat();
        for word in [GUEST_PORT, SERVICE, u32::try_from(data.len()).unwrap()] {
            packet.extend(word.to_le_bytes());
        }
        packet.extend([1_u16, operation].map(u16::to_le_bytes).concat());
        packet.extend([0, 1 << 20, 0_u32].map(u32::to_le_bytes).concat());
        self.driven.send(TRANSMIT, &[&packet, data].concat());
    }

    /// The next packet for the guest: what it is, and its data.
    fn receive(&mut self) -> (u16, Vec<u8>) {
        let bytes = self.driven.receive(RECEIVE, 4096);
        (u16::from_le_bytes([bytes[30], bytes[31]]), bytes[HEADER..].to_vec())
    }

    fn connect(&mut self, service: &UnixListener) -> UnixStream {
        self.send(REQUEST, &[]);
        assert_eq!(self.receive(), (RESPONSE, vec![]));
        service.accept().unwrap().0
    }

    /// Connections that there are, that were made, that were refused, and what was lost.
    fn counted(&mut self) -> [u64; 4] {
        self.driven.counted(["connections", "connections-from-guest", "connections-refused", "errors"])
    }
}

#[test]
fn a_service_that_is_not_there_refuses() {
    let mut guest = Guest::new();
    // Nobody was ever there; somebody was, and has left the socket's name behind.
    for refused in 1..=2 {
        guest.send(REQUEST, &[]);
        assert_eq!(guest.receive(), (RESET, vec![]));
        assert_eq!(guest.counted(), [0, 0, refused, 0]);
        drop(guest.service());
    }
    let service = guest.service();
    guest.connect(&service);
    assert_eq!(guest.counted()[1..], [1, 2, 0]);
    guest.driven.assert_settled(&[]);
}

#[test]
fn a_service_that_dies_is_heard_out_and_another_takes_its_place() {
    let mut guest = Guest::new();
    for round in 1..=3 {
        let service = guest.service();
        let mut program = guest.connect(&service);
        guest.send(DATA, b"request");
        let mut text = [0; 7];
        program.read_exact(&mut text).unwrap();
        assert_eq!(&text, b"request");
        program.write_all(b"half of an ans").unwrap();
        // It dies with a request that it has not read.
        guest.send(DATA, b"another");
        drop((program, service));
        assert_eq!(guest.receive(), (DATA, b"half of an ans".to_vec()));
        let (end, _) = guest.receive();
        assert!([SHUTDOWN, RESET].contains(&end), "{end}");
        if end == SHUTDOWN {
            guest.send(RESET, &[]);
        }
        assert_eq!(guest.counted(), [0, round, 0, 0], "the connection is forgotten");
    }
    guest.driven.assert_settled(&[]);
}
