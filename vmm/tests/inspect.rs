//! `query-virtio` and `query-virtio-chains` on a whole machine: a driver lays chains that the test knows, on split and on
//! packed rings, and both sides of the queue, the checks and the decoded requests are what they should be.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::inspect::requests::{QueryVirtio, QueryVirtioChains};
use qapi_schema::inspect::{
    VirtioChains, VirtioDescriptorProblem as Problem, VirtioQueueNext, VirtioRingBranch,
};
use qapi_schema::machine::requests::{Cont, Stop};
use support::{MachineInside, Program, QmpClient, accelerators};
use virtio_core::driver::{Buffer, RawDescriptor};

const DISK: &str = "/machine/peripheral/disk0";
/// VERSION_1, EVENT_IDX and INDIRECT_DESC.
const FEATURES: u128 = 1 << 32 | 1 << 29 | 1 << 28;
const RING_PACKED: u128 = 1 << 34;
const QUEUE_SIZE: u16 = 8;
const RING: u64 = 0x1_0000;
const TABLE: u64 = 0x2_0000;

/// The arguments of a machine with a disk, and the features of its driver, for either form of ring.
const RINGS: [(&str, u128); 2] =
    [("blk,id=disk0,size=64M", FEATURES), ("blk,id=disk0,size=64M,packed=on", FEATURES | RING_PACKED)];

/// The header of a block request (virtio 1.3, 5.2.6): type, reserved, sector.
fn header(kind: u32, sector: u64) -> Vec<u8> {
    [kind.to_le_bytes().as_slice(), &[0; 4], &sector.to_le_bytes()].concat()
}

fn chains(slot: Option<u16>, count: Option<u16>) -> QueryVirtioChains {
    QueryVirtioChains { path: DISK.to_owned(), queue: 0, slot, count, dump: None }
}

/// The requests as a person reads them: `type=out sector=2 …`.
fn requests(reply: &VirtioChains) -> Vec<String> {
    let field = |field: &serde_json::Value| {
        let value = ["choice", "value", "first"].iter().find_map(|key| field.get(key)).unwrap();
        let count = field.get("count").map(|count| format!("+{count}")).unwrap_or_default();
        format!("{}={value}{count}", field["name"].as_str().unwrap()).replace('"', "")
    };
    let chain = |request: serde_json::Value| -> String {
        request.as_array().unwrap().iter().map(field).collect::<Vec<_>>().join(" ")
    };
    reply.chains.iter().map(|each| chain(serde_json::to_value(&each.request).unwrap())).collect()
}

fn problems(reply: &VirtioChains) -> Vec<Vec<Problem>> {
    let all = |each: &qapi_schema::inspect::VirtioChain| {
        each.descriptors.iter().flat_map(|each| each.problems.clone()).collect()
    };
    reply.chains.iter().map(all).collect()
}

#[test]
fn chains_are_checked_and_their_requests_decoded() {
    for (device, features) in RINGS {
        let machine = MachineInside::new(&["--accel", "none", "--device", device]);
        let mut client = machine.qmp();
        let driver = machine.driver(0);
        let mut queue = driver.start(features, QUEUE_SIZE, RING);
        client.call(&Stop);
        machine.store(0x3_0000, &header(1, 7));
        machine.store(0x4_0000, &header(11, 0));
        machine.store(0x4_0010, &[8, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0]);
        let write =
            [Buffer::readable(0x3_0000, 16), Buffer::readable(0x3_1000, 1024), Buffer::writable(0x3_3000, 1)];
        queue.chain(&write);
        queue.indirect(TABLE, &[Buffer::readable(0x4_0000, 32), Buffer::writable(0x3_4000, 1)]);
        queue.publish();
        driver.kick();
        // On a packed ring a slot is a descriptor, on a split one an entry of the available ring.
        let second = if features & RING_PACKED == 0 { 1 } else { 3 };
        let first_two = [client.call(&chains(Some(0), None)), client.call(&chains(Some(second), None))];
        let decoded: Vec<_> = first_two.iter().flat_map(requests).collect();
        assert_eq!(
            decoded,
            ["type=out sector=7 data=1024", "type=discard sector=0 data=16 sectors=8+16 flags=1"],
            "{device}"
        );
        for reply in &first_two {
            let [chain] = reply.chains.as_slice() else { panic!("one slot has one chain") };
            assert_eq!((chain.state.as_str(), &chain.refusal), ("available", &None), "{device}");
            assert_eq!(problems(reply), [[]], "{device}");
            assert_eq!(reply.queue.next, VirtioQueueNext::MachineResume);
            assert!(reply.queue.kick_pending && reply.queue.consistent && reply.complete);
        }
        assert_eq!(client.call(&chains(None, None)).chains, [], "the stopped device has taken nothing");
        client.call(&Cont);
        driver.wait_used(&mut queue, 2);
        let done = client.call(&chains(Some(0), None));
        assert_eq!(done.chains[0].state.as_str(), "stale", "{device}");
        // On a packed ring the record of the return stands where the chain began.
        if features & RING_PACKED == 0 {
            assert_eq!(requests(&done), ["type=out sector=7 data=1024 status=ok"]);
        }
    }
}

