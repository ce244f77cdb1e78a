//! The PCI function of a device: its capabilities, registers and interrupts, and what a hostile guest can do to them.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use common::Echo;
use proptest::prelude::*;
use virtio_core::driver::{Buffer, DriverQueue, PciDriver, PciInterrupts, common as register, guest_memory};
use virtio_core::pci::{MEMORY_SIZE, Message, notification_offset};
use virtio_core::transport::status;
use virtio_core::{GuestMemory, RingForm};
use vm_memory::{Bytes, GuestAddress};

const VERSION_1: u128 = 1 << 32;
const EVENT_IDX: u128 = 1 << 29;
const RING_RESET: u128 = 1 << 40;
const NO_VECTOR: u64 = 0xffff;
const RINGS: u64 = 0x1000;
const DATA: u64 = 0x8000;
const COMMAND: u16 = 0x04;
const BAR: u16 = 0x10;
/// Numbers of the structures (virtio 1.3, 4.1.4).
const COMMON: u8 = 1;
const INTERRUPT_STATUS: u8 = 3;

fn driver(interrupts: PciInterrupts) -> (GuestMemory, PciDriver) {
    let memory = guest_memory(0x1_0000);
    let echo = Echo::with_queues(&[8, 4]).boxed();
    let driver = PciDriver::new(echo, &memory, RingForm::Packed, interrupts);
    (memory, driver)
}

/// Reads one byte of the function's memory.
fn read_byte(driver: &mut PciDriver, offset: u64) -> u8 {
    let mut byte = [0];
    driver.transport().read_memory(offset, &mut byte);
    byte[0]
}

#[test]
fn the_function_says_what_it_is() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    assert_eq!(driver.read_configuration_space(0x00), [0xf4, 0x1a, 0x43, 0x10], "virtio, device 3");
    assert_eq!(driver.read_configuration_space(0x08), [1, 0, 0xff, 0], "revision 1, of no class");
    assert_eq!(driver.read_configuration_space(0x2c), [0xf4, 0x1a, 0x43, 0x10]);
    assert_eq!(driver.read_configuration_space(0x3c), [11, 1], "line and pin");
    let bytes = driver.read_configuration_space::<256>(0);
    let mut shown = Vec::new();
    for (id, at) in driver.capabilities() {
        let length = if id == 0x09 { usize::from(bytes[usize::from(at) + 2]) } else { 12 };
        shown.push(format!("{at:#04x}: {:02x?}", &bytes[usize::from(at)..][..length]));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn the_device_echoes_with_either_kind_of_interrupt_and_ring() {
    for interrupts in [PciInterrupts::Line, PciInterrupts::Messages] {
        for features in [VERSION_1, VERSION_1 | EVENT_IDX, u128::MAX] {
            let (memory, mut driver) = driver(interrupts);
            let mut queues = driver.start(features, RINGS);
            for round in 0..20_u8 {
                for (index, queue) in (0..).zip(&mut queues) {
                    memory.write_slice(&[round; 16], GuestAddress(DATA)).unwrap();
                    let buffers = [Buffer::readable(DATA, 16), Buffer::writable(DATA + 0x100, 32)];
                    assert_eq!(driver.submit(index, queue, &buffers), 16);
                    assert_eq!(driver.load(DATA + 0x100, 16), [round; 16]);
                }
            }
        }
    }
}

#[test]
fn each_queue_has_its_own_vector() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    let mut queues = driver.start(VERSION_1, RINGS);
    for (index, queue) in (0..).zip(&mut queues) {
        queue.chain(&[Buffer::writable(DATA, 8)]);
        queue.publish();
        driver.kick(index);
        let mut messages = Vec::new();
        common::wait_until(|| {
            messages.extend(driver.take_messages());
            messages.len() == 2
        });
        messages.sort_unstable();
        assert_eq!(
            messages,
            [0, usize::from(index) + 1],
            "the configuration changes as well, and no other queue"
        );
    }
    assert_eq!(driver.route(2), Some(Message { address: 0xfee0_0000, data: 0x32 }));
    let shown = driver.view().status().messages.unwrap();
    assert!(shown.enabled);
    assert_eq!((shown.configuration, shown.queues), (Some(0), vec![Some(1), Some(2)]));
}

/// Has the device use a buffer of queue 0 and waits until the interrupt status is this.
fn echo_and_wait(driver: &mut PciDriver, queue: &mut DriverQueue, status: u8) {
    queue.chain(&[Buffer::writable(DATA, 8)]);
    queue.publish();
    driver.kick(0);
    let view = driver.view();
    common::wait_until(|| view.status().interrupt_status == status);
}

/// Its bits.
const CHANGED: u8 = 2;
const USED_AND_CHANGED: u8 = 3;

