//! Frames that fill several buffers.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod support;

use proptest::prelude::*;
use support::{Card, HEADER, RECEIVED, frame};
use virtio_core::RingForm;

/// Everything that came back: the bytes of all buffers, which begin at `address` and have these sizes, and how many.
fn take(card: &mut Card, mut address: u64, sizes: &[u32]) -> (Vec<u8>, usize) {
    let used = card.driver.wait_used(&mut card.queues[0]);
    let mut bytes = Vec::new();
    for ((_, written), size) in used.iter().zip(sizes) {
        bytes.extend(card.driver.load(address, *written));
        address += u64::from(*size);
    }
    (bytes, used.len())
}

/// Checks header and frame of a message in so many buffers.
fn assert_is(message: &[u8], buffers: usize, expected: &[u8]) {
    let [low, high] = u16::try_from(buffers).unwrap().to_le_bytes();
    assert_eq!(message[..HEADER], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, low, high]);
    assert!(message[HEADER..] == *expected, "the frame of {} bytes is another one", expected.len());
}

#[test]
fn a_frame_is_as_large_as_the_buffers_together() {
    for rings in RingForm::BOTH {
        let (mut card, end) = Card::wired(rings, u128::MAX);
        // The second time, what the first one has taken is expected, and read straight into the buffers.
        for number in 0..3 {
            let sizes = [1500; 44];
            let sent = frame(number, 44 * 1500 - HEADER - 1000);
            end.send(&[vec![0; HEADER], sent.clone()].concat()).unwrap();
            card.post(&sizes);
            let (message, buffers) = take(&mut card, RECEIVED, &sizes);
            assert_eq!(buffers, 44);
            assert_is(&message, buffers, &sent);
        }
    }
}

#[test]
fn a_frame_waits_for_buffers_and_is_not_lost() {
    for rings in RingForm::BOTH {
        let (mut card, end) = Card::wired(rings, u128::MAX);
        // Of the second one, a part is in buffers already when these turn out to be too few.
        for number in 0..2 {
            let sent = frame(number, 5000);
            card.post(&[1000; 2]);
            end.send(&[vec![0; HEADER], sent.clone()].concat()).unwrap();
            // More buffers at other places: where the first two are is known.
            let view = card.driver.view();
            while view.queue(0).unwrap().indices.last_available == view.queue(0).unwrap().indices.used
                && view.counters(0).unwrap().out_of_buffers.get() <= u64::from(number)
            {
                std::thread::yield_now();
            }
            assert_eq!(card.queues[0].used(), []);
            for place in 0..4 {
                let address = RECEIVED + 2000 + place * 1000;
                card.queues[0].chain(&[virtio_core::driver::Buffer::writable(address, 1000)]);
            }
            card.queues[0].publish();
            card.driver.kick(0);
            let (message, buffers) = take(&mut card, RECEIVED, &[1000; 6]);
            assert_eq!(buffers, 6);
            assert_is(&message, buffers, &sent);
            assert_eq!(card.errors(0), 0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Whatever sizes buffers and frames have: a frame comes whole, in as many buffers as its header says and no more than
    /// it needs.
    #[test]
    fn frames_come_whole(
        packed: bool,
        sizes in prop::collection::vec(12_u32..3000, 10..100),
        lengths in prop::collection::vec(0_usize..40_000, 1..6),
    ) {
        let (mut card, end) = Card::wired(if packed { RingForm::Packed } else { RingForm::Split }, u128::MAX);
        card.post(&sizes);
        let mut next = 0;
        for (number, length) in (0..).zip(lengths) {
            let before: u32 = sizes[..next].iter().sum();
            let room: u32 = sizes[next..].iter().sum();
            if length + HEADER > room as usize {
                break;
            }
            let sent = frame(number, length);
            end.send(&[vec![0; HEADER], sent.clone()].concat()).unwrap();
            let (message, buffers) = take(&mut card, RECEIVED + u64::from(before), &sizes[next..]);
            assert_is(&message, buffers, &sent);
            let all_but_one: u32 = sizes[next..].iter().take(buffers - 1).sum();
            prop_assert!((all_but_one as usize) < length + HEADER);
            next += buffers;
        }
    }
}
