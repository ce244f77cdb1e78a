//! Back ends in other processes (here: threads, at the same sockets) that die, stay away, come back, or talk nonsense.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use qapi_schema::inspect::requests::{QueryVirtio, QueryVirtioChains};
use qapi_schema::inspect::{VirtioBackEnd, VirtioDevice};
use qapi_schema::machine::requests::{QueryStatus, Stop};
use qapi_schema::virtio::requests::XQueryVirtioStatus;
use serde_json::json;
use tempfile::TempDir;
use virtio_core::driver::Buffer;
use virtio_core::transport::status::DEVICE_NEEDS_RESET;

use crate::driven::{DATA, Driven};
use daemon::Daemon;
use puppet::{Puppet, RING_PACKED, Script};

#[path = "../../../virtio-devices/vhost-user/tests/vhost_user/support/daemon.rs"]
#[allow(dead_code, reason = "the other tests use the rest of it")]
mod daemon;
#[path = "../../../virtio-devices/vhost-user/tests/vhost_user/support/puppet.rs"]
#[allow(dead_code, reason = "the other tests use the rest of it")]
mod puppet;

const LENGTH: u32 = 64;
const EVENT_IDX: u64 = 1 << 29;

/// Where back ends listen.
struct Place {
    _folder: TempDir,
    socket: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        Self { _folder: folder, socket }
    }

    /// A machine with a device whose back end listens here, as soon as that has the rings.
    fn device(&self, more: &str) -> Device {
        self.device_of_kind("fs", more)
    }

    fn device_of_kind(&self, kind: &str, more: &str) -> Device {
        let socket = self.socket.display();
        let device = format!("vhost-user,id=fs0,kind={kind},socket={socket},queue-size=16{more}");
        let mut device = Device { driven: Driven::new("fs0", &[&device]) };
        device.wait_running();
        device
    }
}

struct Device {
    driven: Driven,
}

impl Device {
    fn shown(&mut self) -> VirtioDevice {
        let shown = self.driven.client.call(&QueryVirtio { path: Some(self.driven.path()) });
        shown.into_iter().next().unwrap()
    }

    fn back_end(&mut self) -> VirtioBackEnd {
        self.shown().back_end.unwrap()
    }

    fn wait_running(&mut self) {
        while !self.back_end().running {
            std::thread::yield_now();
        }
    }

    /// Clients hear that the back end has gone; why, in the words that monitors keep.
    fn expect_disconnected(&mut self) -> String {
        let data = self.driven.event("VHOST_USER_DISCONNECTED");
        let reason = data["reason"].as_str().unwrap().to_owned();
        let expected = json!({ "device": "fs0", "path": self.driven.path(), "reason": reason });
        assert!(data == expected && !reason.is_empty(), "{data}");
        reason
    }

    fn expect_connected(&mut self) {
        let expected = json!({ "device": "fs0", "path": self.driven.path() });
        assert_eq!(self.driven.event("VHOST_USER_CONNECTED"), expected);
    }

    /// Whether a back end is there, how often another one has come, and how many requests those were given.
    fn counted(&mut self) -> [u64; 3] {
        self.driven.counted(["back-end-connected", "reconnections", "requests-handed-on"])
    }

    /// Requests of queue 0 that are filled with something; their numbers.
    fn offer(&mut self, count: u64) -> Vec<u16> {
        let buffer = |number| Buffer::writable(DATA + number * u64::from(LENGTH), LENGTH);
        (0..count).map(|number| self.driven.offer(0, &[buffer(number)])).collect()
    }

    /// These come back in order, each filled with this byte.
    fn expect_filled(&mut self, heads: &[u16], byte: u8) {
        for (number, head) in (0..).zip(heads) {
            assert_eq!(self.driven.answer(0), (*head, LENGTH));
            let place = DATA + number * u64::from(LENGTH);
            assert_eq!(self.driven.inside.load(place, LENGTH as usize), [byte; LENGTH as usize]);
        }
    }
}

#[test]
fn a_back_end_that_dies_leaves_its_requests_to_the_next_one() {
    let place = Place::new();
    let mut daemon = Daemon::listen(&place.socket, 1);
    let mut device = place.device("");
    let heads = device.offer(3);
    device.expect_filled(&heads, 1);
    for round in 1..=3_u8 {
        daemon.wishes.deaf.store(true, Ordering::SeqCst);
        daemon.wishes.kicked.store(false, Ordering::SeqCst);
        let heads = device.offer(5);
        while !daemon.wishes.kicked.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        daemon.kill();
        let reason = device.expect_disconnected();
        let back_end = device.back_end();
        assert_eq!((back_end.connected, back_end.running), (false, false));
        assert!(!reason.is_empty() && back_end.lost.is_some());
        let path = device.driven.path();
        let shown = device.driven.client.call(&XQueryVirtioStatus { path });
        assert!(!shown.vhost_started && shown.vhost_dev.is_none() && !shown.broken);
        let before = u64::from(round - 1);
        assert_eq!(device.counted(), [0, before, 5 * before]);
        assert!(device.driven.try_answer(0).is_none());

        daemon = Daemon::listen(&place.socket, 10 + round);
        device.expect_connected();
        device.expect_filled(&heads, 10 + round);
        assert_eq!(device.counted(), [1, u64::from(round), 5 * u64::from(round)]);
    }
    assert_eq!(device.back_end().connections, 4);
    device.driven.assert_settled(&[]);
}

