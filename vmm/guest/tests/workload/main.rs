//! The built-in guest's workload with made-up devices, honest and not.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod device;
mod machine;

use std::cell::RefCell;
use std::rc::Rc;

use device::{Answer, Behaviour, Device, EVENT_INDEX, INDIRECT, Request, VERSION_1};
use machine::Machine;
use proptest::prelude::*;

const NET: u32 = 1;
const BLOCK: u32 = 2;
const CONSOLE: u32 = 3;
const RNG: u32 = 4;
const BALLOON: u32 = 5;
const FAILED: u32 = 128;
const MODERN: u64 = VERSION_1 | INDIRECT | EVENT_INDEX;

const READ: u8 = 0;
const WRITE: u8 = 1;
const FLUSH: u8 = 4;
const IDENTIFY: u8 = 8;

type Shared<T> = Rc<RefCell<T>>;

fn modern(id: u32, configuration: &[u8], behaviour: Behaviour) -> Device {
    Device::new(id, MODERN, configuration, behaviour)
}

/// A disk of these sectors that does what it is asked to; remembers the kinds of the requests.
fn disk(sectors: &Shared<Vec<u8>>, kinds: &Shared<Vec<u8>>) -> Device {
    let capacity = (sectors.borrow().len() as u64 / 512).to_le_bytes();
    let (sectors, kinds) = (Rc::clone(sectors), Rc::clone(kinds));
    let behaviour = move |request: &mut Request| {
        let kind = request.readable[0];
        let start = usize::from(request.readable[8]) * 512;
        let data = request.writable.len() - 1;
        kinds.borrow_mut().push(kind);
        match kind {
            READ => request.writable[..data].copy_from_slice(&sectors.borrow()[start..start + data]),
            WRITE => sectors.borrow_mut()[start..start + 512].copy_from_slice(&request.readable[16..]),
            IDENTIFY => request.writable[..7].copy_from_slice(b"scratch"),
            FLUSH => assert_eq!(data, 0),
            other => panic!("request of kind {other}"),
        }
        request.writable[data] = 0;
        Answer::Done(data + 1)
    };
    Device::new(BLOCK, MODERN | 1 << 9, &capacity, Box::new(behaviour))
}

fn blank(sectors: usize) -> Shared<Vec<u8>> {
    Rc::new(RefCell::new(vec![0; sectors * 512]))
}

/// A network whose other end sends every frame back.
fn loopback() -> Device {
    let behaviour = |request: &mut Request| match request.queue {
        0 => Answer::Keep,
        _ => Answer::Release(0, request.readable.clone()),
    };
    modern(NET, &[], Box::new(behaviour))
}

/// Entropy as good as counting gives it.
fn entropy() -> Device {
    let mut count = 0u8;
    let behaviour = move |request: &mut Request| {
        count = count.wrapping_add(1);
        request.writable.fill(count);
        Answer::Done(request.writable.len())
    };
    modern(RNG, &[], Box::new(behaviour))
}

fn console(text: &Shared<String>) -> Device {
    let text = Rc::clone(text);
    let behaviour = move |request: &mut Request| match request.queue {
        0 => Answer::Keep,
        _ => {
            text.borrow_mut().push_str(std::str::from_utf8(&request.readable).unwrap());
            Answer::Done(0)
        }
    };
    modern(CONSOLE, &[], Box::new(behaviour))
}

fn balloon() -> Device {
    modern(BALLOON, &[0; 8], Box::new(|_: &mut Request| Answer::Done(0)))
}

/// Never answers.
fn silent(id: u32) -> Device {
    modern(id, &[0; 8], Box::new(|_: &mut Request| Answer::Keep))
}

