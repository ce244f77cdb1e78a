//! A driver that lays rings no device can follow: that device asks for a reset and says why, its queries still answer,
//! and the machine and the other devices go on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use qapi_schema::machine::requests::QueryStatus;
use qapi_schema::virtio::requests::{XQueryVirtioQueueElement, XQueryVirtioQueueStatus, XQueryVirtioStatus};
use qapi_schema::virtio_debug::requests::{XDebugVirtioQueueStatus, XDebugVirtioStatus};
use support::{Driver, MachineInside, QmpClient};
use virtio_core::driver::{Buffer, DriverQueue, RawDescriptor};

const VERSION_1: u128 = 1 << 32;
const NEXT: u16 = 1;
const QUEUE_SIZE: u16 = 8;
/// Where the healthy device's ring and the broken one's lie.
const RINGS: [u64; 2] = [0x1_0000, 0x2_0000];
const BUFFER: u64 = 0x3_0000;

fn descriptor(address: u64, length: u32, flags: u16, next: u16) -> RawDescriptor {
    RawDescriptor { address, length, flags, next }
}

/// What a broken driver puts on its ring.
type Damage = fn(&mut DriverQueue);

const DAMAGES: [(&str, Damage); 6] = [
    ("a descriptor loop", |queue| {
        queue.set_descriptor(0, descriptor(BUFFER, 16, NEXT, 1));
        queue.set_descriptor(1, descriptor(BUFFER, 16, NEXT, 0));
        queue.offer(0);
    }),
    ("a head out of range", |queue| queue.offer(QUEUE_SIZE)),
    ("a next index out of range", |queue| {
        queue.set_descriptor(0, descriptor(BUFFER, 16, NEXT, u16::MAX));
        queue.offer(0);
    }),
    ("an address outside memory", |queue| {
        queue.set_descriptor(0, descriptor(1 << 40, 16, 0, 0));
        queue.offer(0);
    }),
    ("a length that overflows the address space", |queue| {
        queue.set_descriptor(0, descriptor(u64::MAX - 15, 4096, 0, 0));
        queue.offer(0);
    }),
    ("an available index further ahead than the ring is long", |queue| {
        // One element was taken and given back; one more than the ring holds is offered behind it.
        queue.set_available_index(1 + QUEUE_SIZE + 1);
    }),
];

#[test]
fn a_broken_ring_stops_its_device_and_nothing_else() {
    let machine =
        MachineInside::new(&["--accel", "none", "--device", "rng,id=healthy", "--device", "rng,id=broken"]);
    let mut client = machine.qmp();
    let healthy = machine.driver(0);
    let mut healthy_queue = healthy.start(VERSION_1, QUEUE_SIZE, RINGS[0]);
    for (what, damage) in DAMAGES {
        println!("{what}");
        let broken = machine.driver(1);
        let mut queue = broken.start(VERSION_1, QUEUE_SIZE, RINGS[1]);
        assert!(!is_broken(&mut client), "a reset mends the device");
        take_entropy(&broken, &mut queue);

        damage(&mut queue);
        // The damage that is the index itself must not be published over.
        if what.contains("available index") {
            broken.kick();
        } else {
            broken.submit(&mut queue);
        }
        broken.wait_needs_reset();

        assert!(is_broken(&mut client), "{what}");
        every_query_answers(&mut client);
        assert!(client.call(&QueryStatus).running, "the machine goes on");
        take_entropy(&healthy, &mut healthy_queue);
    }
}

/// One request, served.
fn take_entropy(driver: &Driver, queue: &mut DriverQueue) {
    let head = queue.chain(&[Buffer::writable(BUFFER, 64)]);
    driver.submit(queue);
    assert_eq!(driver.wait_used(queue, 1), [(head, 64)]);
}

/// What the status says: either both that the device is broken and that it needs a reset, or neither.
fn is_broken(client: &mut QmpClient) -> bool {
    let status = client.call(&XQueryVirtioStatus { path: path() });
    let needs_reset = status.status.statuses.iter().any(|text| text.contains("NEEDS_RESET"));
    assert_eq!(status.broken, needs_reset);
    needs_reset
}

fn every_query_answers(client: &mut QmpClient) {
    client.call(&XDebugVirtioStatus { path: path() });
    client.call(&XDebugVirtioQueueStatus { path: path(), queue: 0 });
    let status = client.call(&XQueryVirtioQueueStatus { path: path(), queue: 0 });
    assert_eq!((status.last_avail_idx, status.used_idx), (Some(1), 1), "what was done before is still shown");
    // The broken element itself: an error or a list cut short, but an answer, and bounded.
    let element = client.try_call(&XQueryVirtioQueueElement { path: path(), queue: 0, index: Some(1) });
    if let Ok(element) = element {
        assert!(element.descs.len() <= usize::from(QUEUE_SIZE));
    }
}

fn path() -> String {
    "/machine/peripheral/broken".to_owned()
}
