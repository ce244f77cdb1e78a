//! A console with several ports as a driver, a monitor and the clients of its sockets see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use virtio_console::DEVICE_TYPE;
use virtio_core::RingForm;
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, Told, build_device, decoded_request, guest_memory, offered_names, offset,
};
use virtio_core::roles::Character;

const RINGS: u64 = 0x1000;
/// Where the buffers of a queue are: a page a chain.
const DATA: u64 = 0x10_0000;
const CONTROL_RECEIVE: u16 = 2;
const CONTROL_TRANSMIT: u16 = 3;
/// Of port 1, the console `tty`, and of port 2, the port `agent`.
const TTY: u16 = 4;
const AGENT: u16 = 6;

const DEVICE_READY: u16 = 0;
const DEVICE_ADD: u16 = 1;
const PORT_READY: u16 = 3;
const CONSOLE_PORT: u16 = 4;
const RESIZE: u16 = 5;
const PORT_OPEN: u16 = 6;
const PORT_NAME: u16 = 7;

/// A console with three ports: one that nobody listens to, one on a pipe's file, one on a socket.
struct Attached {
    driver: MmioDriver,
    queues: Vec<DriverQueue>,
    ends: Arc<dyn Character>,
    told: Arc<Told>,
    directory: TempDir,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().display();
        let options =
            format!("output=null,size=80x25,console.tty=file:{place}/tty,port.agent=unix:{place}/agent");
        let device = build_device(&DEVICE_TYPE, &options).unwrap();
        let memory = guest_memory(8 << 20);
        let mut driver = MmioDriver::with_rings(device, &memory, rings);
        let told = Arc::new(Told::default());
        let roles = driver.transport().place(Some("console0"), "/console", Arc::clone(&told) as _);
        let queues = driver.start(u128::MAX, RINGS);
        assert_eq!(queues.len(), 8);
        Self { driver, queues, ends: roles.character.unwrap(), told, directory }
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("agent")
    }

    fn connect(&self) -> UnixStream {
        UnixStream::connect(self.socket()).unwrap()
    }

    /// Where the next buffer of a queue may be.
    fn place(queue: u16) -> u64 {
        DATA + u64::from(queue) * 0x8_0000
    }

    fn tell(&mut self, port: u32, event: u16, value: u16) {
        let message = [&port.to_le_bytes()[..], &event.to_le_bytes(), &value.to_le_bytes()].concat();
        self.send(CONTROL_TRANSMIT, &message);
    }

    /// Sends on a queue and waits until the device has taken it.
    fn send(&mut self, queue: u16, bytes: &[u8]) {
        let place = Self::place(queue);
        self.driver.store(place, bytes);
        let buffer = Buffer::readable(place, u32::try_from(bytes.len()).unwrap());
        self.driver.submit(queue, &mut self.queues[usize::from(queue)], &[buffer]);
    }

    /// Puts a buffer on a queue, and waits until the device has filled it.
    fn receive(&mut self, queue: u16, length: u32) -> Vec<u8> {
        let place = Self::place(queue);
        let buffer = Buffer::writable(place, length);
        let written = self.driver.submit(queue, &mut self.queues[usize::from(queue)], &[buffer]);
        self.driver.load(place, written)
    }

    /// The next control message: port, event, value, and what follows.
    fn hear(&mut self) -> (u32, u16, u16, Vec<u8>) {
        let bytes = self.receive(CONTROL_RECEIVE, 64);
        let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        (u32::from(word(0)), word(4), word(6), bytes[8..].to_vec())
    }

    /// Takes in all ports, and opens the last one.
    fn open(&mut self) {
        self.tell(0, DEVICE_READY, 1);
        for port in 0..3 {
            assert_eq!(self.hear(), (port, DEVICE_ADD, 1, vec![]));
        }
        (0..3).for_each(|port| self.tell(port, PORT_READY, 1));
        let screen = vec![80, 0, 25, 0];
        let expected = [
            (0, CONSOLE_PORT, 1, vec![]),
            (0, RESIZE, 0, screen),
            (0, PORT_OPEN, 1, vec![]),
            (1, CONSOLE_PORT, 1, vec![]),
            (1, PORT_NAME, 1, b"tty".to_vec()),
            (1, PORT_OPEN, 1, vec![]),
            (2, PORT_NAME, 1, b"agent".to_vec()),
            (2, PORT_OPEN, 0, vec![]),
        ];
        for message in expected {
            assert_eq!(self.hear(), message);
        }
        self.tell(2, PORT_OPEN, 1);
    }
}

