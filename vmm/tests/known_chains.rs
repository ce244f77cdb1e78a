//! The driver side lays chains that the test knows in guest memory; both generations of `queue-element`, and both
//! screens of the human monitor, show exactly them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::machine::requests::{Cont, Stop};
use qapi_schema::virtio::requests::{XQueryVirtioQueueElement, XQueryVirtioQueueStatus};
use qapi_schema::virtio_debug::requests::XDebugVirtioQueueElement;
use support::{MachineInside, QmpClient};
use virtio_core::driver::Buffer;

const DISK: &str = "/machine/peripheral/disk0";
/// VERSION_1, EVENT_IDX and INDIRECT_DESC.
const FEATURES: u128 = 1 << 32 | 1 << 29 | 1 << 28;
const RING_PACKED: u128 = 1 << 34;
const QUEUE_SIZE: u16 = 8;
const RING: u64 = 0x1_0000;
const TABLE: u64 = 0x2_0000;

/// A descriptor as it should be shown: address, length, flags.
type Shown = (u64, u32, &'static [&'static str]);

/// The element at `index` as both generations show it: the head, and the descriptors in the order of the reply. Both
/// must agree on these, and the second one must not know of more.
fn element(client: &mut QmpClient, index: Option<u16>) -> (u32, Vec<(u64, u32, Vec<String>)>) {
    let path = || DISK.to_owned();
    let first = client.call(&XDebugVirtioQueueElement { path: path(), queue: 0, index });
    let second = client.call(&XQueryVirtioQueueElement { path: path(), queue: 0, index });
    assert_eq!(usize::try_from(first.ndescs).unwrap(), first.descs.len());
    assert_eq!(first.index, second.index);
    assert_eq!(u32::from(second.avail.ring), second.index);
    assert_eq!(second.name, "virtio-blk");
    let first: Vec<_> = first
        .descs
        .iter()
        .map(|each| (each.addr, each.len, each.flags.iter().map(|flag| flag.as_str().to_owned()).collect()))
        .collect();
    let second_descs: Vec<_> =
        second.descs.iter().map(|each| (each.addr, each.len, each.flags.clone())).collect();
    assert_eq!(first, second_descs, "both generations show the same chain");
    (second.index, first)
}

fn expect(client: &mut QmpClient, index: Option<u16>, head: u16, descriptors: &[Shown]) {
    let descriptors = descriptors
        .iter()
        .map(|(address, length, flags)| {
            (*address, *length, flags.iter().map(|&flag| flag.to_owned()).collect())
        })
        .collect();
    assert_eq!(element(client, index), (head.into(), descriptors), "element {index:?}");
}

fn screen(client: &mut QmpClient, line: &str) -> String {
    client.call(&HumanMonitorCommand { command_line: line.to_owned(), cpu_index: None }).replace("\r\n", "\n")
}

/// The header of a block request (virtio 1.3, 5.2.6): type, reserved, sector.
fn header(kind: u32, sector: u64) -> Vec<u8> {
    [kind.to_le_bytes().as_slice(), &[0; 4], &sector.to_le_bytes()].concat()
}

/// A write of 1024 bytes in two pieces: four descriptors, the head last in a reply.
const DIRECT: [Shown; 4] = [
    (0x3_3000, 1, &["write"]),
    (0x3_2000, 512, &["next"]),
    (0x3_1000, 512, &["next"]),
    (0x3_0000, 16, &["next"]),
];
/// A read of 512 bytes through an indirect table: the table's entries, not the descriptor that points to it.
const INDIRECT: [Shown; 3] =
    [(0x4_2000, 1, &["write"]), (0x4_1000, 512, &["write", "next"]), (0x4_0000, 16, &["next"])];
/// A flush: two descriptors.
const FLUSH: [Shown; 2] = [(0x5_1000, 1, &["write"]), (0x5_0000, 16, &["next"])];

