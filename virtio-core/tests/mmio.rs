//! The whole handshake of virtio-mmio, register by register, and what a hostile driver can do to it.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use common::{Echo, wait_until};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use virtio_core::driver::{Buffer, MmioDriver, guest_memory, offset};
use virtio_core::mmio::{MmioTransport, QUEUE_NOTIFY_OFFSET};
use virtio_core::transport::{MAXIMUM_QUEUE_SIZE, TransportError, status};
use virtio_core::{GuestMemory, RingForm};
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

const VERSION_1: u128 = 1 << 32;
const INDIRECT_DESC: u128 = 1 << 28;
const EVENT_IDX: u128 = 1 << 29;
const RING_RESET: u128 = 1 << 40;
const RINGS: u64 = 0x1000;
const DATA: u64 = 0x8000;

fn driver_of(echo: Echo) -> (GuestMemory, MmioDriver) {
    let memory = guest_memory(0x1_0000);
    let driver = MmioDriver::new(echo.boxed(), &memory);
    (memory, driver)
}

fn echo_driver() -> (GuestMemory, MmioDriver) {
    driver_of(Echo::with_queues(&[8, 4]))
}

#[test]
fn identity() {
    let (_, mut driver) = echo_driver();
    assert_eq!(driver.read(offset::MAGIC_VALUE).to_le_bytes(), *b"virt");
    assert_eq!(driver.read(offset::VERSION), 2);
    assert_eq!(driver.read(offset::DEVICE_ID), 3);
    assert_eq!(driver.offered_features(), 0b101 | VERSION_1 | INDIRECT_DESC | EVENT_IDX | RING_RESET);
    driver.write(offset::DEVICE_FEATURES_SELECT, 2);
    assert_eq!(driver.read(offset::DEVICE_FEATURES), 0);
    assert_eq!(QUEUE_NOTIFY_OFFSET, offset::QUEUE_NOTIFY);
}

#[test]
fn shared_memory_regions_do_not_exist() {
    let (_, mut driver) = echo_driver();
    for select in [0, 1, u32::MAX] {
        driver.write(0x0ac, select);
        for register in [0x0b0, 0x0b4, 0x0b8, 0x0bc] {
            assert_eq!(driver.read(register), u32::MAX);
        }
    }
}

#[test]
fn features_are_agreed_only_if_offered_and_with_version_1() {
    let (_, mut driver) = echo_driver();
    assert!(driver.negotiate(VERSION_1));
    assert!(driver.negotiate(VERSION_1 | 0b101 | EVENT_IDX | INDIRECT_DESC));
    assert!(!driver.negotiate(0b101), "without VERSION_1");
    assert!(!driver.negotiate(VERSION_1 | 0b10), "a device bit that is not offered");
    assert!(!driver.negotiate(VERSION_1 | 1 << 34), "packed rings are not offered");
}

/// The selectors reach all 128 bits; a driver that writes in words does not hide one by another.
#[test]
fn features_from_bit_64_on_are_negotiated_like_the_others() {
    let features = 1 << 50 | 1 << 64 | 1 << 95 | 1 << 96 | 1 << 127;
    let (_, mut driver) = driver_of(Echo { features, ..Echo::with_queues(&[8]) });
    assert_eq!(driver.offered_features() & !(VERSION_1 | INDIRECT_DESC | EVENT_IDX | RING_RESET), features);
    for select in [4, 5, 1 << 27, u32::MAX] {
        driver.write(offset::DEVICE_FEATURES_SELECT, select);
        assert_eq!(driver.read(offset::DEVICE_FEATURES), 0, "there is no word {select}");
    }
    let acknowledged = |driver: &mut MmioDriver| driver.transport().view().status().acknowledged_features;
    assert!(driver.negotiate(VERSION_1 | 1 << 64 | 1 << 127));
    assert_eq!(acknowledged(&mut driver), VERSION_1 | 1 << 64 | 1 << 127);
    assert!(!driver.negotiate(VERSION_1 | 1 << 65), "a bit that is not offered");
    driver.write(offset::DRIVER_FEATURES_SELECT, 4);
    driver.write(offset::DRIVER_FEATURES, 1);
    assert_eq!(acknowledged(&mut driver), VERSION_1 | 1 << 65, "a word that does not exist is ignored");
}