#[test]
fn a_chain_that_the_device_would_refuse_is_shown_with_what_is_wrong() {
    let machine = MachineInside::new(&["--accel", "none", "--device", RINGS[0].0]);
    let mut client = machine.qmp();
    let driver = machine.driver(0);
    let mut queue = driver.start(FEATURES, QUEUE_SIZE, RING);
    client.call(&Stop);
    let descriptor = |address, length, flags, next| RawDescriptor { address, length, flags, next };
    queue.set_descriptor(0, descriptor(0x3_0000, 16, 3, 1));
    queue.set_descriptor(1, descriptor(1 << 40, 16, 1, 2));
    queue.set_descriptor(2, descriptor(0x3_0008, 16, 3, 0));
    queue.set_descriptor(3, descriptor(TABLE, 17, 4, 0));
    queue.set_descriptor(4, descriptor(u64::MAX, 2, 0x11, 8));
    [0, 3, 4].into_iter().for_each(|head| queue.offer(head));
    queue.publish();
    let reply = client.call(&chains(Some(0), Some(3)));
    let causes: Vec<_> =
        reply.chains.iter().map(|each| each.refusal.as_ref().map(|refusal| refusal.cause.as_str())).collect();
    assert_eq!(causes, [Some("readable-after-writable"), Some("indirect-length"), Some("address-overflow")]);
    let expected: [&[Problem]; 3] = [
        &[Problem::ReadableAfterWritable, Problem::NotInMemory, Problem::Overlaps, Problem::Loops],
        &[Problem::IndirectLength],
        &[Problem::AddressOverflow, Problem::UnknownFlags, Problem::NextOutsideTable],
    ];
    assert_eq!(problems(&reply), expected);
    assert!(reply.queue.ring_failure.is_none(), "looking breaks nothing");
}

/// A disk that makes every write stable takes its time: the test sees the write in the device's hands.
#[test]
fn a_write_in_flight_is_shown_with_its_header() {
    for (device, features) in RINGS {
        let directory = tempfile::tempdir().unwrap();
        let image = directory.path().join("disk");
        std::fs::File::create(&image).unwrap().set_len(64 << 20).unwrap();
        let device = device.replace("size=64M", &format!("path={}", image.display()));
        let machine = MachineInside::new(&["--accel", "none", "--device", &device]);
        let mut client = machine.qmp();
        let driver = machine.driver(0);
        let mut queue = driver.start(features, QUEUE_SIZE, RING);
        machine.store(0x3_0000, &header(1, 2048));
        let write = [
            Buffer::readable(0x3_0000, 16),
            Buffer::readable(0x10_0000, 16 << 20),
            Buffer::writable(0x3_3000, 1),
        ];
        let reply = loop {
            let head = queue.chain(&write);
            driver.submit(&mut queue);
            let reply = client.call(&chains(None, None));
            driver.wait_used(&mut queue, 1);
            if let [chain] = reply.chains.as_slice() {
                assert_eq!((chain.head, chain.state.as_str()), (head, "in-flight"));
                break reply;
            }
        };
        assert_eq!(requests(&reply), [format!("type=out sector=2048 data={}", 16 << 20)], "{device}");
    }
}