#[test]
fn chains_are_shown_as_they_were_laid_before_and_after_the_device_took_them() {
    let machine = MachineInside::new(&["--accel", "none", "--device", "blk,id=disk0,size=1M"]);
    let mut client = machine.qmp();
    let driver = machine.driver(0);
    let mut queue = driver.start(FEATURES, QUEUE_SIZE, RING);
    client.call(&Stop);

    machine.store(0x3_0000, &header(1, 0));
    machine.store(0x3_1000, &[0xa5; 512]);
    machine.store(0x3_2000, &[0x5a; 512]);
    machine.store(0x4_0000, &header(0, 1));
    machine.store(0x5_0000, &header(4, 0));
    let direct = queue.chain(&[
        Buffer::readable(0x3_0000, 16),
        Buffer::readable(0x3_1000, 512),
        Buffer::readable(0x3_2000, 512),
        Buffer::writable(0x3_3000, 1),
    ]);
    let indirect = queue.indirect(
        TABLE,
        &[Buffer::readable(0x4_0000, 16), Buffer::writable(0x4_1000, 512), Buffer::writable(0x4_2000, 1)],
    );
    let flush = queue.chain(&[Buffer::readable(0x5_0000, 16), Buffer::writable(0x5_1000, 1)]);
    driver.submit(&mut queue);

    // The stopped device has taken nothing: without an index, the next element is the first.
    expect(&mut client, None, direct, &DIRECT);
    expect(&mut client, Some(0), direct, &DIRECT);
    expect(&mut client, Some(1), indirect, &INDIRECT);
    expect(&mut client, Some(2), flush, &FLUSH);
    // An index is a free-running position: it is taken modulo the queue's size.
    expect(&mut client, Some(QUEUE_SIZE * 3 + 1), indirect, &INDIRECT);
    insta::assert_snapshot!(screen(&mut client, &format!("virtio queue-element {DISK} 0 1")), @r###"
    index:  4
    ndescs: 3
    descs:  addr 0x42000 len 1 (write), addr 0x41000 len 512 (write, next), addr 0x40000 len 16 (next)
    "###);
    insta::assert_snapshot!(screen(&mut client, &format!("info virtio-queue-element {DISK} 0 1")), @r###"
    /machine/peripheral/disk0:
      device_name: virtio-blk
      index:   4
      desc:
        descs:
            addr 0x42000 len 1 (write),
            addr 0x41000 len 512 (write, next),
            addr 0x40000 len 16 (next)
      avail:
        flags: 0
        idx:   3
        ring:  4
      used:
        flags: 0
        idx:   0
    "###);

    client.call(&Cont);
    assert_eq!(driver.wait_used(&mut queue, 3), [(direct, 1), (indirect, 513), (flush, 1)]);
    let status = client.call(&XQueryVirtioQueueStatus { path: DISK.to_owned(), queue: 0 });
    assert_eq!((status.last_avail_idx, status.used_idx, status.inuse), (Some(3), 3, 0));
    let mut read_back = [0; 512];
    assert!(machine.machine.read_memory(0x4_1000, &mut read_back));
    assert_eq!(read_back, [0x5a; 512], "the second sector is what was written to it");

    // What was done is stale, and still shown.
    expect(&mut client, Some(0), direct, &DIRECT);
    expect(&mut client, Some(1), indirect, &INDIRECT);
    // A slot that was never used holds the head that memory held: 0.
    assert_eq!(element(&mut client, None).0, 0);
    // A stale slot whose indirect table was used again for something else shows what is there now.
    machine.store(TABLE, &[0; 16]);
    expect(&mut client, Some(1), indirect, &[(0, 0, &[])]);
}

/// As above on a packed ring: 7.2 and later answer `Packed ring not supported` here.
#[test]
fn packed_chains_are_shown_as_they_were_laid_and_as_they_came_back() {
    let machine = MachineInside::new(&["--accel", "none", "--device", "blk,id=disk0,size=1M,packed=on"]);
    let mut client = machine.qmp();
    let driver = machine.driver(0);
    let mut queue = driver.start(FEATURES | RING_PACKED, QUEUE_SIZE, RING);
    client.call(&Stop);

    machine.store(0x3_0000, &header(1, 0));
    machine.store(0x4_0000, &header(0, 1));
    let direct = queue.chain(&[
        Buffer::readable(0x3_0000, 16),
        Buffer::readable(0x3_1000, 512),
        Buffer::readable(0x3_2000, 512),
        Buffer::writable(0x3_3000, 1),
    ]);
    let indirect = queue.indirect(
        TABLE,
        &[Buffer::readable(0x4_0000, 16), Buffer::writable(0x4_1000, 512), Buffer::writable(0x4_2000, 1)],
    );
    driver.submit(&mut queue);
    let shown_direct: [Shown; 4] = [
        (0x3_3000, 1, &["avail", "write"]),
        (0x3_2000, 512, &["avail", "next"]),
        (0x3_1000, 512, &["avail", "next"]),
        (0x3_0000, 16, &["avail", "next"]),
    ];
    // In the table of an indirect chain there is no flag but WRITE.
    let shown_indirect: [Shown; 3] =
        [(0x4_2000, 1, &["write"]), (0x4_1000, 512, &["write"]), (0x4_0000, 16, &[])];
    expect(&mut client, None, direct, &shown_direct);
    expect(&mut client, Some(4), indirect, &shown_indirect);
    insta::assert_snapshot!(screen(&mut client, &format!("virtio queue-element {DISK} 0")), @r###"
    index:  107
    ndescs: 4
    descs:  addr 0x33000 len 1 (avail, write), addr 0x32000 len 512 (avail, next), addr 0x31000 len 512 (avail, next), addr 0x30000 len 16 (avail, next)
    "###);
    insta::assert_snapshot!(screen(&mut client, &format!("info virtio-queue-element {DISK} 0 4")), @r###"
    /machine/peripheral/disk0:
      device_name: virtio-blk
      index:   106
      desc:
        descs:
            addr 0x42000 len 1 (write),
            addr 0x41000 len 512 (write),
            addr 0x40000 len 16
      avail:
        flags: 0
        idx:   0
        ring:  106
      used:
        flags: 2
        idx:   32768
    "###);

    client.call(&Cont);
    assert_eq!(driver.wait_used(&mut queue, 2), [(direct, 1), (indirect, 513)]);
    client.call(&Stop);
    // The device has written the first slot of each chain when it gave it back.
    expect(&mut client, Some(0), direct, &[(0x3_0000, 1, &["used", "avail", "write"])]);
    expect(&mut client, Some(1), direct, &shown_direct[..3]);
    insta::assert_snapshot!(screen(&mut client, &format!("info virtio-queue-status {DISK} 0")), @r###"
    /machine/peripheral/disk0:
      device_name:          virtio-blk
      queue_index:          0
      inuse:                0
      used_idx:             5
      signalled_used:       5
      signalled_used_valid: true
      last_avail_idx:       5
      shadow_avail_idx:     5
      VRing:
        num:          8
        num_default:  256
        align:        4096
        desc:         0x0000000000010000
        avail:        0x0000000000010080
        used:         0x0000000000010084
    "###);
    insta::assert_snapshot!(screen(&mut client, &format!("virtio queue-status {DISK} 0")), @r###"
    /machine/peripheral/disk0:
      device_type:          virtio-blk
      index:                0
      inuse:                0
      last_avail_idx:       5 (5 % 8)
      shadow_avail_idx:     5 (5 % 8)
      used_idx:             5 (5 % 8)
      signalled_used:       5 (5 % 8)
      signalled_used_valid: 1
      VRing:
        num:         8
        num_default: 256
        align:       4096
        desc:        0x0000000000010000
        avail:       0x0000000000010080
        used:        0x0000000000010084
    "###);
}
