//! Network cards, with a socket in place of the host's interface: like a tap it takes and gives a frame a system call, and
//! it needs no administrator. Frames are as long as Ethernet's longest.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::os::unix::net::UnixDatagram;

use virtio_core::Device;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver};
use virtio_net::{Link, MacAddress, Net, open_sockets};

use super::station::{DEPTH, FREE, OtherEnd, Subject};

/// The queues (virtio 1.3, 5.1.2).
const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;
/// A header (5.1.6), all of whose fields are zero: nothing is left to the device.
const HEADER: usize = 12;
/// Bytes of a frame with its Ethernet header.
const FRAME: usize = 1514;
const MESSAGE: u32 = 12 + 1514;
/// Bytes of a buffer, in which a frame has room with its header.
const BUFFER: u32 = 2048;
const BUFFERS: u64 = FREE;

pub(super) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "net, transmit",
            make: sink,
            queue: TRANSMIT,
            prepare: |driver| {
                (0..u64::from(DEPTH)).for_each(|number| driver.store(place(number), &message()))
            },
            offer: |queue, number| offer(queue, Buffer::readable(place(number), MESSAGE)),
        },
        Subject {
            name: "net, receive",
            make: source,
            queue: RECEIVE,
            prepare: |_: &MmioDriver| (),
            offer: |queue, number| offer(queue, Buffer::writable(place(number), BUFFER)),
        },
    ]
}

fn place(number: u64) -> u64 {
    BUFFERS + number * u64::from(BUFFER)
}

fn offer(queue: &mut DriverQueue, buffer: Buffer) {
    queue.chain(&[buffer]);
}

/// A frame for everybody behind its header.
fn message() -> [u8; HEADER + FRAME] {
    let mut message = [0; HEADER + FRAME];
    message.iter_mut().skip(HEADER).take(6).for_each(|byte| *byte = 0xff);
    message
}

/// A card whose frames are taken away when the driver has got its buffers back.
fn sink() -> (Box<dyn Device>, OtherEnd) {
    let (device, socket) = card();
    let mut room = [0; HEADER + FRAME];
    let take = move || {
        for _ in 0..DEPTH {
            socket.recv(&mut room).unwrap_or_else(|error| panic!("a frame is lost: {error}"));
        }
    };
    (device, OtherEnd { end: Box::new(take), ..OtherEnd::none() })
}

/// A card that gets a frame for each buffer.
fn source() -> (Box<dyn Device>, OtherEnd) {
    let (device, socket) = card();
    let message = message();
    let give = move || {
        for _ in 0..DEPTH {
            socket.send(&message).unwrap_or_else(|error| panic!("the card takes no frame: {error}"));
        }
    };
    (device, OtherEnd { begin: Box::new(give), ..OtherEnd::none() })
}

fn card() -> (Box<dyn Device>, UnixDatagram) {
    let (link, mut ends): (Link, _) =
        open_sockets(1).unwrap_or_else(|error| panic!("there are no sockets: {error}"));
    let mac = MacAddress::random().unwrap_or_else(|error| panic!("there is no address: {error}"));
    let card = Net::new(link, mac).unwrap_or_else(|error| panic!("there are no event descriptors: {error}"));
    (Box::new(card), ends.swap_remove(0))
}