/// The status tells of used buffers only while there are no messages (4.1.4.5.1).
#[test]
fn with_messages_the_status_tells_of_changes_only() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    let mut queues = driver.start(VERSION_1, RINGS);
    echo_and_wait(&mut driver, &mut queues[0], CHANGED);
    let mut messages = Vec::new();
    common::wait_until(|| {
        messages.extend(driver.take_messages());
        messages.contains(&0) && messages.contains(&1)
    });
    let interrupt_status = driver.region(INTERRUPT_STATUS);
    assert_eq!(read_byte(&mut driver, interrupt_status), CHANGED);
    assert_eq!(read_byte(&mut driver, interrupt_status), 0);
}

#[test]
fn a_masked_message_waits_and_comes_when_it_is_unmasked() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    let mut queues = driver.start(VERSION_1, RINGS);
    driver.mask(1, true);
    echo_and_wait(&mut driver, &mut queues[0], CHANGED);
    common::wait_until(|| driver.is_pending(1));
    driver.take_messages();
    driver.mask(1, false);
    assert_eq!(driver.take_messages(), [1]);
    assert!(!driver.is_pending(1));
}

#[test]
fn a_vector_that_does_not_exist_is_none() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    let mut queues = driver.start(VERSION_1, RINGS);
    for vector in [3, 0x7fff, NO_VECTOR] {
        driver.write_common::<2>(register::QUEUE_SELECT, 0);
        driver.write_common::<2>(register::QUEUE_MSIX_VECTOR, 1);
        driver.write_common::<2>(register::QUEUE_MSIX_VECTOR, vector);
        assert_eq!(driver.read_common::<2>(register::QUEUE_MSIX_VECTOR), NO_VECTOR);
        driver.write_common::<2>(register::CONFIG_MSIX_VECTOR, vector);
        assert_eq!(driver.read_common::<2>(register::CONFIG_MSIX_VECTOR), NO_VECTOR);
    }
    echo_and_wait(&mut driver, &mut queues[0], CHANGED);
    assert_eq!(driver.take_messages(), [0; 0]);
}

#[test]
fn the_line_is_high_until_the_status_is_read() {
    let (_, mut driver) = driver(PciInterrupts::Line);
    let mut queues = driver.start(VERSION_1, RINGS);
    assert!(!driver.is_line_high());
    echo_and_wait(&mut driver, &mut queues[0], USED_AND_CHANGED);
    common::wait_until(|| driver.is_line_high());
    assert_eq!(
        driver.read_configuration_space(0x06),
        [0x18, 0],
        "interrupt status, and a list of capabilities"
    );
    let interrupt_status = driver.region(INTERRUPT_STATUS);
    assert_eq!(read_byte(&mut driver, interrupt_status), 3);
    assert!(!driver.is_line_high());
    assert_eq!(driver.read_configuration_space(0x06), [0x10, 0]);
    assert_eq!(read_byte(&mut driver, interrupt_status), 0);
}

#[test]
fn a_line_that_is_disabled_stays_low() {
    let (_, mut driver) = driver(PciInterrupts::Line);
    let mut queues = driver.start(VERSION_1, RINGS);
    driver.transport().write_configuration_space(COMMAND, &[0b110, 0b100]);
    echo_and_wait(&mut driver, &mut queues[0], USED_AND_CHANGED);
    assert!(!driver.is_line_high());
    driver.transport().write_configuration_space(COMMAND, &[0b110, 0]);
    assert!(driver.is_line_high(), "what has not been acknowledged is not lost");
}

#[test]
fn the_memory_can_be_sized_moved_and_switched_off() {
    let (_, mut driver) = driver(PciInterrupts::Line);
    let function = driver.transport();
    function.write_configuration_space(COMMAND, &[0, 0]);
    assert_eq!(function.memory_base(), None);
    function.write_configuration_space(BAR, &[0xff; 4]);
    assert_eq!(driver.read_configuration_space(BAR), (!(MEMORY_SIZE - 1)).to_le_bytes());
    let function = driver.transport();
    function.write_configuration_space(BAR, &0xd123_4567_u32.to_le_bytes());
    function.write_configuration_space(COMMAND, &[0b10, 0]);
    assert_eq!(function.memory_base(), Some(0xd123_0000));
    function.write_configuration_space(BAR + 4, &[0xff; 20]);
    assert_eq!(driver.read_configuration_space(BAR + 4), [0; 20], "there is one region");
}