#[test]
fn the_driver_learns_of_the_ports_and_monitors_see_what_it_opens() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        assert_eq!(console.driver.read(offset::CONFIGURATION_SPACE + 4), 3, "the number of ports");
        console.open();
        let ends = console.ends.ends();
        let ends: Vec<_> = ends.iter().map(|end| (end.label.as_str(), end.frontend_open)).collect();
        assert_eq!(ends, [("console0", false), ("console0.tty", false), ("console0.agent", true)]);
        assert_eq!(console.ends.ends()[2].filename, format!("unix:{}", console.socket().display()));
        console.driver.write(offset::STATUS, 0);
        let told = console.told.take();
        let event = |open| format!("VSERPORT_CHANGE {{\"id\": \"agent\", \"open\": {open}}}");
        assert_eq!(told, [event(true), event(false)]);
    }
}

#[test]
fn both_directions_of_a_socket_work_and_clients_come_and_go() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.open();
        for round in 0..2 {
            let mut client = console.connect();
            assert_eq!(console.hear(), (2, PORT_OPEN, 1, vec![]));
            client.write_all(b"to the guest").unwrap();
            assert_eq!(console.receive(AGENT, 100), b"to the guest");
            let text: Vec<u8> = (0..100_000_u32).map(|number| number.to_le_bytes()[0]).collect();
            let read = std::thread::spawn(move || {
                let mut read = vec![0; 100_000];
                client.read_exact(&mut read).unwrap();
                (client, read)
            });
            console.send(AGENT + 1, &text);
            let (mut client, read) = read.join().unwrap();
            assert!(read == text, "round {round}");
            // What it says last arrives, although it is gone by then.
            client.write_all(b"last").unwrap();
            drop(client);
            assert_eq!(console.receive(AGENT, 2), b"la");
            assert_eq!(console.receive(AGENT, 2), b"st");
            console.queues[usize::from(AGENT)].chain(&[Buffer::writable(Attached::place(AGENT), 10)]);
            console.queues[usize::from(AGENT)].publish();
            console.driver.kick(AGENT);
            assert_eq!(console.hear(), (2, PORT_OPEN, 0, vec![]));
            // Start anew for the next round, with no buffer left behind.
            console.queues = console.driver.start(u128::MAX, RINGS);
            console.open();
        }
    }
}

#[test]
fn a_client_stays_when_the_driver_starts_anew() {
    let mut console = Attached::new(RingForm::Split);
    console.open();
    let mut client = console.connect();
    assert_eq!(console.hear(), (2, PORT_OPEN, 1, vec![]));
    console.queues = console.driver.start(u128::MAX, RINGS);
    console.tell(2, PORT_READY, 1);
    assert_eq!(console.hear(), (2, PORT_NAME, 1, b"agent".to_vec()));
    assert_eq!(console.hear(), (2, PORT_OPEN, 1, vec![]));
    console.send(AGENT + 1, b"again");
    let mut text = [0; 5];
    client.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"again");
}

#[test]
fn input_waits_until_somebody_in_the_guest_listens() {
    let mut console = Attached::new(RingForm::Split);
    console.open();
    console.tell(2, PORT_OPEN, 0);
    let mut client = console.connect();
    assert_eq!(console.hear(), (2, PORT_OPEN, 1, vec![]));
    client.write_all(b"early").unwrap();
    let agent = usize::from(AGENT);
    console.queues[agent].chain(&[Buffer::writable(Attached::place(AGENT), 10)]);
    console.queues[agent].publish();
    console.driver.kick(AGENT);
    // The device has seen both when it has answered this.
    console.tell(1, PORT_OPEN, 1);
    assert_eq!(console.queues[agent].used(), []);
    console.tell(2, PORT_OPEN, 1);
    assert_eq!(console.driver.wait_used(&mut console.queues[agent]).len(), 1);
    assert_eq!(console.driver.load(Attached::place(AGENT), 5), b"early");
    // A client that nobody listens to can leave.
    console.tell(2, PORT_OPEN, 0);
    drop(client);
    assert_eq!(console.hear(), (2, PORT_OPEN, 0, vec![]));
}

