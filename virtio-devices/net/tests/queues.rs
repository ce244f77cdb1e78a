//! Cards of several pairs of queues.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod support;

use qapi_schema::virtio_debug::VirtioNetFeature::Mq;
use support::{Card, HEADER, PLAIN, RECEIVED, SENT, frame, without};
use virtio_core::RingForm;
use virtio_core::driver::Buffer;
use virtio_net::open_sockets;

const PAIRS: u16 = 3;

fn set_pairs(pairs: u16) -> Vec<u8> {
    [[4, 0], pairs.to_le_bytes()].concat()
}

#[test]
fn each_pair_has_its_own_frames() {
    for rings in RingForm::BOTH {
        let (link, ends) = open_sockets(PAIRS).unwrap();
        let mut card = Card::new(link, rings, u128::MAX);
        assert_eq!(card.queues.len(), 7);
        assert!(!card.command(&set_pairs(0)));
        assert!(!card.command(&set_pairs(PAIRS + 1)));
        assert!(card.command(&set_pairs(PAIRS)));
        for (pair, end) in (0..).zip(&ends) {
            end.set_nonblocking(false).unwrap();
            let (receive, transmit) = (2 * pair, 2 * pair + 1);
            card.driver.store(SENT, &[vec![0; HEADER], frame(1, 100)].concat());
            let queue = &mut card.queues[usize::from(transmit)];
            card.driver.submit(transmit, queue, &[Buffer::readable(SENT, 112)]);
            let mut message = [0; 200];
            assert_eq!(end.recv(&mut message).unwrap(), 112);
            assert_eq!(message[HEADER..112], frame(1, 100));
            let sent = [PLAIN.to_vec(), frame(2, 60)].concat();
            end.send(&sent).unwrap();
            let queue = &mut card.queues[usize::from(receive)];
            assert_eq!(card.driver.submit(receive, queue, &[Buffer::writable(RECEIVED, 200)]), 72);
            assert_eq!(card.driver.load(RECEIVED, 72), sent);
        }
    }
}

#[test]
fn a_driver_of_one_pair_has_its_commands_on_the_third_queue() {
    let (link, ends) = open_sockets(PAIRS).unwrap();
    let mut card = Card::new(link, RingForm::Split, without(&[Mq]));
    card.driver.store(SENT, &[0, 1, 1]);
    let chain = [Buffer::readable(SENT, 3), Buffer::writable(RECEIVED, 1)];
    assert_eq!(card.driver.submit(2, &mut card.queues[2], &chain), 1);
    assert_eq!(card.driver.load(RECEIVED, 1), [0]);
    card.send(&frame(1, 60));
    ends[0].set_nonblocking(false).unwrap();
    assert_eq!(ends[0].recv(&mut [0; 100]).unwrap(), 72);
}
