//! Frames through real rings, with the loop at the other end.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod support;

use qapi_schema::virtio_debug::VirtioNetFeature::MrgRxbuf;
use support::{Card, RECEIVED, SENT, frame, without};
use virtio_core::RingForm;
use virtio_core::driver::Buffer;

/// A card whose driver takes each frame in one buffer, on each form of rings.
fn cards() -> [Card; 2] {
    RingForm::BOTH.map(|rings| Card::looped(rings, without(&[MrgRxbuf])))
}

#[test]
fn frames_come_back_as_sent() {
    for mut card in cards() {
        for (number, length) in [(1, 14), (2, 60), (3, 1514), (4, 65553)] {
            card.post(&[66_000]);
            card.send(&frame(number, length));
            assert_eq!(card.received(), frame(number, length));
        }
    }
}

#[test]
fn headers_and_frames_may_be_cut_anywhere() {
    for mut card in cards() {
        for first in [5, 12, 20, 32, 33] {
            card.queues[0].chain(&[
                Buffer::writable(RECEIVED, first),
                Buffer::writable(RECEIVED + u64::from(first), 100),
                Buffer::writable(RECEIVED + u64::from(first) + 100, 1000),
            ]);
            card.queues[0].publish();
            card.driver.kick(0);
            card.driver.store(SENT, &[0; 12]);
            card.driver.store(SENT + 12, &frame(1, 200));
            let cut =
                [Buffer::readable(SENT, 1), Buffer::readable(SENT + 1, 30), Buffer::readable(SENT + 31, 181)];
            assert_eq!(card.driver.submit(1, &mut card.queues[1], &cut), 0);
            assert_eq!(card.received(), frame(1, 200));
        }
    }
}

#[test]
fn a_frame_of_more_buffers_than_a_system_call_takes_is_sent() {
    let mut card = Card::looped(RingForm::Split, without(&[MrgRxbuf]));
    card.post(&[4000]);
    card.driver.store(SENT, &[0; 12]);
    card.driver.store(SENT + 12, &frame(1, 1000));
    let pieces: Vec<_> = (0..1012).map(|at| Buffer::readable(SENT + at, 1)).collect();
    card.queues[1].indirect(0x1_0000, &pieces);
    card.queues[1].publish();
    card.driver.kick(1);
    card.driver.wait_used(&mut card.queues[1]);
    assert_eq!(card.received(), frame(1, 1000));
}

#[test]
fn a_frame_whose_header_asks_for_what_was_not_negotiated_is_lost() {
    for mut card in cards() {
        card.post(&[2000]);
        assert!(card.transmit([0xff; 12], &[0xff; 60]));
        assert!(
            card.transmit([1, 0, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0], &[0xff; 60]),
            "a checksum to be completed"
        );
        // Flags that nobody knows, and what the driver says of its buffers, mean nothing.
        assert!(!card.transmit([0xfe, 0, 7, 0, 7, 0, 7, 0, 7, 0, 9, 9], &frame(1, 60)));
        assert_eq!(card.received(), frame(1, 60));
    }
}

#[test]
fn frames_wait_while_there_is_no_buffer() {
    for mut card in cards() {
        for number in 0..4 {
            card.send(&frame(number, 100));
        }
        assert_eq!(card.queues[0].used(), []);
        for number in 0..4 {
            card.post(&[2000]);
            assert_eq!(card.received(), frame(number, 100));
        }
        // And so they do again after the last buffer has gone.
        card.send(&frame(9, 100));
        card.post(&[2000]);
        assert_eq!(card.received(), frame(9, 100));
    }
}

#[test]
fn a_frame_that_does_not_fit_is_lost_and_the_buffer_is_not() {
    for mut card in cards() {
        card.post(&[112]);
        card.send(&frame(1, 101));
        card.send(&frame(2, 100));
        assert_eq!(card.received(), frame(2, 100));
        assert_eq!(card.errors(0), 1);
    }
}

#[test]
fn a_buffer_that_cannot_be_written_holds_nothing_up() {
    for mut card in cards() {
        card.queues[0].chain(&[Buffer::readable(RECEIVED, 2000)]);
        card.queues[0].publish();
        card.driver.kick(0);
        card.send(&frame(1, 100));
        card.send(&frame(2, 100));
        assert_eq!(card.queues[0].used(), []);
        assert_eq!(card.failure(), None);
    }
}

#[test]
fn a_frame_that_is_too_long_is_lost() {
    for mut card in cards() {
        card.post(&[2000]);
        assert!(card.transmit([0; 12], &[0; 65_554]));
        card.send(&frame(1, 100));
        assert_eq!(card.received(), frame(1, 100));
    }
}

#[test]
fn many_frames_pass_through_few_buffers() {
    for mut card in cards() {
        for number in 0..=u8::MAX {
            card.post(&[2000]);
            card.send(&frame(number, 64));
            assert_eq!(card.received(), frame(number, 64));
        }
    }
}

#[test]
fn a_chain_without_room_for_a_header_breaks_the_device() {
    let mut card = Card::looped(RingForm::Split, u128::MAX);
    card.queues[1].chain(&[Buffer::readable(SENT, 11)]);
    card.queues[1].publish();
    card.driver.kick(1);
    // The interrupt is that of a configuration change: the status register has to be looked at.
    assert_eq!(card.driver.wait_interrupt(), 2);
    insta::assert_snapshot!(card.failure().unwrap(), @"queue 1: the chain from head 0 has 11 bytes for the header of 12 bytes");
}

#[test]
fn a_device_that_was_reset_works_again() {
    for mut card in cards() {
        card.queues[1].chain(&[Buffer::readable(SENT, 1)]);
        card.queues[1].publish();
        card.driver.kick(1);
        card.driver.wait_interrupt();
        card.restart();
        card.post(&[2000]);
        card.send(&frame(1, 100));
        assert_eq!(card.received(), frame(1, 100));
    }
}
