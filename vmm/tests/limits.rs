//! Limits of a whole machine's devices as clients set them, see them and lift them, and what the disks say they have done.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use qapi_schema::block::requests::QueryBlockstats;
use qapi_schema::machine::requests::{Cont, QueryStatus, Stop, SystemReset};
use qapi_schema::rate_limits::RateLimitsInfo;
use qapi_schema::rate_limits::requests::QueryRateLimits;
use qapi_schema::virtio::requests::{XQueryVirtioQueueStatus, XQueryVirtioStatus};
use serde_json::{Value, json};
use support::{Driver, MachineInside, QmpClient};
use virtio_core::driver::{Buffer, DriverQueue};

const RING: u64 = 0x1_0000;
const HEADER: u64 = 0x2_0000;
const STATUS: u64 = 0x2_1000;
const DATA: u64 = 0x3_0000;
const DISK: &str = "/machine/peripheral/disk0";
/// VIRTIO_F_VERSION_1.
const FEATURES: u128 = 1 << 32;

/// A machine with disks and a card, and the driver of one disk.
fn machine() -> (MachineInside, QmpClient, Driver, DriverQueue) {
    let devices = [
        "blk,id=disk0,size=1M",
        "net,id=net0",
        "scsi,id=scsi0",
        "scsi-hd,id=disk1,size=1M",
        "balloon,id=balloon0",
    ];
    let devices = devices.iter().flat_map(|device| ["--device", device]);
    let arguments: Vec<&str> = ["--accel", "none"].into_iter().chain(devices).collect();
    let machine = MachineInside::new(&arguments);
    let client = machine.qmp();
    let driver = machine.driver(0);
    let queue = driver.start(FEATURES, 64, RING);
    machine.store(HEADER, &[0; 16]);
    (machine, client, driver, queue)
}

/// Offers so many reads of a sector.
fn offer(driver: &Driver, queue: &mut DriverQueue, count: u64) {
    for number in 0..count {
        let data = Buffer::writable(DATA + 512 * number, 512);
        queue.chain(&[Buffer::readable(HEADER, 16), data, Buffer::writable(STATUS + number, 1)]);
    }
    driver.submit(queue);
}

fn limits_of(client: &mut QmpClient, path: &str) -> RateLimitsInfo {
    let all = client.call(&QueryRateLimits);
    all.into_iter().find(|info| info.path == path).unwrap()
}

fn wait_held(client: &mut QmpClient, count: u64) {
    while limits_of(client, DISK).held_back_now != count {
        std::thread::yield_now();
    }
}

fn throttle(client: &mut QmpClient, more: &[(&str, Value)]) -> Value {
    let mut arguments =
        json!({ "id": "disk0", "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": 0, "iops_rd": 0, "iops_wr": 0 });
    more.iter().for_each(|(name, value)| arguments[*name] = value.clone());
    client.answer("block_set_io_throttle", arguments)
}

#[test]
fn a_limit_holds_until_it_is_lifted_and_keeps_nobody_else_waiting() {
    let (_machine, mut client, driver, mut queue) = machine();
    // After the first request nothing passes for longer than any test takes.
    assert_eq!(throttle(&mut client, &[("bps", json!(1))]), json!({ "return": {} }));
    offer(&driver, &mut queue, 5);
    assert_eq!(driver.wait_used(&mut queue, 1).len(), 1);
    wait_held(&mut client, 4);

    // Everybody else goes on: clients who look, and the machine that stops and goes on.
    let status = client.call(&XQueryVirtioQueueStatus { path: DISK.to_owned(), queue: 0 });
    assert_eq!(status.inuse, 4);
    assert!(client.call(&XQueryVirtioStatus { path: DISK.to_owned() }).started);
    client.call(&Stop);
    assert!(!client.call(&QueryStatus).running);
    client.call(&Cont);
    assert_eq!((queue.used().len(), limits_of(&mut client, DISK).held_back_now), (0, 4));

    assert_eq!(throttle(&mut client, &[]), json!({ "return": {} }));
    assert_eq!(driver.wait_used(&mut queue, 4).len(), 4);
    let info = limits_of(&mut client, DISK);
    assert_eq!((info.held_back_now, info.held_back), (0, 4));
    assert!(info.held_back_time > 0);
    assert!(queue.used().is_empty(), "none was answered twice");
    let statistics =
        client.answer("query-statistics", json!({ "targets": ["device"], "names": ["held-back"] }));
    assert!(statistics.to_string().contains("held-back"), "{statistics}");
}

#[test]
fn a_machine_is_reset_while_requests_are_held_back() {
    let (_machine, mut client, driver, mut queue) = machine();
    throttle(&mut client, &[("bps", json!(1))]);
    offer(&driver, &mut queue, 3);
    wait_held(&mut client, 2);
    client.call(&SystemReset);
    wait_held(&mut client, 0);
    assert_eq!(
        limits_of(&mut client, DISK).limits.bytes.unwrap().rate,
        1,
        "a limit is the host's, and stays"
    );
    throttle(&mut client, &[]);
    let mut queue = driver.start(FEATURES, 64, RING);
    offer(&driver, &mut queue, 3);
    assert_eq!(driver.wait_used(&mut queue, 3).len(), 3);
}