#[test]
fn a_driver_can_try_again_after_a_refusal() {
    let (_, mut driver) = echo_driver();
    assert!(!driver.negotiate(VERSION_1 | 0b10));
    driver.write(offset::DRIVER_FEATURES_SELECT, 0);
    driver.write(offset::DRIVER_FEATURES, 0b100);
    driver.add_status(status::FEATURES_OK);
    assert_eq!(driver.read(offset::STATUS), 0b1011);
    let acknowledged = driver.transport().view().status().acknowledged_features;
    assert_eq!(acknowledged, VERSION_1 | 0b100);
}

#[test]
fn features_are_fixed_after_features_ok() {
    let (_, mut driver) = echo_driver();
    assert!(driver.negotiate(VERSION_1));
    driver.write(offset::DRIVER_FEATURES_SELECT, 0);
    driver.write(offset::DRIVER_FEATURES, 0xffff_ffff);
    assert_eq!(driver.transport().view().status().acknowledged_features, VERSION_1);
}

#[test]
fn the_device_echoes() {
    for features in [0, EVENT_IDX, INDIRECT_DESC, EVENT_IDX | INDIRECT_DESC] {
        let (memory, mut driver) = echo_driver();
        let mut queues = driver.start(VERSION_1 | features, RINGS);
        for round in 0..50_u8 {
            for (index, queue) in (0..).zip(&mut queues) {
                memory.write_slice(&[round; 16], GuestAddress(DATA)).unwrap();
                let buffers = [Buffer::readable(DATA, 16), Buffer::writable(DATA + 0x100, 32)];
                let indirect = features & INDIRECT_DESC != 0 && round % 2 == 0;
                let head = if indirect { queue.indirect(0x7000, &buffers) } else { queue.chain(&buffers) };
                queue.publish();
                driver.kick(index);
                assert_eq!(driver.wait_used(queue), [(head, 16)]);
                let mut echoed = [0; 17];
                memory.read_slice(&mut echoed, GuestAddress(DATA + 0x100)).unwrap();
                assert_eq!(echoed[..16], [round; 16]);
                assert_eq!(echoed[16], 0);
            }
        }
    }
}

/// More requests than one turn of the device's thread, all there before the device starts.
#[test]
fn buffers_from_before_driver_ok_are_served_without_a_kick() {
    let (_, mut driver) = echo_driver();
    assert!(driver.negotiate(VERSION_1));
    let mut queue = driver.set_up_queue(0, 8, RINGS);
    let heads: Vec<u16> = (0..8).map(|_| queue.chain(&[Buffer::writable(DATA, 8)])).collect();
    queue.publish();
    driver.add_status(status::DRIVER_OK);
    let mut used = Vec::new();
    while used.len() < heads.len() {
        used.extend(driver.wait_used(&mut queue).into_iter().map(|(head, _)| head));
    }
    assert_eq!(used, heads);
}

#[test]
fn the_configuration_space_and_its_generation() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1, RINGS);
    let before = driver.read(offset::CONFIGURATION_GENERATION);
    assert_eq!(driver.read(offset::CONFIGURATION_SPACE), 0);
    queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    let mut seen = 0;
    while seen & 2 == 0 {
        seen |= driver.wait_interrupt();
    }
    assert_eq!(driver.read(offset::CONFIGURATION_GENERATION), before + 1);
    assert_eq!(driver.read(offset::CONFIGURATION_SPACE), 1);

    driver.write(offset::CONFIGURATION_SPACE, 77);
    let mut byte = [0xff];
    driver.transport().read(offset::CONFIGURATION_SPACE, &mut byte);
    assert_eq!(byte, [77]);
    let mut beyond = [0xff; 8];
    driver.transport().read(offset::CONFIGURATION_SPACE + 2, &mut beyond);
    assert_eq!(beyond, [0; 8]);
}