#[test]
fn what_cannot_be_asked_for_is_refused_with_what_can() {
    let machine = MachineInside::new(&["--accel", "none", "--device", RINGS[0].0]);
    let mut client = machine.qmp();
    let mut refused = |request: QueryVirtioChains| client.refused(&request).1;
    let wanted = |queue, slot, count, dump| {
        let path = DISK.to_owned();
        QueryVirtioChains { path, queue, slot, count, dump }
    };
    insta::assert_snapshot!(refused(wanted(1, None, None, None)), @"/machine/peripheral/disk0 has no queue 1; its queues are the 1 from 0 on");
    insta::assert_snapshot!(refused(wanted(0, None, None, None)), @"the driver has not set up queue 0 of /machine/peripheral/disk0");
    let _queue = machine.driver(0).start(FEATURES, QUEUE_SIZE, RING);
    insta::assert_snapshot!(refused(wanted(0, None, Some(1), None)), @"'count' is given without 'slot'");
    insta::assert_snapshot!(refused(wanted(0, Some(0), Some(9), None)), @"'count' is 9; accepted is 1 to 8, the queue's size");
    insta::assert_snapshot!(refused(wanted(0, Some(0), None, Some(4097))), @"'dump' is 4097; accepted is 0 to 4096");
    let path = Some("/machine/peripheral/other".to_owned());
    insta::assert_snapshot!(machine.qmp().refused(&QueryVirtio { path }).1, @"Path /machine/peripheral/other is not a virtio device");
}

/// Guest and device agree while nothing moves, under every accelerator and on both forms of rings.
#[test]
fn both_sides_of_a_stopped_guests_rings_fit_together() {
    for accelerator in accelerators() {
        for packed in ["off", "on"] {
            let disk = format!("blk,id=disk0,packed={packed}");
            let program = Program::start(&["--accel", accelerator, "--device", &disk]);
            let mut client = program.qmp();
            let mut disk = || client_device(&mut client);
            let first = disk().queues[0].generation;
            while disk().queues[0].generation < first + 50 {}
            client.call(&Stop);
            let device = client_device(&mut client);
            let queue = &device.queues[0];
            assert_eq!((queue.next, queue.consistent), (VirtioQueueNext::MachineResume, true));
            assert_eq!((device.machine_running, queue.in_flight), (false, 0));
            match &queue.ring.as_ref().unwrap().branch {
                VirtioRingBranch::Split(ring) => {
                    assert_eq!(ring.driver_available.wrapping_sub(ring.device_taken), queue.waiting);
                    assert_eq!((ring.memory_used, ring.device_taken), (ring.device_used, ring.device_used));
                }
                VirtioRingBranch::Packed(ring) => {
                    assert_eq!(ring.available_descriptors, queue.waiting);
                    assert_eq!(
                        (ring.device_position, ring.device_wrap),
                        (ring.used_position, ring.used_wrap)
                    );
                }
            }
            assert_eq!(client_device(&mut client).queues[0], *queue, "nothing moves");
        }
    }
}

fn client_device(client: &mut QmpClient) -> qapi_schema::inspect::VirtioDevice {
    client.call(&QueryVirtio { path: Some(DISK.to_owned()) }).remove(0)
}

/// The first thing that a person sees of the demonstration's devices before any driver came.
#[test]
fn the_devices_of_the_first_run_as_people_see_them() {
    let program = Program::start(&["--accel", "none", "-S"]);
    let mut client = program.qmp();
    let command_line = "info virtio-device".to_owned();
    let screen = client.call(&HumanMonitorCommand { command_line, cpu_index: None });
    let stable: Vec<_> =
        screen.lines().filter(|line| !line.contains("generation:") && !line.contains(" mac ")).collect();
    insta::assert_snapshot!(stable.join("\n"));
}
