//! Consoles, with lines of a kernel's length: to nowhere, and from a socket.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;

use virtio_console::{Console, HostEnd, Output, Port};
use virtio_core::Device;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver};

use super::station::{DEPTH, FREE, OtherEnd, Subject};

/// The queues of the first port (virtio 1.3, 5.3.2).
const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;
/// Bytes of a line.
const LINE: u32 = 64;
const LINES: u64 = FREE;

pub(super) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "console, output, null",
            make: || (console(None), OtherEnd::none()),
            queue: TRANSMIT,
            prepare: |driver| driver.store(LINES, &[b'x'; 64 * DEPTH as usize]),
            offer: |queue, number| offer(queue, Buffer::readable(place(number), LINE)),
        },
        Subject {
            name: "console, input, socket",
            make: source,
            queue: RECEIVE,
            prepare: |_: &MmioDriver| (),
            offer: |queue, number| offer(queue, Buffer::writable(place(number), LINE)),
        },
    ]
}

fn place(number: u64) -> u64 {
    LINES + number * u64::from(LINE)
}

fn offer(queue: &mut DriverQueue, buffer: Buffer) {
    queue.chain(&[buffer]);
}

/// A console that gets a line for each buffer.
fn source() -> (Box<dyn Device>, OtherEnd) {
    let sockets = UnixDatagram::pair().and_then(|(own, end)| own.set_nonblocking(true).map(|()| (own, end)));
    let (input, socket) = sockets.unwrap_or_else(|error| panic!("there are no sockets: {error}"));
    let give = move || {
        for _ in 0..DEPTH {
            socket.send(&[b'x'; 64]).unwrap_or_else(|error| panic!("the console takes no line: {error}"));
        }
    };
    (console(Some(File::from(OwnedFd::from(input)))), OtherEnd { begin: Box::new(give), ..OtherEnd::none() })
}

fn console(input: Option<File>) -> Box<dyn Device> {
    let output = Output::Null.open().unwrap_or_else(|error| panic!("there is no null device: {error}"));
    let end = HostEnd::files(output, input, "benchmark");
    let console = Console::new(Port::console(None, end, None), []);
    Box::new(console.unwrap_or_else(|error| panic!("there is no event descriptor: {error}")))
}
