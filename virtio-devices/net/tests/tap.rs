//! Frames between a guest and the host's own network stack, over a real tap interface.
//!
//! The interface lives in a network namespace of this test's thread, so that nothing of the host's network
//! changes. Making one takes privileges and the `ip` command; without them the test says so and does nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]
#![allow(
    unsafe_code,
    reason = "a thread enters a new network namespace by a system call without a safe wrapper"
)]

mod support;

use std::fs::read_to_string;
use std::net::UdpSocket;
use std::process::Command;

use qapi_schema::virtio_debug::VirtioNetFeature as Feature;
use support::{Card, HEADER, PLAIN, RECEIVED};
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, skipped};
use virtio_net::{FEATURES, Link, TapError, open_tap};

const TAP: &str = "tap0";

/// A namespace of the thread's own with a tap interface of so many queues, the link to it, and an address on it; or why
/// there is none.
fn interface(queues: u16) -> Result<Link, String> {
    // SAFETY: unshare takes no pointers; it changes the namespace of this thread only.
    if unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
        return Err(format!("cannot make a network namespace: {}", std::io::Error::last_os_error()));
    }
    let link = open_tap(TAP, queues).map_err(|error| error.to_string())?;
    ip(&["link", "set", TAP, "up"])?;
    ip(&["address", "add", "192.0.2.1/24", "broadcast", "192.0.2.255", "dev", TAP])?;
    Ok(link)
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new("ip").args(arguments).output().map_err(|error| format!("cannot run ip: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Frames that the host has received from the interface.
fn host_received() -> u64 {
    let table = read_to_string("/proc/thread-self/net/dev").unwrap();
    let line = table.lines().find_map(|line| line.trim().strip_prefix("tap0:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Receives until a frame ends with `end`.
fn receive_until(card: &mut Card, end: &[u8]) -> Vec<u8> {
    loop {
        // Other frames may come before it: the host's stack introduces itself.
        card.post(&[4000]);
        let message = card.receive();
        if message.ends_with(end) {
            return message;
        }
    }
}

/// A broadcast of the EtherType for local experiments.
fn broadcast() -> Vec<u8> {
    [&[0xff; 6][..], &support::MAC.0, &[0x88, 0xb5], &[0x55; 46]].concat()
}

#[test]
fn frames_go_to_the_host_and_come_from_it() {
    let link = match interface(1) {
        Ok(link) => link,
        Err(reason) => return skipped(reason),
    };
    let mut card = Card::new(link, RingForm::Split, u128::MAX);
    let before = host_received();
    card.send(&broadcast());
    assert_eq!(host_received(), before + 1);

    // From the host: a datagram to everybody, which needs no address resolution.
    let socket = UdpSocket::bind("192.0.2.1:0").unwrap();
    socket.set_broadcast(true).unwrap();
    socket.send_to(b"to every guest", "192.0.2.255:9").unwrap();
    let message = receive_until(&mut card, b"to every guest");
    assert_eq!(message[HEADER..HEADER + 6], [0xff; 6]);
    assert_eq!(message[10..HEADER], [1, 0]);
}

/// What the kernel leaves to a driver that can do it, and to no other.
#[test]
fn checksums_are_left_to_a_driver_that_completes_them() {
    let link = match interface(1) {
        Ok(link) => link,
        Err(reason) => return skipped(reason),
    };
    let mut card = Card::new(link, RingForm::Split, u128::MAX);
    let offered = card.driver.offered_features();
    let wanted = [Feature::Csum, Feature::GuestCsum, Feature::HostTso4, Feature::GuestTso6, Feature::HostEcn];
    assert_eq!(offered & FEATURES.mask(&wanted), FEATURES.mask(&wanted));
    let socket = UdpSocket::bind("192.0.2.1:0").unwrap();
    socket.set_broadcast(true).unwrap();
    let send = || socket.send_to(b"with a checksum", "192.0.2.255:9").unwrap();
    send();
    let message = receive_until(&mut card, b"with a checksum");
    // From behind Ethernet and IP on, and in the header of UDP.
    assert_eq!(message[..HEADER], [1, 0, 0, 0, 0, 0, 34, 0, 6, 0, 1, 0]);
    assert!(card.command(&[[5, 0].as_slice(), &[0; 8]].concat()), "no offloads");
    send();
    assert_eq!(receive_until(&mut card, b"with a checksum")[..HEADER], PLAIN);
}

#[test]
fn an_interface_that_goes_down_takes_the_link_with_it() {
    let link = match interface(1) {
        Ok(link) => link,
        Err(reason) => return skipped(reason),
    };
    let mut card = Card::new(link, RingForm::Split, u128::MAX);
    let change = |card: &mut Card, arguments: &[&str], up: u8, cause: &str| {
        ip(arguments).unwrap();
        while card.configuration()[6] != up {
            card.driver.wait_interrupt();
        }
        let expected = format!(
            r#"NET_LINK_CHANGED {{"name": "net0", "path": "/net0", "up": {}, "cause": "{cause}"}}"#,
            up == 1
        );
        // An interface that is deleted goes down first.
        while card.events.take().last() != Some(&expected) {
            std::thread::yield_now();
        }
    };
    change(&mut card, &["link", "set", TAP, "down"], 0, "interface-down");
    assert!(card.transmit([0; HEADER], &broadcast()), "lost, and counted");
    change(&mut card, &["link", "set", TAP, "up"], 1, "interface-up");
    card.send(&broadcast());
    change(&mut card, &["link", "delete", TAP], 0, "interface-gone");
    assert!(card.transmit([0; HEADER], &broadcast()));
    card.post(&[2000]);
    // Nothing spins on the file of an interface that is no more, and a driver that comes anew finds the link down.
    let view = card.driver.view();
    while view.status().working || view.kick_pending(0) {
        std::thread::yield_now();
    }
    card.restart();
    assert_eq!(card.configuration()[6], 0);
    assert!(card.transmit([0; HEADER], &broadcast()));
    assert_eq!(card.failure(), None);
}

/// A frame that comes out of a queue leads the answers to its sender there; of those that the driver does not use, none
/// gets any.
#[test]
fn an_interface_uses_the_queues_that_the_driver_uses() {
    let link = match interface(4) {
        Ok(link) => link,
        Err(reason) => return skipped(reason),
    };
    let mut card = Card::new(link, RingForm::Split, u128::MAX);
    let socket = UdpSocket::bind("192.0.2.1:0").unwrap();
    socket.set_broadcast(true).unwrap();
    socket.send_to(b"to the first", "192.0.2.255:9").unwrap();
    receive_until(&mut card, b"to the first");
    for _ in 0..2 {
        // Switched on and off again, with the driver's buffers waiting in all queues.
        assert!(card.command(&[4, 0, 4, 0]));
        for pair in 1..4_u16 {
            let queue = &mut card.queues[usize::from(2 * pair)];
            queue.chain(&[Buffer::writable(RECEIVED + u64::from(pair) * 0x1000, 0x1000)]);
            queue.publish();
            card.driver.kick(2 * pair);
        }
        assert!(card.command(&[4, 0, 1, 0]));
        socket.send_to(b"to the first again", "192.0.2.255:9").unwrap();
        receive_until(&mut card, b"to the first again");
    }
    assert_eq!(card.failure(), None);
}

#[test]
fn an_interface_for_one_queue_does_not_take_several() {
    if let Err(reason) = interface(1) {
        return skipped(reason);
    }
    let _only_queue = open_tap("one", 1).unwrap();
    let error = open_tap("one", 2).unwrap_err();
    assert!(matches!(error, TapError::Queue { queue: 1, queues: 2, .. }), "{error}");
    ip(&["tuntap", "add", "many", "mode", "tap", "multi_queue"]).unwrap();
    assert!(open_tap("many", 1).is_ok(), "one queue of an interface for several");
}
