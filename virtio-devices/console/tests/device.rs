//! The console as a driver, a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;

use insta::assert_snapshot;
use virtio_console::{Console, DEVICE_KIND, DEVICE_TYPE, HostEnd, Port, ScreenSize};
use virtio_core::RingForm;
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, build_device, decoded_features, guest_memory, offered_names, offset,
};

const RINGS: u64 = 0x1000;
const DATA: u64 = 0x1_0000;
const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;

/// A console with a driver on one side and two pipes on the other.
struct Attached {
    driver: MmioDriver,
    receive: DriverQueue,
    transmit: DriverQueue,
    output: File,
    input: Option<File>,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        let (output, output_of_device) = pipe();
        let (input_of_device, input) = pipe();
        let memory = guest_memory(1 << 20);
        let device = console(output_of_device, Some(input_of_device));
        let mut driver = MmioDriver::with_rings(Box::new(device), &memory, rings);
        let [receive, transmit] = driver.start(u128::MAX, RINGS).try_into().unwrap();
        Self { driver, receive, transmit, output, input: Some(input) }
    }

    fn type_in(&mut self, text: &[u8]) {
        self.input.as_ref().unwrap().write_all(text).unwrap();
    }

    fn output(&mut self, length: usize) -> Vec<u8> {
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).unwrap();
        text
    }

    /// Offers a receive buffer and waits for input in it.
    fn receive(&mut self, length: u32) -> Vec<u8> {
        let written = self.driver.submit(RECEIVE, &mut self.receive, &[Buffer::writable(DATA, length)]);
        self.driver.load(DATA, written)
    }
}

fn console(output: File, input: Option<File>) -> Console {
    Console::new(Port::console(None, HostEnd::files(output, input, "pipes"), None), []).unwrap()
}

/// The reading and the writing end of a pipe.
fn pipe() -> (File, File) {
    let (reader, writer) = std::io::pipe().unwrap();
    (File::from(OwnedFd::from(reader)), File::from(OwnedFd::from(writer)))
}

#[test]
fn output_arrives_whole_and_in_order() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        let text: Vec<u8> = (b' '..=b'~').cycle().take(10_000).collect();
        console.driver.store(DATA, &text);
        let buffers =
            [Buffer::readable(DATA, 1), Buffer::readable(DATA + 1, 0), Buffer::readable(DATA + 1, 9_999)];
        assert_eq!(console.driver.submit(TRANSMIT, &mut console.transmit, &buffers), 0);
        assert_eq!(console.output(10_000), text);
    }
}

#[test]
fn output_that_nobody_takes_is_lost_and_the_guest_goes_on() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        let (unused, _) = pipe();
        console.output = unused;
        for _ in 0..3 {
            assert_eq!(
                console.driver.submit(TRANSMIT, &mut console.transmit, &[Buffer::readable(DATA, 100)]),
                0
            );
        }
        let view = console.driver.transport().view();
        assert_eq!(view.counters(TRANSMIT).unwrap().errors.get(), 3);
    }
}

#[test]
fn output_that_is_stuck_is_lost_and_the_guest_goes_on() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        // More than any pipe holds, and nobody reads.
        for _ in 0..8 {
            let buffers = [Buffer::readable(DATA, 0x8_0000)];
            assert_eq!(console.driver.submit(TRANSMIT, &mut console.transmit, &buffers), 0);
        }
        console.driver.transport().pause();
        console.output(4096);
    }
}

#[test]
fn input_arrives_in_the_buffers_there_are() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.type_in(b"hello");
        assert_eq!(console.receive(100), b"hello");
        console.type_in(b"world");
        assert_eq!(console.receive(2), b"wo");
        assert_eq!(console.receive(2), b"rl");
        assert_eq!(console.receive(100), b"d");
    }
}

#[test]
fn input_that_comes_before_any_buffer_waits() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.type_in(b"early");
        // The device has seen the input when it has handled this output after it.
        assert_eq!(console.driver.submit(TRANSMIT, &mut console.transmit, &[Buffer::readable(DATA, 1)]), 0);
        assert_eq!(console.receive(100), b"early");
    }
}

#[test]
fn an_input_that_ends_disturbs_nothing() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.type_in(b"last");
        console.input = None;
        assert_eq!(console.receive(100), b"last");
        console.receive.chain(&[Buffer::writable(DATA, 100)]);
        console.receive.publish();
        console.driver.kick(RECEIVE);
        for _ in 0..3 {
            console.driver.store(DATA, b"on");
            assert_eq!(
                console.driver.submit(TRANSMIT, &mut console.transmit, &[Buffer::readable(DATA, 2)]),
                0
            );
            assert_eq!(console.output(2), b"on");
        }
        assert_eq!(console.receive.used(), []);
        assert!(console.driver.transport().view().status().failure.is_none());
    }
}