/// A guest that cannot reach the memory has a window in the configuration space (4.1.4.9).
#[test]
fn registers_can_be_reached_through_the_configuration_space() {
    let (_, mut driver) = driver(PciInterrupts::Line);
    let access = driver.capabilities().into_iter().map(|(_, at)| at);
    let access: Vec<u16> = access.collect();
    let access = access.into_iter().find(|at| driver.read_configuration_space(at + 3) == [5]).unwrap();
    let point = |driver: &mut PciDriver, bar: u8, offset: u64, length: u32| {
        let function = driver.transport();
        function.write_configuration_space(access + 4, &[bar]);
        function.write_configuration_space(access + 8, &u32::try_from(offset).unwrap().to_le_bytes());
        function.write_configuration_space(access + 12, &length.to_le_bytes());
    };
    let common = driver.region(COMMON);
    point(&mut driver, 0, common + register::NUM_QUEUES, 2);
    assert_eq!(driver.read_configuration_space::<2>(access + 16), [2, 0]);
    point(&mut driver, 0, common + register::DEVICE_STATUS, 1);
    driver.transport().write_configuration_space(access + 16, &[status::ACKNOWLEDGE]);
    assert_eq!(driver.view().status().status, status::ACKNOWLEDGE);
    assert_eq!(driver.read_configuration_space(access + 16), [status::ACKNOWLEDGE]);
    for (bar, offset, length) in [
        (1, register::DEVICE_STATUS, 1),
        (0, register::DEVICE_STATUS, 3),
        (0, register::NUM_QUEUES + 1, 2),
        (0, 0, 8),
    ] {
        point(&mut driver, bar, common + offset, length);
        driver.transport().write_configuration_space(access + 16, &[0; 4]);
        assert_eq!(driver.read_configuration_space(access + 16), [0; 4]);
        assert_eq!(driver.view().status().status, status::ACKNOWLEDGE, "that was not a write of the status");
    }
}

#[test]
fn registers_have_one_width_and_long_ones_can_be_reached_in_halves() {
    let (_, mut driver) = driver(PciInterrupts::Line);
    driver.write_common::<8>(register::QUEUE_DESC, 0x1122_3344_5566_7788);
    assert_eq!(driver.read_common::<8>(register::QUEUE_DESC), 0x1122_3344_5566_7788);
    assert_eq!(driver.read_common::<4>(register::QUEUE_DESC + 4), 0x1122_3344);
    driver.write_common::<4>(register::QUEUE_DESC, 0x99aa_bbcc);
    assert_eq!(driver.read_common::<8>(register::QUEUE_DESC), 0x1122_3344_99aa_bbcc);
    driver.write_common::<2>(register::QUEUE_DESC, 0);
    driver.write_common::<1>(register::QUEUE_SELECT, 1);
    driver.write_common::<4>(register::QUEUE_SELECT, 1);
    assert_eq!(driver.read_common::<2>(register::QUEUE_SELECT), 0);
    assert_eq!(driver.read_common::<2>(register::QUEUE_DESC), 0);
    driver.write_common::<2>(register::NUM_QUEUES, 7);
    assert_eq!(driver.read_common::<2>(register::NUM_QUEUES), 2);
}

#[test]
fn a_queue_that_does_not_exist_reads_as_nothing() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    for select in [2, 1023, NO_VECTOR] {
        driver.write_common::<2>(register::QUEUE_SELECT, select);
        driver.write_common::<2>(register::QUEUE_SIZE, 4);
        driver.write_common::<2>(register::QUEUE_MSIX_VECTOR, 0);
        driver.write_common::<2>(register::QUEUE_ENABLE, 1);
        driver.write_common::<8>(register::QUEUE_DESC, 0x1000);
        for (offset, expected) in [
            (register::QUEUE_SIZE, 0),
            (register::QUEUE_ENABLE, 0),
            (register::QUEUE_MSIX_VECTOR, NO_VECTOR),
            (register::QUEUE_NOTIFY_OFF, 0),
            (register::QUEUE_DESC, 0),
        ] {
            assert_eq!(driver.read_common::<2>(offset), expected, "{offset:#x}");
        }
        driver.transport().write_memory(notification_offset(1023), &[0, 0]);
    }
    assert!(driver.view().status().failure.is_none());
}

#[test]
fn a_queue_is_reset_and_put_to_use_again() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    let mut queues = driver.start(VERSION_1 | RING_RESET, RINGS);
    for _ in 0..10 {
        assert_eq!(driver.submit(0, &mut queues[0], &[Buffer::writable(DATA, 8)]), 0);
        driver.write_common::<2>(register::QUEUE_SELECT, 0);
        driver.write_common::<2>(register::QUEUE_RESET, 1);
        let registers = [register::QUEUE_RESET, register::QUEUE_ENABLE, register::QUEUE_MSIX_VECTOR];
        assert_eq!(registers.map(|offset| driver.read_common::<2>(offset)), [0, 0, NO_VECTOR]);
        assert_eq!(driver.read_common::<8>(register::QUEUE_DESC), 0);
        queues[0] = driver.set_up_queue(0, 8, RINGS + 0x1000);
    }
}

