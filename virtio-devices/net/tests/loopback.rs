//! Frames through real rings, with the loop at the other end.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_net::{MacAddress, Net, open_loopback};

const RINGS: u64 = 0x1000;
const SENT: u64 = 0x1_0000;
const RECEIVED: u64 = 0x4_0000;
const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;

const HEADER: u32 = 12;
const RECEIVED_HEADER: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];

struct Attached {
    driver: MmioDriver,
    receive: DriverQueue,
    transmit: DriverQueue,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        let memory = guest_memory(1 << 20);
        let device = Net::new(open_loopback().unwrap(), MacAddress([2, 0, 0, 0, 0, 1]));
        let mut driver = MmioDriver::with_rings(Box::new(device), &memory, rings);
        let [receive, transmit] = driver.start(u128::MAX, RINGS).try_into().unwrap();
        Self { driver, receive, transmit }
    }

    fn post(&mut self, buffers: &[Buffer]) {
        self.receive.chain(buffers);
        self.receive.publish();
        self.driver.kick(RECEIVE);
    }

    /// Sends a frame behind a header of zeroes.
    fn send(&mut self, frame: &[u8]) {
        self.driver.store(SENT, &[0; 12]);
        self.driver.store(SENT + 12, frame);
        let length = HEADER + u32::try_from(frame.len()).unwrap();
        let written = self.driver.submit(TRANSMIT, &mut self.transmit, &[Buffer::readable(SENT, length)]);
        assert_eq!(written, 0);
    }

    /// Waits for one frame, which has to be in a buffer at `RECEIVED`.
    fn received(&mut self) -> Vec<u8> {
        let used = self.driver.wait_used(&mut self.receive);
        assert_eq!(used.len(), 1);
        let bytes = self.driver.load(RECEIVED, used[0].1);
        assert_eq!(bytes[..12], RECEIVED_HEADER);
        bytes[12..].to_vec()
    }

    fn failure(&mut self) -> Option<String> {
        self.driver.transport().view().status().failure.map(|failure| failure.to_string())
    }
}

fn frame(number: u8, length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap() ^ number).collect()
}

#[test]
fn frames_come_back_as_sent() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        for (number, length) in [(1, 14), (2, 60), (3, 1514), (4, 65553)] {
            net.post(&[Buffer::writable(RECEIVED, 66_000)]);
            net.send(&frame(number, length));
            assert_eq!(net.received(), frame(number, length));
        }
    }
}

#[test]
fn headers_and_frames_may_be_cut_anywhere() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        net.post(&[
            Buffer::writable(RECEIVED, 5),
            Buffer::writable(RECEIVED + 5, 100),
            Buffer::writable(RECEIVED + 105, 1000),
        ]);
        net.driver.store(SENT, &[0; 12]);
        net.driver.store(SENT + 12, &frame(1, 200));
        let cut =
            [Buffer::readable(SENT, 1), Buffer::readable(SENT + 1, 30), Buffer::readable(SENT + 31, 181)];
        assert_eq!(net.driver.submit(TRANSMIT, &mut net.transmit, &cut), 0);
        assert_eq!(net.received(), frame(1, 200));
    }
}

#[test]
fn what_the_driver_wrote_into_the_header_does_not_come_back() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        net.post(&[Buffer::writable(RECEIVED, 2000)]);
        net.driver.store(SENT, &[0xff; 72]);
        net.driver.submit(TRANSMIT, &mut net.transmit, &[Buffer::readable(SENT, 72)]);
        assert_eq!(net.received(), [0xff; 60]);
    }
}

#[test]
fn frames_wait_while_there_is_no_buffer() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        for number in 0..4 {
            net.send(&frame(number, 100));
        }
        assert_eq!(net.receive.used(), []);
        for number in 0..4 {
            net.post(&[Buffer::writable(RECEIVED, 2000)]);
            assert_eq!(net.received(), frame(number, 100));
        }
        // And so they do again after the last buffer has gone.
        net.send(&frame(9, 100));
        net.post(&[Buffer::writable(RECEIVED, 2000)]);
        assert_eq!(net.received(), frame(9, 100));
    }
}

#[test]
fn a_frame_that_does_not_fit_is_lost_and_the_buffer_is_not() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        net.post(&[Buffer::writable(RECEIVED, 112)]);
        net.send(&frame(1, 101));
        net.send(&frame(2, 100));
        assert_eq!(net.received(), frame(2, 100));
    }
}

#[test]
fn a_buffer_that_cannot_be_written_holds_nothing_up() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        net.post(&[Buffer::readable(RECEIVED, 2000)]);
        net.send(&frame(1, 100));
        net.send(&frame(2, 100));
        assert_eq!(net.receive.used(), []);
        assert_eq!(net.failure(), None);
    }
}

#[test]
fn a_frame_that_is_too_long_is_lost() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        net.post(&[Buffer::writable(RECEIVED, 2000)]);
        let written = net.driver.submit(TRANSMIT, &mut net.transmit, &[Buffer::readable(SENT, 65_566)]);
        assert_eq!(written, 0);
        net.send(&frame(1, 100));
        assert_eq!(net.received(), frame(1, 100));
        assert_eq!(net.driver.transport().view().counters(TRANSMIT).unwrap().errors.get(), 1);
    }
}

#[test]
fn many_frames_pass_through_few_buffers() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        for number in 0..=u8::MAX {
            net.post(&[Buffer::writable(RECEIVED, 2000)]);
            net.send(&frame(number, 64));
            assert_eq!(net.received(), frame(number, 64));
        }
    }
}

#[test]
fn a_chain_without_room_for_a_header_breaks_the_device() {
    let mut net = Attached::new(RingForm::Split);
    net.transmit.chain(&[Buffer::readable(SENT, 11)]);
    net.transmit.publish();
    net.driver.kick(TRANSMIT);
    // The interrupt is that of a configuration change: the status register has to be looked at.
    assert_eq!(net.driver.wait_interrupt(), 2);
    insta::assert_snapshot!(net.failure().unwrap(), @"queue 1: the chain from head 0 has 11 bytes for the header of 12 bytes");
}

#[test]
fn a_device_that_was_reset_works_again() {
    for rings in RingForm::BOTH {
        let mut net = Attached::new(rings);
        net.transmit.chain(&[Buffer::readable(SENT, 1)]);
        net.transmit.publish();
        net.driver.kick(TRANSMIT);
        net.driver.wait_interrupt();
        [net.receive, net.transmit] = net.driver.start(u128::MAX, RINGS).try_into().unwrap();
        net.post(&[Buffer::writable(RECEIVED, 2000)]);
        net.send(&frame(1, 100));
        assert_eq!(net.received(), frame(1, 100));
    }
}