#[test]
fn a_receive_buffer_without_room_comes_back_empty() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.type_in(b"x");
        assert_eq!(console.driver.submit(RECEIVE, &mut console.receive, &[Buffer::readable(DATA, 8)]), 0);
        assert_eq!(console.receive(8), b"x");
    }
}

#[test]
fn a_console_that_was_reset_works_again() {
    for rings in RingForm::BOTH {
        let mut console = Attached::new(rings);
        console.type_in(b"one");
        assert_eq!(console.receive(100), b"one");
        [console.receive, console.transmit] = console.driver.start(u128::MAX, RINGS).try_into().unwrap();
        console.type_in(b"two");
        assert_eq!(console.receive(100), b"two");
    }
}

#[test]
fn a_character_can_be_written_before_the_device_is_set_up() {
    let (mut output, output_of_device) = pipe();
    let device = console(output_of_device, None);
    let mut driver = MmioDriver::new(Box::new(device), &guest_memory(4096));
    driver.write(offset::CONFIGURATION_SPACE + 8, 0x1234_5600 | u32::from(b'!'));
    // Other fields cannot be written.
    driver.write(offset::CONFIGURATION_SPACE, 0xffff_ffff);
    driver.write(offset::CONFIGURATION_SPACE + 4, 0xffff_ffff);
    assert_eq!(driver.read(offset::CONFIGURATION_SPACE), 0);
    drop(driver);
    let mut text = Vec::new();
    output.read_to_end(&mut text).unwrap();
    assert_eq!(text, b"!");
}

#[test]
fn the_configuration_space_has_the_size_if_there_is_one() {
    let device = build_device(&DEVICE_TYPE, "output=null,size=132x43").unwrap();
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_CONSOLE_F_EMERG_WRITE VIRTIO_CONSOLE_F_SIZE");
    let mut space = [0; 16];
    device.read_config(0, &mut space);
    assert_eq!(space, [132, 0, 43, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_snapshot!(offered_names(build_device(&DEVICE_TYPE, "output=null").unwrap().as_ref()), @"VIRTIO_CONSOLE_F_EMERG_WRITE");
    assert_eq!(ScreenSize::parse("80x25"), Some(ScreenSize { columns: 80, rows: 25 }));
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    let mistake = |options: &str| build_device(&DEVICE_TYPE, options).err().unwrap().to_string();
    assert_snapshot!(mistake("output=screen"), @"option 'output' is 'screen'; accepted is stdout, stderr, file:PATH or null");
    assert_snapshot!(mistake("output=file:/nonexistent/log"), @"cannot write console output to file:/nonexistent/log: No such file or directory (os error 2)");
    assert_snapshot!(mistake("input=keyboard"), @"option 'input' is 'keyboard'; accepted is stdin, file:PATH or null");
    assert_snapshot!(mistake("input=file:/dev/null"), @"cannot read console input from file:/dev/null: it cannot be waited for; a terminal, FIFO, pipe or socket is needed");
    assert_snapshot!(mistake("size=80"), @"option 'size' is '80'; accepted is COLUMNSxROWS such as 80x25");
    assert_snapshot!(mistake("size=0x25"), @"option 'size' is '0x25'; accepted is COLUMNSxROWS such as 80x25");
    assert_snapshot!(mistake("size=80x65536"), @"option 'size' is '80x65536'; accepted is COLUMNSxROWS such as 80x25");
    assert_snapshot!(mistake("path=x,output=null"), @"unknown option 'path'; accepted are console.NAME, input, max_ports, output, port, port.NAME, size");
    assert_snapshot!(mistake("port=/run/agent"), @"option 'port' is '/run/agent'; accepted is unix:PATH, stdio, file:PATH or null");
    assert_snapshot!(mistake("port=null,input=stdin"), @"option 'port' is 'null'; accepted is this, or input and output");
    assert_snapshot!(mistake("output=null,port.=null"), @"option 'port.NAME' is ''; accepted is a name of 1 to 255 bytes without control characters");
    assert_snapshot!(mistake("output=null,port.agent=socket"), @"option 'port.NAME' is 'socket'; accepted is unix:PATH, stdio, file:PATH or null");
    assert_snapshot!(mistake("output=null,port.a=null,console.a=null"), @"option 'port.NAME' is 'a'; accepted is a name that no console has");
    assert_snapshot!(mistake("output=null,port.a=unix:/nonexistent/a"), @"cannot open the port's end unix:/nonexistent/a: No such file or directory (os error 2)");
    let many: Vec<_> = (0..64).map(|number| format!("port.{number}=null")).collect();
    assert_snapshot!(mistake(&format!("output=null,{}", many.join(","))), @"option 'port.NAME' is 'given 64 times'; accepted is up to 63 of them");
}