#[test]
fn every_device_is_driven_and_the_console_tells() {
    let (sectors, kinds, text) = (blank(64), Shared::default(), Shared::default());
    let devices = [disk(&sectors, &kinds), loopback(), console(&text), entropy(), balloon()];
    let machine = Machine::new(devices).run(200);
    assert_eq!(machine.printed(), "");
    insta::assert_snapshot!(text.borrow(), @r"
    disk0: found at 0xd0000000
    disk0: 64 sectors
    net0: found at 0xd0001000
    console0: found at 0xd0002000
    rng0: found at 0xd0003000
    balloon0: found at 0xd0004000
    disk0: calls itself 'scratch'
    disk0: 34 blocks written, read back and equal
    net0: 31 frames sent, 30 came back equal
    rng0: 1408 bytes of entropy taken, all different
    balloon0: 8 pages given and taken back 2 times
    disk0: 228 blocks written, read back and equal
    net0: 181 frames sent, 180 came back equal
    rng0: 7808 bytes of entropy taken, all different
    balloon0: 8 pages given and taken back 15 times
    ");
    for (window, wanted) in [(0, MODERN | 1 << 9), (1, MODERN), (4, MODERN)] {
        assert_eq!(machine.device(window).accepted(), wanted);
    }
}

#[test]
fn requests_are_of_several_descriptors_direct_and_indirect() {
    let (sectors, kinds) = (blank(64), Shared::default());
    let machine = Machine::new([disk(&sectors, &kinds), loopback(), entropy()]).run(40);
    for (window, queue, descriptors) in [(0, 0, 4), (1, 1, 2), (2, 0, 2)] {
        for indirect in [false, true] {
            assert!(
                machine.device(window).seen.contains(&(queue, descriptors, indirect)),
                "{window} {indirect}"
            );
        }
    }
    for kind in [READ, WRITE, FLUSH, IDENTIFY] {
        assert!(kinds.borrow().contains(&kind), "no request of kind {kind}");
    }
}

#[test]
fn a_device_without_indirect_tables_and_event_index_does_as_well() {
    let text = Shared::default();
    let device = Device::new(
        RNG,
        VERSION_1,
        &[],
        Box::new(|request: &mut Request| Answer::Done(request.writable.len())),
    );
    let machine = Machine::new([device, console(&text)]).run(10);
    assert_eq!(machine.device(0).seen, vec![(0, 2, false); 10]);
}

#[test]
fn a_disk_that_holds_something_is_never_written() {
    for sector in [0, 5, 31] {
        let (sectors, kinds, text) = (blank(64), Shared::default(), Shared::default());
        sectors.borrow_mut()[sector * 512 + 511] = 1;
        Machine::new([disk(&sectors, &kinds), console(&text)]).run(50);
        assert!(!kinds.borrow().contains(&WRITE));
        let message = format!("disk0: sector {sector} holds something: reading only\n");
        assert!(text.borrow().contains(&message), "{}", text.borrow());
        assert!(text.borrow().contains(" blocks read\n"), "{}", text.borrow());
    }
}

#[test]
fn a_disk_that_the_guest_has_written_before_is_written_again() {
    let sectors = blank(64);
    for _ in 0..2 {
        let kinds = Shared::default();
        Machine::new([disk(&sectors, &kinds)]).run(50);
        assert!(kinds.borrow().contains(&WRITE));
    }
    assert!(sectors.borrow()[32 * 512..].iter().all(|byte| *byte == 0), "beyond the working area");
}

#[test]
fn a_disk_that_loses_a_bit_is_found_out() {
    let (sectors, kinds) = (blank(64), Shared::default());
    let mut honest = disk(&sectors, &kinds);
    let lossy = {
        let kinds = Rc::clone(&kinds);
        Device::new(
            BLOCK,
            MODERN,
            &64u64.to_le_bytes(),
            Box::new(move |request: &mut Request| {
                let answer = honest.behave(request);
                let may_write = kinds.borrow().contains(&WRITE);
                if may_write && request.readable[0] == READ && request.readable[8] == 3 {
                    request.writable[200] ^= 1;
                }
                answer
            }),
        )
    };
    let printed = Machine::new([lossy]).run(60).printed().to_owned();
    assert!(printed.contains("disk0: sector 3 differs from what was written, at byte 200\n"), "{printed}");
    assert!(printed.contains(" read back different\n"), "{printed}");
}

#[test]
fn a_disk_that_is_slow_to_tell_its_identity_is_given_no_request_twice() {
    let (sectors, kinds) = (blank(64), Shared::default());
    let mut honest = disk(&sectors, &kinds);
    let mut requests = 0;
    let slow = move |request: &mut Request| {
        requests += 1;
        if requests == 1 {
            return Answer::Keep;
        }
        let answer = honest.behave(request);
        // The kept request, the first, comes back with the second: an identity of 20 bytes, and the status.
        if requests == 2 { Answer::Release(0, vec![0; 21]) } else { answer }
    };
    let machine = Machine::new([modern(BLOCK, &64u64.to_le_bytes(), Box::new(slow))]).run(30);
    insta::assert_snapshot!(machine.printed(), @r"
    disk0: found at 0xd0000000
    disk0: 64 sectors
    disk0: calls itself ''
    disk0: 35 blocks written, read back and equal
    ");
}

#[test]
fn failing_requests_are_reported_ever_more_rarely() {
    let fail = |request: &mut Request| {
        *request.writable.last_mut().unwrap() = 1;
        Answer::Done(1)
    };
    let disk = modern(BLOCK, &64u64.to_le_bytes(), Box::new(fail));
    let printed = Machine::new([disk]).run(100).printed().to_owned();
    insta::assert_snapshot!(printed, @r"
    disk0: found at 0xd0000000
    disk0: 64 sectors
    disk0: telling its identity failed with status 1
    disk0: reading sector 0 failed with status 1
    disk0: reading sector 0 failed with status 1
    disk0: reading sector 4 failed with status 1
    disk0: reading sector 12 failed with status 1
    disk0: reading sector 28 failed with status 1
    disk0: 0 blocks read, 39 requests failed
    disk0: reading sector 28 failed with status 1
    disk0: reading sector 28 failed with status 1
    ");
}

#[test]
fn what_breaks_or_is_unknown_is_left_alone_and_the_others_go_on() {
    let device = |answer: fn() -> Answer| modern(RNG, &[], Box::new(move |_: &mut Request| answer()));
    let devices = [
        modern(26, &[], Box::new(|_: &mut Request| panic!("nobody drives this"))),
        Device::new(RNG, INDIRECT, &[], Box::new(|_: &mut Request| panic!("nobody drives this"))),
        device(|| Answer::Head(63)),
        device(|| Answer::Head(0x1_0000)),
        device(|| Answer::Jump(65)),
        device(|| Answer::Break),
        entropy(),
    ];
    let machine = Machine::new(devices).run(50);
    insta::assert_snapshot!(machine.printed(), @r"
    device at 0xd0000000 with device ID 26: no driver for it, left alone
    rng0: found at 0xd0001000
    rng0: does not offer VIRTIO_F_VERSION_1, left alone
    rng1: found at 0xd0002000
    rng2: found at 0xd0003000
    rng3: found at 0xd0004000
    rng4: found at 0xd0005000
    rng5: found at 0xd0006000
    rng1: gave back what it was not given, left alone
    rng2: gave back what it was not given, left alone
    rng3: gave back more than it was given, left alone
    rng4: says that it needs a reset, left alone
    rng5: 1600 bytes of entropy taken, all different
    ");
    for window in 1..6 {
        assert_eq!(machine.device(window).status() & FAILED, FAILED, "window {window}");
    }
    assert_eq!(machine.device(6).status() & FAILED, 0);
    assert_eq!(machine.device(6).seen.len(), 50);
}

#[test]
fn a_device_that_does_not_answer_is_told_of_once() {
    let machine = Machine::new([silent(BLOCK), silent(RNG), silent(BALLOON), silent(NET)]).run(120);
    insta::assert_snapshot!(machine.printed(), @r"
    disk0: found at 0xd0000000
    disk0: 0 sectors
    rng0: found at 0xd0001000
    balloon0: found at 0xd0002000
    net0: found at 0xd0003000
    disk0: 0 blocks written, read back and equal
    rng0: 0 bytes of entropy taken, all different
    balloon0: 8 pages given and taken back 0 times
    net0: 4 frames sent, 0 came back equal
    disk0: has not answered for 50 rounds
    rng0: has not answered for 50 rounds
    balloon0: has not answered for 50 rounds
    disk0: 0 blocks written, read back and equal
    ");
}

#[test]
fn entropy_that_does_not_change_is_found_out() {
    let constant = |request: &mut Request| {
        request.writable.fill(7);
        Answer::Done(request.writable.len())
    };
    let printed = Machine::new([modern(RNG, &[], Box::new(constant))]).run(30).printed().to_owned();
    insta::assert_snapshot!(printed, @r"
    rng0: found at 0xd0000000
    rng0: gave the same bytes twice, or none
    rng0: gave the same bytes twice, or none
    rng0: gave the same bytes twice, or none
    rng0: gave the same bytes twice, or none
    rng0: gave the same bytes twice, or none
    rng0: 1216 bytes of entropy taken, 18 times the same
    ");
}

#[test]
fn devices_of_one_kind_are_numbered() {
    let printed = Machine::new([entropy(), balloon(), entropy()]).run(0).printed().to_owned();
    insta::assert_snapshot!(printed, @r"
    rng0: found at 0xd0000000
    balloon0: found at 0xd0001000
    rng1: found at 0xd0002000
    ");
}

#[test]
fn what_the_console_receives_is_echoed() {
    let text: Shared<String> = Shared::default();
    let seen = Rc::clone(&text);
    let behaviour = move |request: &mut Request| {
        if request.queue == 0 {
            return Answer::Keep;
        }
        let first = seen.borrow().is_empty();
        seen.borrow_mut().push_str(std::str::from_utf8(&request.readable).unwrap());
        if first { Answer::Release(0, b"hello \x01\n".to_vec()) } else { Answer::Done(0) }
    };
    Machine::new([modern(CONSOLE, &[], Box::new(behaviour))]).run(1);
    assert!(text.borrow().ends_with("console0: received 'hello ?'\n"), "{}", text.borrow());
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => (0..2000usize).prop_map(Answer::Done),
        1 => Just(Answer::Keep),
        1 => (0..2usize, any::<Vec<u8>>()).prop_map(|(queue, bytes)| Answer::Release(queue, bytes)),
        1 => any::<u32>().prop_map(Answer::Head),
        1 => (0..20u32).prop_map(Answer::Head),
        1 => any::<u16>().prop_map(Answer::Jump),
        1 => Just(Answer::Break),
    ]
}

proptest! {
    /// Whatever a device answers, the guest neither panics nor leaves its own memory (the platform checks that).
    #[test]
    fn no_device_harms_the_guest(
        id in NET..=BALLOON,
        features in any::<u64>(),
        configuration in any::<[u8; 16]>(),
        answers in prop::collection::vec((answer(), any::<u8>()), 1..40),
    ) {
        let mut answers = answers.into_iter();
        let behaviour = move |request: &mut Request| match answers.next() {
            Some((answer, byte)) => {
                request.writable.fill(byte);
                answer
            }
            None => Answer::Done(request.writable.len()),
        };
        let device = Device::new(id, features | VERSION_1, &configuration, Box::new(behaviour));
        Machine::new([device, entropy()]).run(30);
    }
}