#[test]
fn a_back_end_that_never_comes_back_holds_up_its_requests_only() {
    let place = Place::new();
    let daemon = Daemon::listen(&place.socket, 1);
    let mut device = place.device("");
    daemon.kill();
    device.expect_disconnected();
    let heads = device.offer(5);
    while device.driven.counted(["reconnections-failed"]) == [0] {
        std::thread::yield_now();
    }
    // Machine and monitors go on, and the requests wait.
    assert!(device.driven.client.call(&QueryStatus).running);
    device.driven.assert_settled(&[(0, 5)]);
    assert_eq!(device.counted(), [0, 0, 0]);
    // A driver that gives up finds a device that can be reset and started.
    device.driven.start();
    assert_eq!(device.driven.driver.status() & DEVICE_NEEDS_RESET, 0);
    let heads = [heads, device.offer(2)].concat();
    device.driven.client.call(&Stop);
    device.driven.event("STOP");
    device.driven.cont();
    // One that comes after all has those that the driver knows of.
    let _daemon = Daemon::listen(&place.socket, 7);
    device.expect_connected();
    device.expect_filled(&heads[5..], 7);
    assert!(device.driven.try_answer(0).is_none());
}

#[test]
fn a_back_end_that_talks_nonsense_is_given_up_and_sought_again() {
    let place = Place::new();
    // It offers nothing that the one at the end does not: that one could not take its place.
    let script = Script { features: Script::default().features & !EVENT_IDX, ..Script::default() };
    let puppet = Puppet::listen(&place.socket, script);
    let mut device = place.device("");
    let heads = device.offer(4);
    for round in 1..=2 {
        puppet.say(&[0xa5; 400]);
        device.expect_disconnected();
        device.expect_connected();
        device.wait_running();
        assert_eq!(device.counted(), [1, round, 4 * round]);
    }
    assert!(device.driven.try_answer(0).is_none());
    drop(puppet);
    device.expect_disconnected();
    let _daemon = Daemon::listen(&place.socket, 3);
    device.expect_connected();
    device.expect_filled(&heads, 3);
    device.driven.assert_settled(&[]);
}

#[test]
fn requests_that_a_back_end_sits_on_are_shown() {
    let place = Place::new();
    let _puppet = Puppet::listen(&place.socket, Script::default());
    let mut device = place.device_of_kind("blk", "");
    device.driven.inside.store(DATA, &[0, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0]);
    let buffers =
        [Buffer::readable(DATA, 16), Buffer::writable(DATA + 16, 512), Buffer::writable(DATA + 528, 1)];
    let head = device.driven.offer(0, &buffers);
    let path = device.driven.path();
    let wanted = QueryVirtioChains { path, queue: 0, slot: Some(head), count: None, dump: None };
    let shown = serde_json::to_value(device.driven.client.call(&wanted)).unwrap();
    let request = shown["chains"][0]["request"].as_array().unwrap();
    let field = |name: &str| request.iter().find(|field| field["name"] == name).unwrap().clone();
    // As they are of a disk that this process works on.
    assert_eq!((&field("type")["choice"], &field("sector")["value"]), (&"in".into(), &77.into()));
    device.driven.assert_settled(&[(0, 1)]);
}

#[test]
fn a_back_end_that_dies_with_a_packed_ring_needs_a_reset() {
    let place = Place::new();
    let script = Script { features: Script::default().features | RING_PACKED, ..Script::default() };
    let puppet = Puppet::listen(&place.socket, script);
    let mut device = place.device(",packed=on");
    device.offer(4);
    puppet.hang_up();
    device.driven.driver.wait_configuration_change();
    assert_ne!(device.driven.driver.status() & DEVICE_NEEDS_RESET, 0, "the driver is told");
    device.expect_disconnected();
    let failure = device.shown().failure.unwrap().text;
    assert!(failure.ends_with("packed rings do not tell where it was"), "{failure}");
    device.expect_connected();
    assert_eq!(device.counted(), [1, 1, 0], "nobody knows what it had");
    device.driven.start();
    device.wait_running();
    assert!(device.shown().failure.is_none());
}