#[test]
fn reset_forgets_everything() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1 | EVENT_IDX, RINGS);
    queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    driver.wait_used(&mut queues[0]);
    driver.write(offset::STATUS, 0);
    assert_eq!(driver.read(offset::STATUS), 0);
    assert_eq!(driver.read(offset::INTERRUPT_STATUS), 0);
    assert_eq!(driver.read(offset::CONFIGURATION_SPACE), 0);
    let view = driver.transport().view();
    assert_eq!((view.status().acknowledged_features, view.status().queue_select), (0, 0));
    let queue = view.queue(0).unwrap();
    assert!(!queue.ready);
    assert_eq!((queue.layout.size, queue.layout.descriptor_area, queue.indices), (8, 0, Default::default()));

    let mut queues = driver.start(VERSION_1, RINGS);
    let head = queues[1].chain(&[Buffer::writable(DATA, 8)]);
    queues[1].publish();
    driver.kick(1);
    assert_eq!(driver.wait_used(&mut queues[1]), [(head, 0)]);
}

#[test]
fn a_paused_device_does_nothing_until_it_is_resumed() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1, RINGS);
    driver.transport().pause();
    assert!(!driver.transport().view().status().running);
    let head = queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    // Another pause returns only after the thread has answered: a round trip in which it could have worked.
    driver.transport().pause();
    assert_eq!(queues[0].used(), []);
    driver.transport().resume();
    assert_eq!(driver.wait_used(&mut queues[0]), [(head, 0)]);
    assert!(driver.transport().view().status().running);
}

#[test]
fn a_device_that_starts_while_paused_waits() {
    let (_, mut driver) = echo_driver();
    driver.transport().pause();
    let mut queues = driver.start(VERSION_1, RINGS);
    let head = queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    driver.transport().pause();
    assert_eq!(queues[0].used(), []);
    driver.transport().resume();
    assert_eq!(driver.wait_used(&mut queues[0]), [(head, 0)]);
}

#[test]
fn a_stopped_queue_is_left_alone_and_the_others_go_on() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1, RINGS);
    driver.write(offset::QUEUE_SELECT, 0);
    driver.write(offset::QUEUE_READY, 0);
    assert_eq!(driver.read(offset::QUEUE_READY), 0);
    driver.write(offset::QUEUE_READY, 1);
    assert_eq!(driver.read(offset::QUEUE_READY), 0, "not before the next reset");
    queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    let head = queues[1].chain(&[Buffer::writable(DATA, 8)]);
    queues[1].publish();
    driver.kick(1);
    assert_eq!(driver.wait_used(&mut queues[1]), [(head, 0)]);
    assert_eq!(queues[0].used(), []);
}

#[test]
fn a_queue_is_reset_and_put_to_use_again_while_the_others_go_on() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1 | EVENT_IDX | RING_RESET, RINGS);
    for round in 0..10_u16 {
        assert_eq!(driver.submit(0, &mut queues[0], &[Buffer::writable(DATA, 8)]), 0);
        driver.write(offset::QUEUE_SELECT, 0);
        driver.write(offset::QUEUE_RESET, 1);
        assert_eq!([driver.read(offset::QUEUE_RESET), driver.read(offset::QUEUE_READY)], [0, 0]);
        let reset = driver.view().queue(0).unwrap();
        assert_eq!(
            (reset.ready, reset.layout.descriptor_area, reset.indices),
            (false, 0, Default::default())
        );
        driver.kick(0);
        assert_eq!(driver.submit(1, &mut queues[1], &[Buffer::writable(DATA, 8)]), 0);
        if round % 2 == 0 {
            driver.transport().pause();
        }
        queues[0] = driver.set_up_queue(0, 4, RINGS + 0x1000);
        assert_eq!(driver.read(offset::QUEUE_READY), 1);
        driver.transport().resume();
    }
    assert_eq!(driver.view().queue(0).unwrap().layout, queues[0].layout());
}