#[test]
fn a_client_that_does_not_read_holds_up_its_own_port_only() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.open();
        let mut client = console.connect();
        assert_eq!(console.hear(), (2, PORT_OPEN, 1, vec![]));
        // More than any socket holds.
        let transmit = usize::from(AGENT + 1);
        let place = Attached::place(AGENT + 1);
        console.driver.store(place, &[7; 0x8_0000]);
        for _ in 0..8 {
            console.queues[transmit].chain(&[Buffer::readable(place, 0x8_0000)]);
        }
        console.queues[transmit].publish();
        console.driver.kick(AGENT + 1);
        for _ in 0..10 {
            console.send(TTY + 1, b"x");
        }
        assert_eq!(std::fs::read(console.directory.path().join("tty")).unwrap(), b"xxxxxxxxxx");
        console.driver.transport().pause();
        console.driver.transport().resume();
        let reader = std::thread::spawn(move || {
            let mut text = vec![0; 8 * 0x8_0000];
            client.read_exact(&mut text).unwrap();
            text
        });
        let mut used = 0;
        while used < 8 {
            used += console.driver.wait_used(&mut console.queues[transmit]).len();
        }
        assert!(reader.join().unwrap().iter().all(|byte| *byte == 7), "nothing is lost");
    }
}

#[test]
fn a_client_that_leaves_with_output_under_way_lets_the_guest_go_on() {
    let mut console = Attached::new(RingForm::Split);
    console.open();
    let client = console.connect();
    assert_eq!(console.hear(), (2, PORT_OPEN, 1, vec![]));
    let transmit = usize::from(AGENT + 1);
    let place = Attached::place(AGENT + 1);
    for _ in 0..8 {
        console.queues[transmit].chain(&[Buffer::readable(place, 0x8_0000)]);
    }
    console.queues[transmit].publish();
    console.driver.kick(AGENT + 1);
    console.send(TTY + 1, b"x");
    drop(client);
    let mut used = 0;
    while used < 8 {
        used += console.driver.wait_used(&mut console.queues[transmit]).len();
    }
    // Nobody is there, and so it is lost at once.
    console.send(AGENT + 1, b"lost");
    assert!(console.driver.view().counters(AGENT + 1).unwrap().errors.get() > 0);
}

#[test]
fn nonsense_on_the_control_queue_is_passed_over() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        for (port, event, value) in
            [(99, PORT_READY, 1), (u32::MAX, PORT_OPEN, 1), (0, 77, 1), (0, DEVICE_ADD, 1)]
        {
            console.tell(port, event, value);
        }
        console.send(CONTROL_TRANSMIT, b"short");
        console.send(CONTROL_TRANSMIT, &[0xff; 4000]);
        // However often it asks, it is owed one answer.
        for _ in 0..1000 {
            console.tell(2, PORT_READY, 1);
            console.tell(0, DEVICE_READY, 1);
        }
        console.open();
        // A buffer that is too short gets the beginning.
        console.tell(2, PORT_READY, 1);
        assert_eq!(console.receive(CONTROL_RECEIVE, 5), [2, 0, 0, 0, 7]);
        assert!(console.driver.view().status().failure.is_none());
    }
}

#[test]
fn a_driver_that_knows_one_port_has_one_port() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().display();
    let options = format!("port=unix:{place}/first,port.agent=unix:{place}/agent");
    let device = build_device(&DEVICE_TYPE, &options).unwrap();
    insta::assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_CONSOLE_F_EMERG_WRITE VIRTIO_CONSOLE_F_MULTIPORT");
    let mut driver = MmioDriver::new(device, &guest_memory(1 << 20));
    let without = !(1_u128 << 1);
    let mut queues = driver.start(without, RINGS);
    let mut client = UnixStream::connect(directory.path().join("first")).unwrap();
    client.write_all(b"hello").unwrap();
    let written = driver.submit(0, &mut queues[0], &[Buffer::writable(0x8_0000, 10)]);
    assert_eq!(driver.load(0x8_0000, written), b"hello");
    drop(driver);
    assert!(!directory.path().join("first").exists(), "the socket's file goes with the device");
}

#[test]
fn control_messages_are_shown() {
    let mut console = Attached::new(RingForm::Split);
    console.tell(0, DEVICE_READY, 1);
    console.hear();
    let view = console.driver.view();
    let messages =
        [decoded_request(&*view, CONTROL_TRANSMIT, 0), decoded_request(&*view, CONTROL_RECEIVE, 0)];
    insta::assert_json_snapshot!(messages);
}