#[test]
fn reset_forgets_vectors_and_queues_but_not_the_function() {
    let (_, mut driver) = driver(PciInterrupts::Messages);
    driver.start(VERSION_1, RINGS);
    driver.write_common::<1>(register::DEVICE_STATUS, 0);
    assert_eq!(driver.read_common::<1>(register::DEVICE_STATUS), 0);
    assert_eq!(driver.read_common::<2>(register::CONFIG_MSIX_VECTOR), NO_VECTOR);
    assert_eq!(driver.read_common::<2>(register::QUEUE_MSIX_VECTOR), NO_VECTOR);
    assert_eq!(driver.read_common::<2>(register::QUEUE_ENABLE), 0);
    assert!(driver.transport().memory_base().is_some());
    let mut queues = driver.start(VERSION_1, RINGS);
    assert_eq!(driver.submit(1, &mut queues[1], &[Buffer::writable(DATA, 8)]), 0);
}

#[test]
fn devices_beyond_the_ids_of_pci_are_refused() {
    let refused = |error: virtio_core::transport::TransportError| error.to_string();
    let error = virtio_core::transport::TransportError::DeviceNumber { kind: "virtio-x", number: 64 };
    insta::assert_snapshot!(refused(error), @"virtio-x has number 64; virtio-pci has device IDs for the numbers up to 63");
}

/// One access by the guest.
#[derive(Clone, Debug)]
enum Access {
    Configuration { offset: u16, data: Vec<u8> },
    ReadConfiguration { offset: u16, length: usize },
    Memory { offset: u64, data: Vec<u8> },
    ReadMemory { offset: u64, length: usize },
    Status(u8),
    Pause,
    Resume,
}

fn access() -> impl Strategy<Value = Access> {
    let offset = || {
        let region =
            prop_oneof![Just(0_u64), Just(0x1000), Just(0x2000), Just(0x3000), Just(0x4000), Just(0x8000)];
        prop_oneof![8 => (region, 0_u64..0x48).prop_map(|(region, offset)| region + offset), 1 => any::<u64>()]
    };
    let data = || {
        let bytes = prop_oneof![Just(0_u8), Just(1), Just(0x10), any::<u8>()];
        prop_oneof![
            6 => prop_oneof![Just(1_usize), Just(2), Just(4), Just(8)].prop_flat_map(|length| {
                prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(0x10), any::<u8>()], length)
            }),
            1 => prop::collection::vec(bytes, 0..9),
        ]
    };
    prop_oneof![
        4 => (0_u16..0x110, data()).prop_map(|(offset, data)| Access::Configuration { offset, data }),
        2 => (any::<u16>(), 0_usize..9).prop_map(|(offset, length)| Access::ReadConfiguration { offset, length }),
        9 => (offset(), data()).prop_map(|(offset, data)| Access::Memory { offset, data }),
        3 => (offset(), 0_usize..9).prop_map(|(offset, length)| Access::ReadMemory { offset, length }),
        3 => prop_oneof![Just(3_u8), Just(11), Just(15), any::<u8>()].prop_map(Access::Status),
        1 => Just(Access::Pause),
        1 => Just(Access::Resume),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any sequence of accesses: no panic, no hang, the view answers at every step, and a reset always helps.
    #[test]
    fn any_accesses(accesses in prop::collection::vec(access(), 0..60), started: bool, line: bool) {
        let interrupts = if line { PciInterrupts::Line } else { PciInterrupts::Messages };
        let (_, mut driver) = driver(interrupts);
        if started {
            driver.start(VERSION_1 | EVENT_IDX, RINGS);
        }
        let view = driver.view();
        for access in accesses {
            let function = driver.transport();
            match access {
                Access::Configuration { offset, data } => function.write_configuration_space(offset, &data),
                Access::ReadConfiguration { offset, length } => {
                    function.read_configuration_space(offset, &mut vec![0; length]);
                }
                Access::Memory { offset, data } => function.write_memory(offset, &data),
                Access::ReadMemory { offset, length } => function.read_memory(offset, &mut vec![0; length]),
                Access::Status(value) => driver.write_common::<1>(register::DEVICE_STATUS, u64::from(value)),
                Access::Pause => function.pause(),
                Access::Resume => function.resume(),
            }
            let snapshot = view.status();
            let features_ok = snapshot.status & status::FEATURES_OK != 0;
            prop_assert!(!features_ok || snapshot.acknowledged_features & !snapshot.offered_features == 0);
            let _ = (view.queue(0), view.element(0, None), view.element(1, Some(7)));
        }
        driver.transport().resume();
        driver.enable();
        let mut queues = driver.start(VERSION_1, RINGS);
        let head = queues[0].chain(&[Buffer::writable(DATA, 8)]);
        queues[0].publish();
        driver.kick(0);
        prop_assert_eq!(driver.wait_used(&mut queues[0]), [(head, 0)]);
    }
}
