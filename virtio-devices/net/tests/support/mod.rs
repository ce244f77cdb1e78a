//! A card with a driver, for tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail them")]
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex};

use qapi_schema::runtime::{AnyEvent, Reply, Style};
use qapi_schema::virtio_debug::VirtioNetFeature;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_core::{RingForm, Roles, Surroundings};
use virtio_net::{FEATURES, Link, MacAddress, Net, open_loopback, open_sockets};

pub const MAC: MacAddress = MacAddress([2, 0, 0, 0, 0, 1]);
pub const RINGS: u64 = 0x1000;
pub const SENT: u64 = 0x2_0000;
pub const RECEIVED: u64 = 0x8_0000;
pub const HEADER: usize = 12;
/// What stands in front of a received frame that needs nothing and is in one buffer.
pub const PLAIN: [u8; HEADER] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];

/// What a machine would hear of a card, each as text.
#[derive(Default)]
pub struct Events(Mutex<Vec<String>>);

impl Surroundings for Events {
    fn tell(&self, event: &dyn AnyEvent) {
        let mut data = Reply::new(Style::Line);
        event.write_data(&mut data).unwrap();
        let data = String::from_utf8(data.into_bytes()).unwrap();
        self.0.lock().unwrap().push(format!("{} {data}", event.name()));
    }

    fn stop_for_error(&self) {}
}

impl Events {
    /// What was told since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

pub struct Card {
    pub driver: MmioDriver,
    /// Receive and transmit queue of each pair, and the control queue.
    pub queues: Vec<DriverQueue>,
    pub events: Arc<Events>,
    pub roles: Roles,
    features: u128,
}

/// All features but these.
pub fn without(features: &[VirtioNetFeature]) -> u128 {
    !FEATURES.mask(features)
}

impl Card {
    pub fn new(link: Link, rings: RingForm, features: u128) -> Self {
        let memory = guest_memory(1 << 21);
        let mut driver = MmioDriver::with_rings(Box::new(Net::new(link, MAC).unwrap()), &memory, rings);
        let events = Arc::new(Events::default());
        let roles = driver.transport().place(Some("net0"), "/net0", Arc::clone(&events) as _);
        let queues = driver.start(features, RINGS);
        Self { driver, queues, events, roles, features }
    }

    pub fn looped(rings: RingForm, features: u128) -> Self {
        Self::new(open_loopback(1).unwrap(), rings, features)
    }

    /// A card, and the other end of its wire.
    pub fn wired(rings: RingForm, features: u128) -> (Self, UnixDatagram) {
        let (link, mut ends) = open_sockets(1).unwrap();
        let end = ends.pop().unwrap();
        end.set_nonblocking(false).unwrap();
        (Self::new(link, rings, features), end)
    }

    pub fn restart(&mut self) {
        self.queues = self.driver.start(self.features, RINGS);
    }

    /// Offers buffers for received frames, each a chain of its own, one behind the other from `RECEIVED` on.
    pub fn post(&mut self, sizes: &[u32]) {
        let mut address = RECEIVED;
        for size in sizes {
            self.queues[0].chain(&[Buffer::writable(address, *size)]);
            address += u64::from(*size);
        }
        self.queues[0].publish();
        self.driver.kick(0);
    }

    /// Sends header and frame; returns whether the device has counted that as an error.
    pub fn transmit(&mut self, header: [u8; HEADER], frame: &[u8]) -> bool {
        let before = self.errors(1);
        self.driver.store(SENT, &header);
        self.driver.store(SENT + 12, frame);
        let length = u32::try_from(HEADER + frame.len()).unwrap();
        let buffer = Buffer::readable(SENT, length);
        assert_eq!(self.driver.submit(1, &mut self.queues[1], &[buffer]), 0);
        self.errors(1) > before
    }

    /// Sends a frame that needs nothing, and is not lost.
    pub fn send(&mut self, frame: &[u8]) {
        assert!(!self.transmit([0; HEADER], frame));
    }

    /// Waits for a frame in the first buffer at `RECEIVED`: header and frame.
    pub fn receive(&mut self) -> Vec<u8> {
        let used = self.driver.wait_used(&mut self.queues[0]);
        assert_eq!(used.len(), 1);
        self.driver.load(RECEIVED, used[0].1)
    }

    /// As [`receive`](Self::receive), of a frame that needs nothing: the frame.
    pub fn received(&mut self) -> Vec<u8> {
        let bytes = self.receive();
        assert_eq!(bytes[..HEADER], PLAIN);
        bytes[HEADER..].to_vec()
    }

    /// Gives a command to the device: whether it was carried out.
    pub fn command(&mut self, request: &[u8]) -> bool {
        self.driver.store(SENT, request);
        self.driver.store(SENT + 0x4000, &[0xaa]);
        let length = u32::try_from(request.len()).unwrap();
        let buffers = [Buffer::readable(SENT, length), Buffer::writable(SENT + 0x4000, 1)];
        let control = u16::try_from(self.queues.len() - 1).unwrap();
        assert_eq!(self.driver.submit(control, self.queues.last_mut().unwrap(), &buffers), 1);
        match self.driver.load(SENT + 0x4000, 1)[0] {
            0 => true,
            1 => false,
            ack => panic!("ack is {ack}"),
        }
    }

    pub fn errors(&mut self, queue: u16) -> u64 {
        self.driver.view().counters(queue).unwrap().errors.get()
    }

    pub fn failure(&mut self) -> Option<String> {
        self.driver.view().status().failure.map(|failure| failure.to_string())
    }

    pub fn configuration(&mut self) -> [u8; 20] {
        let mut space = [0; 20];
        self.driver.read_configuration(0, &mut space);
        space
    }
}

/// A frame of any bytes, which differs from those with other numbers.
pub fn frame(number: u8, length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap() ^ number).collect()
}

/// A frame from anybody to `target`, with a VLAN tag if there is one.
pub fn frame_to(target: MacAddress, vlan: Option<u16>) -> Vec<u8> {
    let tag = vlan.map(|vlan| [[0x81, 0], vlan.to_be_bytes()].concat()).unwrap_or_default();
    [target.0.as_slice(), &[2, 9, 9, 9, 9, 9], &tag, &[0x88, 0xb5], &[7; 46]].concat()
}
