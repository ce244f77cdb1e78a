//! A card with limits: frames wait where they are, and go on when they may.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod support;

use std::sync::Arc;

use qapi_schema::rate_limits::{RateLimit, RateLimits};
use rate_limits::{Limiter, unlimited};
use support::{Card, HEADER, RECEIVED, SENT, frame};
use virtio_core::RingForm;
use virtio_core::driver::Buffer;
use virtio_core::roles::RateLimited;

/// So little that after the first frame nothing passes for longer than any test takes.
fn narrow() -> Option<RateLimit> {
    Some(RateLimit { rate: 1, burst: None, burst_seconds: None })
}

fn limiter(card: &Card) -> Arc<Limiter> {
    let limited = card.roles.rate_limits.as_deref().map(RateLimited::limited).unwrap();
    assert_eq!(
        (limited.len(), limited[0].id.as_deref(), limited[0].path.as_str()),
        (1, Some("net0"), "/net0")
    );
    Arc::clone(&limited[0].limiter)
}

fn wait_held(limiter: &Limiter, count: u64) {
    while limiter.held_back().waiting() != count {
        std::thread::yield_now();
    }
}

/// Puts frames with these numbers on the transmit queue.
fn offer(card: &mut Card, numbers: &[u8]) {
    let length = u32::try_from(HEADER + 100).unwrap();
    for number in numbers {
        let place = SENT + u64::from(*number) * 0x200;
        card.driver.store(place, &[0; HEADER]);
        card.driver.store(place + HEADER as u64, &frame(*number, 100));
        card.queues[1].chain(&[Buffer::readable(place, length)]);
    }
    card.queues[1].publish();
    card.driver.kick(1);
}

fn next(end: &std::os::unix::net::UnixDatagram) -> Vec<u8> {
    let mut message = vec![0; 4096];
    let length = end.recv(&mut message).unwrap();
    message[HEADER..length].to_vec()
}

#[test]
fn frames_that_may_not_be_sent_stay_in_the_queue_until_they_may() {
    for rings in RingForm::BOTH {
        let (mut card, end) = Card::wired(rings, u128::MAX);
        let limiter = limiter(&card);
        limiter.set(RateLimits { bytes_from_guest: narrow(), ..unlimited() }).unwrap();
        offer(&mut card, &[1, 2, 3]);
        assert_eq!(next(&end), frame(1, 100));
        wait_held(&limiter, 1);
        assert_eq!(card.driver.wait_used(&mut card.queues[1]).len(), 1);
        // A pause and further kicks change nothing.
        card.driver.transport().pause();
        card.driver.transport().resume();
        offer(&mut card, &[4]);
        assert_eq!((card.queues[1].used().len(), limiter.held_back().waiting()), (0, 1));
        limiter.set(unlimited()).unwrap();
        for number in 2..=4 {
            assert_eq!(next(&end), frame(number, 100), "in order, and none is lost");
        }
        wait_held(&limiter, 0);
        assert_eq!(limiter.held_back().ever(), 1);
        assert_eq!(card.errors(1), 0);
    }
}

#[test]
fn frames_that_may_not_be_received_stay_on_the_wire_until_they_may() {
    for rings in RingForm::BOTH {
        let (mut card, end) = Card::wired(rings, u128::MAX);
        let limiter = limiter(&card);
        limiter.set(RateLimits { operations_to_guest: narrow(), ..unlimited() }).unwrap();
        card.post(&[2048, 2048]);
        let message = |number| [vec![0; HEADER], frame(number, 100)].concat();
        end.send(&message(1)).unwrap();
        assert_eq!(card.received(), frame(1, 100));
        end.send(&message(2)).unwrap();
        wait_held(&limiter, 1);
        // What is sent is not held up by that.
        card.send(&frame(9, 60));
        assert_eq!(next(&end), frame(9, 60));
        assert!(card.queues[0].used().is_empty());
        limiter.set(unlimited()).unwrap();
        assert_eq!(card.driver.wait_used(&mut card.queues[0]).len(), 1);
        assert_eq!(card.driver.load(RECEIVED + 2048 + HEADER as u64, 100), frame(2, 100));
        wait_held(&limiter, 0);
    }
}

#[test]
fn a_reset_card_waits_for_nothing_and_begins_anew() {
    let (mut card, end) = Card::wired(RingForm::Split, u128::MAX);
    let limiter = limiter(&card);
    limiter.set(RateLimits { operations: narrow(), ..unlimited() }).unwrap();
    offer(&mut card, &[1, 2]);
    assert_eq!(next(&end), frame(1, 100));
    wait_held(&limiter, 1);
    card.restart();
    wait_held(&limiter, 0);
    limiter.set(unlimited()).unwrap();
    card.send(&frame(3, 60));
    assert_eq!(next(&end), frame(3, 60));
}
