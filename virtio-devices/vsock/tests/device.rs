//! The socket device as a driver, the host's programs, a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;

use insta::assert_snapshot;
use tempfile::TempDir;
use virtio_core::RingForm;
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, Told, build_device, decoded_features, decoded_request, guest_memory,
    offered_names, offset,
};
use virtio_vsock::{DEVICE_KIND, DEVICE_TYPE};

const RINGS: u64 = 0x1000;
const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;
const EVENTS: u16 = 2;
/// Where the buffers of each queue are.
const INCOMING: u64 = 0x10_0000;
const OUTGOING: u64 = 0x40_0000;
const ROOM: u32 = 4096;

const REQUEST: u16 = 1;
const RESPONSE: u16 = 2;
const RST: u16 = 3;
const SHUTDOWN: u16 = 4;
const RW: u16 = 5;
const CREDIT_UPDATE: u16 = 6;
const CREDIT_REQUEST: u16 = 7;
/// Both flags of a SHUTDOWN.
const BOTH: u32 = 3;

const HOST_BUFFER: usize = 256 << 10;
/// Ports of the host and of the guest.
const SERVICE: u32 = 5000;
const GUEST_PORT: u32 = 1024;

/// A packet, without addresses: these are checked where it is made and read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packet {
    host: u32,
    guest: u32,
    operation: u16,
    flags: u32,
    room: u32,
    forwarded: u32,
    data: Vec<u8>,
}

impl Packet {
    fn new(host: u32, guest: u32, operation: u16) -> Self {
        Self { host, guest, operation, flags: 0, room: 1 << 20, forwarded: 0, data: Vec::new() }
    }

    /// As the guest sends it.
    fn bytes(&self) -> Vec<u8> {
        let length = u32::try_from(self.data.len()).unwrap();
        let mut bytes = [3_u64.to_le_bytes(), 2_u64.to_le_bytes()].concat();
        for word in [self.guest, self.host, length] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(1_u16.to_le_bytes());
        bytes.extend(self.operation.to_le_bytes());
        for word in [self.flags, self.room, self.forwarded] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(&self.data);
        bytes
    }

    /// As the guest gets it.
    fn parse(bytes: &[u8]) -> Self {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((bytes[0], bytes[8]), (2, 3), "from the host to the guest");
        assert_eq!(word(28) & 0xffff, 1, "a stream");
        assert_eq!(usize::try_from(word(24)).unwrap(), bytes.len() - 44);
        Self {
            host: word(16),
            guest: word(20),
            operation: u16::from_le_bytes([bytes[30], bytes[31]]),
            flags: word(32),
            room: word(36),
            forwarded: word(40),
            data: bytes[44..].to_vec(),
        }
    }
}

struct Attached {
    driver: MmioDriver,
    receive: DriverQueue,
    transmit: DriverQueue,
    events: DriverQueue,
    statistics: Arc<dyn stats::Source>,
    directory: TempDir,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = format!("path={}", directory.path().join("v").display());
        let device = build_device(&DEVICE_TYPE, &options).unwrap();
        let mut driver = MmioDriver::with_rings(device, &guest_memory(8 << 20), rings);
        let roles = driver.transport().place(None, "/vsock", Arc::new(Told::default()));
        let [receive, transmit, events] = driver.start(u128::MAX, RINGS).try_into().unwrap();
        Self { driver, receive, transmit, events, statistics: roles.statistics.unwrap(), directory }
    }

    fn path(&self, end: &str) -> PathBuf {
        self.directory.path().join(format!("v{end}"))
    }

    fn send(&mut self, packet: &Packet) {
        self.send_bytes(&packet.bytes());
    }

    fn send_bytes(&mut self, bytes: &[u8]) {
        self.driver.store(OUTGOING, bytes);
        let buffer = Buffer::readable(OUTGOING, u32::try_from(bytes.len()).unwrap());
        self.driver.submit(TRANSMIT, &mut self.transmit, &[buffer]);
    }

    fn receive(&mut self) -> Packet {
        let written = self.driver.submit(RECEIVE, &mut self.receive, &[Buffer::writable(INCOMING, ROOM)]);
        Packet::parse(&self.driver.load(INCOMING, written))
    }

    /// Receives a packet that has no data and this operation.
    fn expect(&mut self, operation: u16) -> Packet {
        let packet = self.receive();
        assert_eq!((packet.operation, packet.data.len()), (operation, 0), "{packet:?}");
        packet
    }

    /// Connects the guest to a program of the host, with this much room at the guest.
    fn connect_to_host(&mut self, room: u32) -> UnixStream {
        let listener = UnixListener::bind(self.path(&format!("_{SERVICE}"))).unwrap();
        self.send(&Packet { room, ..Packet::new(SERVICE, GUEST_PORT, REQUEST) });
        let response = self.expect(RESPONSE);
        assert_eq!((response.host, response.guest), (SERVICE, GUEST_PORT));
        assert_eq!(usize::try_from(response.room).unwrap(), HOST_BUFFER);
        listener.accept().unwrap().0
    }

    /// Connects a program of the host to the guest; gives its port too.
    fn connect_to_guest(&mut self) -> (UnixStream, u32) {
        let mut client = UnixStream::connect(self.path("")).unwrap();
        client.write_all(format!("CONNECT {GUEST_PORT}\n").as_bytes()).unwrap();
        let request = self.expect(REQUEST);
        assert_eq!(request.guest, GUEST_PORT);
        self.send(&Packet::new(request.host, GUEST_PORT, RESPONSE));
        let line = format!("OK {}\n", request.host);
        assert_eq!(read(&mut client, line.len()), line.as_bytes());
        (client, request.host)
    }

    /// connections, from the host, from the guest, refused, resets
    fn counted(&self) -> [u64; 5] {
        let mut values = [0; 5];
        self.statistics.read(&mut values).unwrap();
        values
    }
}