#[test]
fn a_queue_is_reset_only_if_that_was_negotiated() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1, RINGS);
    driver.write(offset::QUEUE_SELECT, 0);
    driver.write(offset::QUEUE_RESET, 1);
    assert_eq!(driver.read(offset::QUEUE_READY), 1);
    assert_eq!(driver.submit(0, &mut queues[0], &[Buffer::writable(DATA, 8)]), 0);
}

#[test]
fn a_queue_that_was_reset_and_lies_nowhere_breaks_the_device() {
    let (_, mut driver) = echo_driver();
    driver.start(VERSION_1 | RING_RESET, RINGS);
    for select in [2, u32::MAX] {
        driver.write(offset::QUEUE_SELECT, select);
        driver.write(offset::QUEUE_RESET, 1);
        driver.write(offset::QUEUE_READY, 1);
    }
    driver.write(offset::QUEUE_SELECT, 1);
    driver.write(offset::QUEUE_RESET, 1);
    driver.write(offset::QUEUE_DESCRIPTOR + 4, 1);
    driver.write(offset::QUEUE_READY, 1);
    insta::assert_snapshot!(failure_of(&mut driver), @"queue 1: 64 bytes at 0x100000000 are not all in guest memory");
}

#[test]
fn queue_registers_are_closed_while_the_queue_is_ready() {
    let (_, mut driver) = echo_driver();
    assert!(driver.negotiate(VERSION_1));
    let layout = driver.set_up_queue(0, 4, RINGS).layout();
    driver.write(offset::QUEUE_SIZE, 8);
    driver.write(offset::QUEUE_DESCRIPTOR, 0xdead_0000);
    assert_eq!(driver.transport().view().queue(0).unwrap().layout, layout);
    driver.write(offset::QUEUE_READY, 0);
    driver.write(offset::QUEUE_SIZE, 8);
    assert_eq!(driver.transport().view().queue(0).unwrap().layout.size, 8);
}

#[test]
fn a_queue_that_does_not_exist_reads_as_zero() {
    let (_, mut driver) = echo_driver();
    for select in [2, 1023, 65_536, u32::MAX] {
        driver.write(offset::QUEUE_SELECT, select);
        assert_eq!(driver.read(offset::QUEUE_SIZE_MAXIMUM), 0);
        driver.write(offset::QUEUE_SIZE, 4);
        driver.write(offset::QUEUE_READY, 1);
        assert_eq!(driver.read(offset::QUEUE_READY), 0);
        driver.kick(u16::MAX);
        driver.write(offset::QUEUE_NOTIFY, select);
    }
    assert!(driver.transport().view().status().failure.is_none());
}

/// The text that monitors show for a device that needs a reset, after checking that it says so everywhere.
fn failure_of(driver: &mut MmioDriver) -> String {
    assert_ne!(driver.read(offset::STATUS) & u32::from(status::DEVICE_NEEDS_RESET), 0);
    driver.transport().view().status().failure.unwrap().to_string()
}

#[test]
fn a_broken_ring_makes_that_device_need_a_reset_and_says_why() {
    let (_, mut driver) = echo_driver();
    let mut queues = driver.start(VERSION_1, RINGS);
    queues[1].chain(&[Buffer::writable(0x1_0000, 8)]);
    queues[1].publish();
    driver.kick(1);
    assert_eq!(driver.wait_interrupt(), 2, "a change of the configuration, or of the status");
    insta::assert_snapshot!(failure_of(&mut driver), @"queue 1: 8 bytes at 0x10000 are not all in guest memory");

    // Nothing is processed any more, and everything still answers.
    queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    driver.transport().pause();
    driver.transport().resume();
    assert_eq!(queues[0].used(), []);
    assert!(driver.transport().view().queue(1).unwrap().ready);

    let mut queues = driver.start(VERSION_1, RINGS);
    let head = queues[0].chain(&[Buffer::writable(DATA, 8)]);
    queues[0].publish();
    driver.kick(0);
    assert_eq!(driver.wait_used(&mut queues[0]), [(head, 0)]);
}

