//! A console with several ports as a driver, a monitor and the clients of its sockets see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use virtio_console::{CONSOLE_TYPE, DEVICE_TYPE, PORT_TYPE};
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, Told, build_device, decoded_request, guest_memory, offered_names, offset,
};
use virtio_core::roles::{Bus, BusDeviceType, Character, NewBusDevice};
use virtio_core::{DeviceOptions, RingForm};

const RINGS: u64 = 0x1000;
/// Where the buffers of a queue are: a page a chain.
const DATA: u64 = 0x10_0000;
const CONTROL_RECEIVE: u16 = 2;
const CONTROL_TRANSMIT: u16 = 3;
/// Of port 1, the console `tty`, and of port 2, the port `agent`.
const TTY: u16 = 4;
const AGENT: u16 = 6;
/// Of port 3, where the console has room for it.
const LATE: u16 = 8;

const DEVICE_READY: u16 = 0;
const DEVICE_ADD: u16 = 1;
const DEVICE_REMOVE: u16 = 2;
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
    bus: Option<Arc<dyn Bus>>,
    told: Arc<Told>,
    directory: TempDir,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        Self::with(rings, "")
    }

    /// A console that ports can be put on, in all five, and a driver that has taken in the three.
    fn with_room(rings: RingForm) -> Self {
        let mut new = Self::with(rings, ",max_ports=5");
        new.open();
        assert_eq!(new.told.take(), ["VSERPORT_CHANGE {\"id\": \"agent\", \"open\": true}"]);
        new
    }

    fn with(rings: RingForm, more: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().display();
        let options = format!(
            "output=null,size=80x25,console.tty=file:{place}/tty,port.agent=unix:{place}/agent{more}"
        );
        let device = build_device(&DEVICE_TYPE, &options).unwrap();
        let memory = guest_memory(8 << 20);
        let mut driver = MmioDriver::with_rings(device, &memory, rings);
        let told = Arc::new(Told::default());
        let roles = driver.transport().place(Some("console0"), "/console", Arc::clone(&told) as _);
        let queues = driver.start(u128::MAX, RINGS);
        assert_eq!(queues.len(), if more.is_empty() { 8 } else { 12 });
        Self { driver, queues, ends: roles.character.unwrap(), bus: roles.bus, told, directory }
    }

    /// Puts a port on the bus; the error, or nothing.
    fn plug(&self, device_type: &'static BusDeviceType, id: &str, options: &str) -> String {
        let options = options.replace("HERE", &self.directory.path().display().to_string());
        let options = DeviceOptions::parse(&options).unwrap();
        let path = format!("/machine/peripheral/{id}");
        let new = NewBusDevice { device_type, id: Some(id), path: &path, options };
        let outcome = self.bus.as_ref().unwrap().plug(new);
        outcome.err().map(|error| error.to_string()).unwrap_or_default()
    }

    fn unplug(&self, id: &str) -> bool {
        self.bus.as_ref().unwrap().unplug(&format!("/machine/peripheral/{id}"))
    }

    /// What the host's ends are called, and whether somebody in the guest has opened them.
    fn listed(&self) -> Vec<(String, bool)> {
        self.ends.ends().into_iter().map(|end| (end.label, end.frontend_open)).collect()
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

#[test]
fn ports_come_and_go_while_the_driver_works() {
    for rings in RingForm::BOTH {
        let mut console = Attached::with_room(rings);
        assert_eq!(console.driver.read(offset::CONFIGURATION_SPACE + 4), 5, "the number of ports");
        for round in 0..2 {
            let socket = console.directory.path().join("late");
            assert_eq!(console.plug(&PORT_TYPE, "p", "name=late,port=unix:HERE/late"), "");
            assert_eq!(console.hear(), (3, DEVICE_ADD, 1, vec![]));
            console.tell(3, PORT_READY, 1);
            assert_eq!(console.hear(), (3, PORT_NAME, 1, b"late".to_vec()));
            assert_eq!(console.hear(), (3, PORT_OPEN, 0, vec![]));
            let mut client = UnixStream::connect(&socket).unwrap();
            assert_eq!(console.hear(), (3, PORT_OPEN, 1, vec![]));
            console.tell(3, PORT_OPEN, 1);
            client.write_all(b"to the guest").unwrap();
            assert_eq!(console.receive(LATE, 100), b"to the guest");
            console.send(LATE + 1, b"to the host");
            let bus = console.bus.as_ref().unwrap();
            let devices: Vec<_> =
                bus.devices().iter().map(|device| (device.type_name, device.id.clone())).collect();
            assert_eq!(devices, [("virtserialport", Some("p".to_owned()))]);
            assert_eq!(console.listed()[3], ("console0.late".to_owned(), true));

            assert!(console.unplug("p") && !console.unplug("p"), "round {round}");
            assert_eq!(console.hear(), (3, DEVICE_REMOVE, 1, vec![]));
            let mut rest = String::new();
            client.read_to_string(&mut rest).unwrap();
            assert_eq!((rest.as_str(), socket.exists()), ("to the host", false));
            let gone = "DEVICE_DELETED {\"device\": \"p\", \"path\": \"/machine/peripheral/p\"}";
            let change = |open| format!("VSERPORT_CHANGE {{\"id\": \"p\", \"open\": {open}}}");
            assert_eq!(console.told.take(), [change(true), change(false), gone.to_owned()]);
            assert_eq!((console.listed().len(), console.bus.as_ref().unwrap().devices().len()), (3, 0));
        }
        // The others go on.
        console.send(TTY + 1, b"x");
        assert!(console.driver.view().status().failure.is_none());
    }
}

#[test]
fn output_that_is_under_way_comes_back_when_its_port_goes() {
    for rings in RingForm::BOTH {
        let mut console = Attached::with_room(rings);
        assert_eq!(console.plug(&PORT_TYPE, "p", "name=late,port=unix:HERE/late,nr=3"), "");
        assert_eq!(console.hear(), (3, DEVICE_ADD, 1, vec![]));
        console.tell(3, PORT_READY, 1);
        assert_eq!(console.hear(), (3, PORT_NAME, 1, b"late".to_vec()));
        assert_eq!(console.hear(), (3, PORT_OPEN, 0, vec![]));
        let _client = UnixStream::connect(console.directory.path().join("late")).unwrap();
        assert_eq!(console.hear(), (3, PORT_OPEN, 1, vec![]));
        // More than any socket holds, and one more that waits behind it.
        let (transmit, place) = (usize::from(LATE + 1), Attached::place(LATE + 1));
        for _ in 0..2 {
            console.queues[transmit].chain(&[Buffer::readable(place, 0x8_0000)]);
        }
        console.queues[transmit].publish();
        console.driver.kick(LATE + 1);
        console.send(TTY + 1, b"x");
        assert!(console.unplug("p"));
        assert_eq!(console.driver.wait_used(&mut console.queues[transmit]).len(), 1);
        assert_eq!(console.hear(), (3, DEVICE_REMOVE, 1, vec![]));
        assert_eq!(
            console.queues[transmit].used(),
            [],
            "what the device has not begun is the driver's affair"
        );
        assert_eq!(console.driver.view().counters(LATE + 1).unwrap().errors.get(), 1);
    }
}

#[test]
fn the_driver_hears_that_a_port_is_gone_before_another_has_its_number() {
    let mut console = Attached::with_room(RingForm::Split);
    assert_eq!(console.plug(&PORT_TYPE, "first", "name=first"), "");
    assert_eq!(console.hear(), (3, DEVICE_ADD, 1, vec![]));
    assert!(console.unplug("first"));
    // Of this one it never hears.
    assert_eq!(console.plug(&PORT_TYPE, "second", "name=second"), "");
    assert!(console.unplug("second"));
    assert_eq!(console.plug(&CONSOLE_TYPE, "third", "name=third"), "");
    assert_eq!(console.hear(), (3, DEVICE_REMOVE, 1, vec![]));
    assert_eq!(console.hear(), (3, DEVICE_ADD, 1, vec![]));
    console.tell(3, PORT_READY, 1);
    assert_eq!(console.hear(), (3, CONSOLE_PORT, 1, vec![]));
    assert_eq!(console.hear(), (3, PORT_NAME, 1, b"third".to_vec()));
    assert_eq!(console.hear(), (3, PORT_OPEN, 1, vec![]));
    // A driver that asks anew is told how things are.
    assert!(console.unplug("third"));
    console.tell(0, DEVICE_READY, 1);
    for port in 0..3 {
        assert_eq!(console.hear(), (port, DEVICE_ADD, 1, vec![]));
    }
}

#[test]
fn without_a_driver_a_port_is_gone_at_once() {
    let device = build_device(&DEVICE_TYPE, "output=null,max_ports=2").unwrap();
    let mut driver = MmioDriver::new(device, &guest_memory(1 << 20));
    let told = Arc::new(Told::default());
    let bus = driver.transport().place(Some("c"), "/c", Arc::clone(&told) as _).bus.unwrap();
    let options = DeviceOptions::parse("name=late").unwrap();
    bus.plug(NewBusDevice { device_type: &PORT_TYPE, id: None, path: "/p", options }).unwrap();
    assert!(bus.unplug("/p"));
    assert_eq!(told.take(), ["DEVICE_DELETED {\"path\": \"/p\"}"]);
}

#[test]
fn ports_that_cannot_be_had() {
    let console = Attached::with_room(RingForm::Split);
    let mistake = |options: &str| console.plug(&PORT_TYPE, "p", options);
    insta::assert_snapshot!(mistake("nr=3"), @"option 'name' is missing");
    insta::assert_snapshot!(mistake("name="), @"option 'name' is ''; accepted is a name of 1 to 255 bytes without control characters");
    insta::assert_snapshot!(mistake("name=agent"), @"option 'name' is 'agent'; accepted is a name that no port of the console has");
    insta::assert_snapshot!(mistake("name=a,nr=0"), @"option 'nr' is '0'; accepted is a number from 1 to 63");
    insta::assert_snapshot!(mistake("name=a,nr=2"), @"option 'nr' is '2'; accepted is a number below 5 that no port has");
    insta::assert_snapshot!(mistake("name=a,nr=5"), @"option 'nr' is '5'; accepted is a number below 5 that no port has");
    insta::assert_snapshot!(mistake("name=a,port=tcp:1"), @"option 'port' is 'tcp:1'; accepted is unix:PATH, stdio, file:PATH or null");
    insta::assert_snapshot!(mistake("name=a,colour=blue"), @"unknown option 'colour'; accepted are name, nr, port");
    assert_eq!((mistake("name=a,nr=4"), mistake("name=b")), (String::new(), String::new()));
    insta::assert_snapshot!(mistake("name=c"), @"option 'nr' is '5'; accepted is a number below 5 that no port has");
    let few = build_device(&DEVICE_TYPE, "output=null,port.a=null,port.b=null,max_ports=2");
    insta::assert_snapshot!(few.err().unwrap(), @"option 'max_ports' is '2'; accepted is a number from 3 to 64");
}