#[test]
fn disks_say_what_they_are_and_what_they_have_done() {
    let (_machine, mut client, driver, mut queue) = machine();
    offer(&driver, &mut queue, 3);
    driver.wait_used(&mut queue, 3);
    throttle(
        &mut client,
        &[("bps", json!(1_i64 << 40)), ("bps_max", json!(1_i64 << 41)), ("iops_rd", json!(1 << 30))],
    );
    let disks = client.answer("query-block", json!({}));
    insta::assert_snapshot!(serde_json::to_string_pretty(&disks["return"]).unwrap());
    let statistics = client.call(&QueryBlockstats { query_nodes: None });
    let names: Vec<_> = statistics.iter().map(|disk| disk.device.as_deref().unwrap()).collect();
    assert_eq!(names, ["disk0", "disk1"]);
    let stats = &statistics[0].stats;
    assert_eq!((stats.rd_operations, stats.rd_bytes, stats.wr_operations), (3, 3 * 512, 0));
    assert!(stats.rd_total_time_ns > 0 && stats.idle_time_ns.is_some());
    assert_eq!(statistics[1].stats.rd_operations, 0);
    assert!(client.call(&QueryBlockstats { query_nodes: Some(true) }).is_empty());
}

#[test]
fn limits_that_cannot_be_had_are_refused_in_the_words_clients_know() {
    let (_machine, mut client, ..) = machine();
    let mut refused = |more: &[(&str, Value)]| {
        let answer = throttle(&mut client, more);
        format!(
            "{}: {}",
            answer["error"]["class"].as_str().unwrap(),
            answer["error"]["desc"].as_str().unwrap()
        )
    };
    let number = |name, value: i64| (name, json!(value));
    insta::assert_snapshot!(refused(&[("id", Value::String("nobody".to_owned()))]), @"DeviceNotFound: Device 'nobody' not found");
    insta::assert_snapshot!(refused(&[("id", json!("net0"))]), @"GenericError: Device does not have a block device backend");
    insta::assert_snapshot!(refused(&[("id", json!("scsi0"))]), @"GenericError: Device does not have a block device backend");
    insta::assert_snapshot!(refused(&[("device", json!("disk0"))]), @"GenericError: Need exactly one of 'device' and 'id'");
    insta::assert_snapshot!(refused(&[number("bps", 1), number("bps_rd", 1)]), @"GenericError: bps/iops/max total values and read/write values cannot be used at the same time");
    insta::assert_snapshot!(refused(&[number("bps", -1)]), @"GenericError: bps/iops/max values must be within [0, 1000000000000000]");
    insta::assert_snapshot!(refused(&[number("iops", 1_000_000_000_000_001)]), @"GenericError: bps/iops/max values must be within [0, 1000000000000000]");
    insta::assert_snapshot!(refused(&[number("bps", 10), number("bps_max", 9)]), @"GenericError: bps_max/iops_max cannot be lower than bps/iops");
    insta::assert_snapshot!(refused(&[number("bps_max", 9)]), @"GenericError: bps_max/iops_max require corresponding bps/iops values");
    insta::assert_snapshot!(refused(&[number("bps", 1), number("bps_max", 9), number("bps_max_length", 0)]), @"GenericError: the burst length cannot be 0");
    insta::assert_snapshot!(refused(&[number("bps", 1), number("bps_max_length", 5)]), @"GenericError: burst length set without burst rate");
    insta::assert_snapshot!(refused(&[number("iops", 10), number("iops_max", 1_000_000_000_000_000), number("iops_max_length", 10)]), @"GenericError: burst length too high for this burst rate");
    insta::assert_snapshot!(refused(&[number("iops_size", 4096)]), @"GenericError: iops size requires an iops value to be set");
    insta::assert_snapshot!(refused(&[("group", json!("both"))]), @"GenericError: Parameter 'group' is 'both'; accepted is 'disk0', for disks share no limits");
    // The disk on the other's bus, by its path, and the group that it is in anyway.
    let more = [("id", json!("/machine/peripheral/disk1")), ("group", json!("disk1")), number("iops", 5)];
    assert_eq!(throttle(&mut client, &more), json!({ "return": {} }));
    assert_eq!(limits_of(&mut client, "/machine/peripheral/disk1").limits.operations.unwrap().rate, 5);
}

#[test]
fn any_device_that_can_be_limited_is_by_the_one_command() {
    let (_machine, mut client, ..) = machine();
    let mut set = |path: &str, limits: Value| {
        let answer = client.answer("set-rate-limits", json!({ "path": path, "limits": limits }));
        let error = &answer["error"];
        error["desc"].as_str().map_or_else(|| answer["return"].to_string(), str::to_owned)
    };
    let second = |rate: u64| json!({ "bytes-to-guest": { "rate": rate } });
    assert_eq!(set("net0", second(1000)), "{}");
    assert_eq!(set("disk1", second(2000)), "{}");
    insta::assert_snapshot!(set("nobody", second(1)), @"Device 'nobody' not found");
    insta::assert_snapshot!(set("balloon0", second(1)), @"Device 'balloon0' cannot be limited");
    insta::assert_snapshot!(set("net0", second(0)), @"a limit is 0; accepted is a number from 1 to 1000000000000000");
    insta::assert_snapshot!(set("net0", json!({ "operation-size": 5 })), @"the size of an operation is given without a limit for operations");
    let rates: Vec<_> = client
        .call(&QueryRateLimits)
        .into_iter()
        .map(|info| (info.path, info.limits.bytes_to_guest.map(|limit| limit.rate)))
        .collect();
    let path = |id: &str| format!("/machine/peripheral/{id}");
    assert_eq!(rates, [(path("disk0"), None), (path("net0"), Some(1000)), (path("disk1"), Some(2000))]);
}