#[test]
fn bad_queue_layouts_are_refused() {
    let size = |size| {
        let (_, mut driver) = echo_driver();
        assert!(driver.negotiate(VERSION_1));
        driver.write(offset::QUEUE_SIZE, size);
        failure_of(&mut driver)
    };
    insta::assert_snapshot!(size(0), @"queue 0: queue size 0 is not a power of two up to 8");
    insta::assert_snapshot!(size(6), @"queue 0: queue size 6 is not a power of two up to 8");
    insta::assert_snapshot!(size(0x10004), @"queue 0: queue size 65540 is not a power of two up to 8");

    let address = |register, address| {
        let (_, mut driver) = echo_driver();
        assert!(driver.negotiate(VERSION_1));
        driver.set_up_queue(0, 8, RINGS);
        driver.write(offset::QUEUE_READY, 0);
        driver.write(register, address);
        driver.write(offset::QUEUE_READY, 1);
        driver.add_status(status::DRIVER_OK);
        failure_of(&mut driver)
    };
    insta::assert_snapshot!(address(offset::QUEUE_DESCRIPTOR, 0x1008), @"queue 0: descriptor table at 0x1008 is not aligned to 16 bytes");
    insta::assert_snapshot!(address(offset::QUEUE_DRIVER, 0x1001), @"queue 0: available ring at 0x1001 is not aligned to 2 bytes");
    insta::assert_snapshot!(address(offset::QUEUE_DEVICE, 0x1002), @"queue 0: used ring at 0x1002 is not aligned to 4 bytes");
    insta::assert_snapshot!(address(offset::QUEUE_DESCRIPTOR + 4, 1), @"queue 0: 128 bytes at 0x100001000 are not all in guest memory");
    insta::assert_snapshot!(address(offset::QUEUE_DEVICE, 0xffc0), @"queue 0: 70 bytes at 0xffc0 are not all in guest memory");
}

#[test]
fn a_device_that_cannot_start_says_why() {
    let echo = Echo { refuses_to_start: true, ..Echo::with_queues(&[8]) };
    let (_, mut driver) = driver_of(echo);
    assert!(driver.negotiate(VERSION_1));
    driver.add_status(status::DRIVER_OK);
    insta::assert_snapshot!(failure_of(&mut driver), @"the device cannot start: cannot open 'echo': No such file or directory (os error 2)");
    assert_eq!(driver.take_interrupt(), 2);
}

#[test]
fn devices_that_declare_what_cannot_be_are_refused() {
    let refusal = |sizes: &[u16]| {
        let line = EventFd::new(EFD_NONBLOCK).unwrap();
        let refused =
            MmioTransport::new(Echo::with_queues(sizes).boxed(), guest_memory(0x1000), line, RingForm::Split);
        refused.err().map(|error: TransportError| error.to_string())
    };
    assert_eq!(refusal(&[MAXIMUM_QUEUE_SIZE]), None);
    insta::assert_snapshot!(refusal(&[8, 0]).unwrap(), @"queue 1 of virtio-serial has size 0; a power of two up to 1024 is supported");
    insta::assert_snapshot!(refusal(&[2048]).unwrap(), @"queue 0 of virtio-serial has size 2048; a power of two up to 1024 is supported");
    insta::assert_snapshot!(refusal(&[8; 1025]).unwrap(), @"virtio-serial has 1025 queues; up to 1024 are supported");
}