fn read(stream: &mut UnixStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_guest_talks_to_a_program_of_the_host() {
    for rings in RingForm::BOTH {
        let mut guest = Attached::new(rings);
        let mut program = guest.connect_to_host(1 << 20);
        guest.send(&Packet { data: b"from the guest".to_vec(), ..Packet::new(SERVICE, GUEST_PORT, RW) });
        assert_eq!(read(&mut program, 14), b"from the guest");
        program.write_all(b"from the host").unwrap();
        let packet = guest.receive();
        assert_eq!(
            (packet.operation, packet.data.as_slice(), packet.forwarded),
            (RW, &b"from the host"[..], 14)
        );
        // The guest has no more to say, but listens on.
        guest.send(&Packet { flags: 2, ..Packet::new(SERVICE, GUEST_PORT, SHUTDOWN) });
        assert_eq!(program.read(&mut [0]).unwrap(), 0);
        program.write_all(b"bye").unwrap();
        assert_eq!(guest.receive().data, b"bye");
        drop(program);
        let end = guest.receive();
        assert!([SHUTDOWN, RST].contains(&end.operation), "{end:?}");
        guest.send(&Packet::new(SERVICE, GUEST_PORT, RST));
        assert_eq!(guest.counted(), [0, 0, 1, 0, 0]);
    }
}

#[test]
fn a_program_of_the_host_talks_to_the_guest() {
    for rings in RingForm::BOTH {
        let mut guest = Attached::new(rings);
        let (mut client, port) = guest.connect_to_guest();
        client.write_all(&[7; 10_000]).unwrap();
        let mut data = Vec::new();
        while data.len() < 10_000 {
            data.extend(guest.receive().data);
        }
        assert_eq!(data, [7; 10_000]);
        guest.send(&Packet { data: vec![8; 5], ..Packet::new(port, GUEST_PORT, RW) });
        assert_eq!(read(&mut client, 5), [8; 5]);
        // What it says last arrives before the end does.
        client.write_all(b"last").unwrap();
        drop(client);
        assert_eq!(guest.receive().data, b"last");
        // The kernel may say first that it writes no more, and then that it is gone.
        while guest.expect(SHUTDOWN).flags != BOTH {}
        guest.send(&Packet::new(port, GUEST_PORT, RST));
        // Two more at once have ports of their own.
        let (_first, first) = guest.connect_to_guest();
        let (_second, second) = guest.connect_to_guest();
        assert!(first != second && first != port);
        assert_eq!(guest.counted(), [2, 3, 0, 0, 0]);
    }
}

#[test]
fn who_cannot_be_reached_is_refused() {
    let mut guest = Attached::new(RingForm::Split);
    guest.send(&Packet::new(SERVICE, GUEST_PORT, REQUEST));
    let reset = guest.expect(RST);
    assert_eq!((reset.host, reset.guest), (SERVICE, GUEST_PORT));
    let mut client = UnixStream::connect(guest.path("")).unwrap();
    client.write_all(b"CONNECT 7\n").unwrap();
    let request = guest.expect(REQUEST);
    guest.send(&Packet::new(request.host, 7, RST));
    assert_eq!(client.read(&mut [0; 9]).unwrap(), 0, "the client is told by the end");
    // A client that gives up before the guest has answered.
    let mut client = UnixStream::connect(guest.path("")).unwrap();
    client.write_all(b"CONNECT 8\n").unwrap();
    let request = guest.expect(REQUEST);
    drop(client);
    assert_eq!(guest.expect(RST).host, request.host);
    let mut client = UnixStream::connect(guest.path("")).unwrap();
    client.write_all(b"GET / HTTP/1.1\n").unwrap();
    assert_eq!(client.read(&mut [0; 9]).unwrap(), 0);
    assert_eq!(guest.counted(), [0, 2, 0, 1, 0]);
}

#[test]
fn no_side_sends_more_than_the_other_has_room_for() {
    for rings in RingForm::BOTH {
        let mut guest = Attached::new(rings);
        let mut program = guest.connect_to_host(10);
        program.write_all(&[1; 25]).unwrap();
        assert_eq!(guest.receive().data, [1; 10]);
        guest.expect(CREDIT_REQUEST);
        guest.send(&Packet { room: 10, forwarded: 7, ..Packet::new(SERVICE, GUEST_PORT, CREDIT_UPDATE) });
        assert_eq!(guest.receive().data, [1; 7]);
        // A guest that takes back room, or has forwarded more than there was, is sent nothing or a little; nothing breaks.
        guest.expect(CREDIT_REQUEST);
        guest.send(&Packet { room: 0, forwarded: 99, ..Packet::new(SERVICE, GUEST_PORT, CREDIT_UPDATE) });
        guest.send(&Packet { room: 100, forwarded: 17, ..Packet::new(SERVICE, GUEST_PORT, CREDIT_REQUEST) });
        let mut rest = [guest.receive(), guest.receive()];
        rest.sort_by_key(|packet| packet.operation);
        assert_eq!((rest[0].operation, rest[0].data.len(), rest[1].operation), (RW, 8, CREDIT_UPDATE));
        // The other way: a program that does not read, and a guest that fills its socket, the host's buffer, and then some.
        let part = Packet { data: vec![2; 64 << 10], ..Packet::new(SERVICE, GUEST_PORT, RW) };
        (0..41).for_each(|_| guest.send(&part));
        let reset = guest.expect(RST);
        assert_eq!(reset.host, SERVICE);
        assert_eq!(guest.counted()[0], 0);
    }
}

#[test]
fn data_waits_for_a_program_that_reads_late_and_the_guest_hears_of_new_room() {
    for rings in RingForm::BOTH {
        let mut guest = Attached::new(rings);
        let mut program = guest.connect_to_host(1 << 20);
        let text: Vec<u8> =
            (0..HOST_BUFFER / 4).flat_map(|number| u32::try_from(number).unwrap().to_le_bytes()).collect();
        for part in text.chunks(64 << 10) {
            guest.send(&Packet { data: part.to_vec(), ..Packet::new(SERVICE, GUEST_PORT, RW) });
        }
        // The end comes behind the data, however late that is.
        guest.send(&Packet { flags: BOTH, ..Packet::new(SERVICE, GUEST_PORT, SHUTDOWN) });
        let mut arrived = Vec::new();
        program.read_to_end(&mut arrived).unwrap();
        assert!(arrived == text);
        let mut last = guest.receive();
        while last.operation == CREDIT_UPDATE {
            last = guest.receive();
        }
        assert_eq!(last.operation, RST);
    }
}

#[test]
fn everybody_has_a_turn() {
    let mut guest = Attached::new(RingForm::Packed);
    let (mut first, port) = guest.connect_to_guest();
    let (mut second, other) = guest.connect_to_guest();
    first.write_all(&[1; 50_000]).unwrap();
    second.write_all(&[2; 50_000]).unwrap();
    let senders: Vec<u32> = (0..12).map(|_| guest.receive().host).collect();
    // By the time that the second was seen the first may have been served a little.
    let of_each = [port, other].map(|port| senders.iter().filter(|sender| **sender == port).count());
    assert!(of_each.iter().all(|count| *count >= 4), "{senders:?}");
}

#[test]
fn packets_that_break_the_rules_are_answered_with_a_reset() {
    for rings in RingForm::BOTH {
        let mut guest = Attached::new(rings);
        // No connection.
        for operation in [0, RESPONSE, SHUTDOWN, RW, CREDIT_UPDATE, CREDIT_REQUEST, 8, 0xffff] {
            guest.send(&Packet::new(9, 9, operation));
            guest.expect(RST);
        }
        // Another type of socket, and another host.
        for at in [28, 8] {
            let mut bytes = Packet::new(9, 9, REQUEST).bytes();
            bytes[at] = 9;
            guest.send_bytes(&bytes);
            let written =
                guest.driver.submit(RECEIVE, &mut guest.receive, &[Buffer::writable(INCOMING, ROOM)]);
            assert_eq!(guest.driver.load(INCOMING + 30, 1), [3], "{written}");
        }
        // A connection that is asked for twice.
        let _program = guest.connect_to_host(100);
        guest.send(&Packet::new(SERVICE, GUEST_PORT, REQUEST));
        guest.expect(RST);
        // Too short for a header, and for the data it promises; and a reset, which nobody answers.
        guest.send_bytes(&[1; 43]);
        let mut lying = Packet::new(9, 9, RW).bytes();
        lying[24] = 1;
        guest.send_bytes(&lying);
        guest.send(&Packet::new(9, 9, RST));
        // A buffer without room for a header comes back empty.
        guest.send(&Packet::new(9, 9, RW));
        assert_eq!(guest.driver.submit(RECEIVE, &mut guest.receive, &[Buffer::writable(INCOMING, 43)]), 0);
        guest.expect(RST);
        assert!(guest.driver.view().status().failure.is_none());
    }
}

#[test]
fn a_guest_that_takes_no_answers_is_not_listened_to_until_it_does() {
    let mut guest = Attached::new(RingForm::Split);
    let bytes = Packet::new(9, 9, RW).bytes();
    guest.driver.store(OUTGOING, &bytes);
    let mut sent = 0;
    for round in 0..2 {
        for _ in 0..200 {
            guest.transmit.chain(&[Buffer::readable(OUTGOING, 44)]);
        }
        guest.transmit.publish();
        guest.driver.kick(TRANSMIT);
        while sent < [200, 256][round] {
            sent += guest.driver.wait_used(&mut guest.transmit).len();
        }
    }
    assert_eq!(sent, 256, "as many as answers are kept");
    for _ in 0..200 {
        guest.expect(RST);
    }
    while sent < 400 {
        sent += guest.driver.wait_used(&mut guest.transmit).len();
    }
}

#[test]
fn a_queue_that_starts_anew_ends_all_connections_and_says_so() {
    let mut guest = Attached::new(RingForm::Split);
    let (mut client, _) = guest.connect_to_guest();
    let head = guest.events.chain(&[Buffer::writable(INCOMING, 8)]);
    guest.events.publish();
    guest.driver.kick(EVENTS);
    guest.driver.write(offset::QUEUE_SELECT, u32::from(RECEIVE));
    guest.driver.write(offset::QUEUE_RESET, 1);
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    guest.driver.kick(EVENTS);
    assert_eq!(guest.driver.wait_used(&mut guest.events), [(head, 4)]);
    assert_eq!(guest.driver.load(INCOMING, 4), [0; 4]);
}

#[test]
fn a_reset_ends_connections_and_new_ones_can_be_made() {
    let mut guest = Attached::new(RingForm::Split);
    let (mut client, _) = guest.connect_to_guest();
    [guest.receive, guest.transmit, guest.events] = guest.driver.start(u128::MAX, RINGS).try_into().unwrap();
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    guest.connect_to_guest();
    assert_eq!(guest.counted()[0], 1);
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn packets_are_shown() {
    let mut guest = Attached::new(RingForm::Split);
    guest.send(&Packet { flags: BOTH, ..Packet::new(9, 10, SHUTDOWN) });
    guest.expect(RST);
    let view = guest.driver.view();
    insta::assert_json_snapshot!([decoded_request(&*view, TRANSMIT, 0), decoded_request(&*view, RECEIVE, 0)]);
}

#[test]
fn options_give_the_address_and_the_path() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("v");
    let device = build_device(&DEVICE_TYPE, &format!("path={},cid=77", path.display())).unwrap();
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_VSOCK_F_STREAM");
    let mut space = [0; 12];
    device.read_config(0, &mut space);
    assert_eq!(space, [77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    drop(device);
    assert!(!path.exists());
    let mistake = |options: &str| build_device(&DEVICE_TYPE, options).err().unwrap().to_string();
    assert_snapshot!(mistake(""), @"option 'path' is missing");
    assert_snapshot!(mistake("path=/nonexistent/v"), @"cannot listen at '/nonexistent/v': No such file or directory (os error 2)");
    assert_snapshot!(mistake("path=v,cid=2"), @"option 'cid' is '2'; accepted is a number from 3 to 4294967294");
    assert_snapshot!(mistake("path=v,cid=4294967295"), @"option 'cid' is '4294967295'; accepted is a number from 3 to 4294967294");
    assert_snapshot!(mistake(&format!("path=/{}", "v".repeat(96))), @"option 'path' is '/vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv'; accepted is a path of up to 96 bytes");
}
