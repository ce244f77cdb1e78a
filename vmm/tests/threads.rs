//! The threads of devices, as clients that pin them find them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use qapi_schema::machine::requests::QueryIothreads;
use support::{MachineInside, QmpClient};

/// Far longer than a thread takes to begin, or to end.
const PATIENCE: Duration = Duration::from_secs(60);
const VERSION_1: u128 = 1 << 32;

/// The threads, once there are so many.
fn threads(client: &mut QmpClient, count: usize) -> Vec<(String, i64)> {
    let start = Instant::now();
    loop {
        let threads = client.call(&QueryIothreads);
        if threads.len() == count {
            return threads.into_iter().map(|thread| (thread.id, thread.thread_id)).collect();
        }
        assert!(start.elapsed() < PATIENCE, "{threads:?}");
        thread::yield_now();
    }
}

#[test]
fn threads_of_devices_are_listed_while_their_drivers_run() {
    let machine =
        MachineInside::new(&["--accel", "none", "--device", "rng", "--device", "blk,id=disk0,size=1M"]);
    let mut client = machine.qmp();
    assert_eq!(threads(&mut client, 0), []);
    let disk = machine.driver(1);
    disk.start(VERSION_1, 8, 0x1_0000);
    let listed = threads(&mut client, 1);
    assert_eq!(listed[0].0, "disk0");
    machine.driver(0).start(VERSION_1, 8, 0x2_0000);
    let listed = threads(&mut client, 2);
    assert_eq!([&listed[0].0, &listed[1].0], ["device[0]", "disk0"]);
    for (_, id) in listed {
        assert!(Path::new(&format!("/proc/self/task/{id}")).exists(), "{id}");
    }
    disk.reset();
    assert_eq!(threads(&mut client, 1)[0].0, "device[0]");
}