/// A driver that never stops refilling the ring must not keep the device's thread from obeying.
#[test]
fn a_busy_queue_cannot_keep_the_device_from_being_reset() {
    let echo = Echo::with_queues(&[2]);
    let counts = Arc::clone(&echo.counts);
    let (_, mut driver) = driver_of(echo);
    let mut queue = driver.start(VERSION_1, RINGS).remove(0);
    queue.chain(&[Buffer::writable(DATA, 8)]);
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let refill = std::thread::spawn({
        let stop = Arc::clone(&stop);
        move || {
            while !stop.load(Ordering::Relaxed) {
                // The one chain, again and again, as soon as it has come back.
                let used = queue.used_index();
                queue.set_available_entry(used, 0);
                queue.set_available_index(used.wrapping_add(1));
            }
        }
    });
    wait_until(|| {
        driver.kick(0);
        counts.load(Ordering::SeqCst) >= 100
    });
    driver.transport().pause();
    driver.transport().resume();
    driver.write(offset::STATUS, 0);
    assert_eq!(driver.read(offset::STATUS), 0);
    stop.store(true, Ordering::Relaxed);
    refill.join().unwrap();
}

/// One access to the window.
#[derive(Clone, Debug)]
enum Access {
    Write { offset: u64, value: u32 },
    WriteBytes { offset: u64, bytes: Vec<u8> },
    Read { offset: u64, length: usize },
    Status(u8),
    Pause,
    Resume,
}

fn access() -> impl Strategy<Value = Access> {
    let register = || prop_oneof![8 => (0_u64..0x42).prop_map(|word| word * 4), 1 => any::<u64>()];
    let value = prop_oneof![
        Just(0_u32),
        Just(1),
        Just(8),
        Just(0x1000),
        Just(0x1100),
        Just(0x1200),
        Just(u32::MAX),
        any::<u32>()
    ];
    prop_oneof![
        10 => (register(), value).prop_map(|(offset, value)| Access::Write { offset, value }),
        2 => (register(), prop::collection::vec(any::<u8>(), 0..9))
            .prop_map(|(offset, bytes)| Access::WriteBytes { offset, bytes }),
        3 => (register(), 0_usize..9).prop_map(|(offset, length)| Access::Read { offset, length }),
        3 => prop_oneof![Just(3_u8), Just(11), Just(15), any::<u8>()].prop_map(Access::Status),
        1 => Just(Access::Pause),
        1 => Just(Access::Resume),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any sequence of accesses: no panic, no hang, the view answers at every step, and a reset always helps.
    #[test]
    fn any_register_writes(accesses in prop::collection::vec(access(), 0..60), started: bool) {
        let (_, mut driver) = echo_driver();
        if started {
            driver.start(VERSION_1 | EVENT_IDX, RINGS);
        }
        let view = driver.transport().view();
        for access in accesses {
            match access {
                Access::Write { offset, value } => driver.write(offset, value),
                Access::WriteBytes { offset, bytes } => driver.transport().write(offset, &bytes),
                Access::Read { offset, length } => driver.transport().read(offset, &mut vec![0; length]),
                Access::Status(value) => driver.write(offset::STATUS, u32::from(value)),
                Access::Pause => driver.transport().pause(),
                Access::Resume => driver.transport().resume(),
            }
            let snapshot = view.status();
            let features_ok = snapshot.status & status::FEATURES_OK != 0;
            prop_assert!(!features_ok || snapshot.acknowledged_features & !snapshot.offered_features == 0);
            let _ = (view.queue(0), view.element(0, None), view.element(1, Some(7)));
        }
        driver.transport().resume();
        let mut queues = driver.start(VERSION_1, RINGS);
        let head = queues[0].chain(&[Buffer::writable(DATA, 8)]);
        queues[0].publish();
        driver.kick(0);
        prop_assert_eq!(driver.wait_used(&mut queues[0]), [(head, 0)]);
    }
}
