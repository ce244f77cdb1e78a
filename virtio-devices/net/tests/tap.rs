//! Frames between a guest and the host's own network stack, over a real tap interface.
//!
//! The interface lives in a network namespace of this test's thread, so that nothing of the host's network
//! changes. Making one takes privileges and the `ip` command; without them the test says so and does nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]
#![allow(
    unsafe_code,
    reason = "a thread enters a new network namespace by a system call without a safe wrapper"
)]

use std::fs::read_to_string;
use std::net::UdpSocket;
use std::process::Command;

use virtio_core::driver::{Buffer, MmioDriver, guest_memory};
use virtio_net::{MacAddress, Net, open_tap};

const TAP: &str = "tap0";
const RINGS: u64 = 0x1000;
const SENT: u64 = 0x1_0000;
const RECEIVED: u64 = 0x2_0000;
const BUFFER: u32 = 0x1000;
const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;
/// Bytes in front of each frame.
const HEADER: usize = 12;

/// A namespace of the thread's own with a tap interface, the link to it, and an address on it; or why there
/// is none.
fn interface() -> Result<virtio_net::Link, String> {
    // SAFETY: unshare takes no pointers; it changes the namespace of this thread only.
    if unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
        return Err(format!("cannot make a network namespace: {}", std::io::Error::last_os_error()));
    }
    let link = open_tap(TAP).map_err(|error| error.to_string())?;
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

#[test]
fn frames_go_to_the_host_and_come_from_it() {
    let link = match interface() {
        Ok(link) => link,
        Err(reason) => {
            virtio_core::driver::skipped(reason);
            return;
        }
    };
    let memory = guest_memory(1 << 20);
    let mut driver = MmioDriver::new(Box::new(Net::new(link, MacAddress([2, 0, 0, 0, 0, 1]))), &memory);
    let [mut receive, mut transmit] = driver.start(u128::MAX, RINGS).try_into().unwrap();

    // From the guest: a broadcast of the EtherType for local experiments, behind a header that asks for
    // nothing sensible.
    let mut frame = vec![0xff; HEADER + 6];
    frame.extend([2, 0, 0, 0, 0, 1, 0x88, 0xb5]);
    frame.extend([0x55; 46]);
    driver.store(SENT, &frame);
    let before = host_received();
    let length = u32::try_from(frame.len()).unwrap();
    assert_eq!(driver.submit(TRANSMIT, &mut transmit, &[Buffer::readable(SENT, length)]), 0);
    assert_eq!(host_received(), before + 1);

    // From the host: a datagram to everybody, which needs no address resolution.
    let socket = UdpSocket::bind("192.0.2.1:0").unwrap();
    socket.set_broadcast(true).unwrap();
    for slot in 0..64 {
        receive.chain(&[Buffer::writable(RECEIVED + u64::from(slot * BUFFER), BUFFER)]);
    }
    receive.publish();
    driver.kick(RECEIVE);
    socket.send_to(b"to every guest", "192.0.2.255:9").unwrap();
    let mut slots = 0;
    loop {
        // Other frames may come before it: the host's stack introduces itself.
        for (_, written) in driver.wait_used(&mut receive) {
            let bytes = driver.load(RECEIVED + u64::from(slots * BUFFER), written);
            assert_eq!(bytes[..HEADER], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
            if bytes.ends_with(b"to every guest") {
                assert_eq!(bytes[HEADER..HEADER + 6], [0xff; 6]);
                return;
            }
            slots += 1;
        }
    }
}
