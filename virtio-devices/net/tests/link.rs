//! The wire: pulled and plugged in, and announcements over it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod support;

use std::sync::Arc;

use qapi_schema::net::AnnounceParameters;
use support::{Card, HEADER, MAC, PLAIN, frame};
use virtio_core::RingForm;
use virtio_core::roles::NetworkLink;

const CONFIGURATION_CHANGE: u32 = 2;

fn link(card: &Card) -> Arc<dyn NetworkLink> {
    Arc::clone(card.roles.network_link.as_ref().unwrap())
}

fn status(card: &mut Card) -> u8 {
    card.configuration()[6]
}

/// Waits for that interrupt; one for a used buffer may come before it or with it.
fn wait_for_change(card: &mut Card) {
    while card.driver.wait_interrupt() & CONFIGURATION_CHANGE == 0 {}
}

#[test]
fn a_pulled_cable_carries_nothing_and_the_driver_knows() {
    let (mut card, end) = Card::wired(RingForm::Split, u128::MAX);
    assert_eq!(status(&mut card), 1);
    link(&card).plug(false);
    wait_for_change(&mut card);
    assert_eq!(status(&mut card), 0);
    assert!(card.transmit([0; HEADER], &frame(1, 60)), "lost, and counted");
    card.post(&[2000; 2]);
    end.send(&[PLAIN.to_vec(), frame(2, 60)].concat()).unwrap();
    // The same thread serves both directions, one after the other.
    for _ in 0..2 {
        assert!(card.transmit([0; HEADER], &frame(1, 60)));
    }
    // What is so already is no change.
    link(&card).plug(false);
    link(&card).plug(true);
    wait_for_change(&mut card);
    assert_eq!(status(&mut card), 1);
    end.send(&[PLAIN.to_vec(), frame(4, 60)].concat()).unwrap();
    assert_eq!(card.received(), frame(4, 60));
    card.send(&frame(3, 60));
    let mut message = [0; 100];
    assert_eq!(end.recv(&mut message).unwrap(), 72);
    assert_eq!(message[HEADER..72], frame(3, 60));
    let changed = |up| {
        format!(r#"NET_LINK_CHANGED {{"name": "net0", "path": "/net0", "up": {up}, "cause": "set-link"}}"#)
    };
    assert_eq!(card.events.take(), [changed(false), changed(true)]);
}

#[test]
fn a_driver_that_does_not_work_is_not_interrupted() {
    let (mut card, _end) = Card::wired(RingForm::Split, u128::MAX);
    assert!(card.driver.negotiate(0) || card.driver.take_interrupt() == 0);
    link(&card).plug(false);
    assert_eq!(card.driver.take_interrupt(), 0);
    assert_eq!(status(&mut card), 0);
    assert_eq!(card.events.take().len(), 1);
}

#[test]
fn announcements_come_from_the_host_and_are_asked_of_the_driver() {
    let (mut card, end) = Card::wired(RingForm::Split, u128::MAX);
    let wanted = AnnounceParameters { initial: 1, max: 1, rounds: 3, step: 0, interfaces: None, id: None };
    link(&card).announce(wanted.clone());
    let mut message = [0; 100];
    for _ in 0..3 {
        assert_eq!(end.recv(&mut message).unwrap(), 72);
        assert_eq!(message[18..26], [MAC.0.as_slice(), &[0x80, 0x35]].concat());
    }
    wait_for_change(&mut card);
    assert_eq!(status(&mut card), 3);
    assert!(card.command(&[3, 0]));
    assert_eq!(status(&mut card), 1);
    // Where no cable is, nobody is told.
    link(&card).plug(false);
    link(&card).announce(AnnounceParameters { rounds: 1, ..wanted });
    link(&card).plug(true);
    assert_eq!(card.events.take().len(), 2);
}
