//! Is it the driver or the device? Incidents as people meet them, and what `query-virtio` answers.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use common::{Echo, wait_until};
use qapi_schema::inspect::{VirtioDevice, VirtioQueue, VirtioQueueNext as Next};
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, RawDescriptor, guest_memory, offset};
use virtio_core::introspection::inspect;
use virtio_core::queue::RingForm;
use virtio_core::transport::status;

const VERSION_1: u128 = 1 << 32;
const EVENT_IDX: u128 = 1 << 29;
const RING_PACKED: u128 = 1 << 34;
const RINGS: u64 = 0x1000;
const DATA: u64 = 0x8000;

/// Every way in which both sides can notify each other.
const WAYS: [(RingForm, u128); 4] = [
    (RingForm::Split, VERSION_1),
    (RingForm::Split, VERSION_1 | EVENT_IDX),
    (RingForm::Packed, VERSION_1 | RING_PACKED),
    (RingForm::Packed, VERSION_1 | RING_PACKED | EVENT_IDX),
];

/// A device with one queue of eight, its driver, and somebody who looks.
struct Incident {
    driver: MmioDriver,
    queue: DriverQueue,
}

impl Incident {
    fn new(device: Echo, (form, features): (RingForm, u128)) -> Self {
        let memory = guest_memory(0x1_0000);
        let mut driver = MmioDriver::with_rings(device.boxed(), &memory, form);
        let queue = driver.start(features, RINGS).remove(0);
        let mut incident = Self { driver, queue };
        incident.wait_idle();
        incident
    }

    fn device(&mut self) -> VirtioDevice {
        inspect::device("/device", &*self.driver.transport().view())
    }

    fn look(&mut self) -> VirtioQueue {
        self.device().queues.remove(0)
    }

    fn next(&mut self) -> Next {
        self.look().next
    }

    /// The device has done what there was to do.
    fn wait_idle(&mut self) {
        let view = self.driver.transport().view();
        wait_until(|| {
            let device = inspect::device("/device", &*view);
            !device.working && !device.queues.iter().any(|queue| queue.kick_pending)
        });
    }

    fn offer(&mut self) {
        self.queue.chain(&[Buffer::writable(DATA, 8)]);
        self.queue.publish();
    }

    fn offer_and_kick(&mut self) {
        self.offer();
        self.driver.kick(0);
        self.wait_idle();
    }
}

fn echo() -> Echo {
    Echo::with_queues(&[8])
}

#[test]
fn the_driver_does_not_kick() {
    for way in WAYS {
        let mut incident = Incident::new(echo(), way);
        assert_eq!(incident.next(), Next::DriverMakeAvailable, "{way:?}");
        incident.offer();
        let before = incident.look();
        assert_eq!(
            (before.next, before.waiting, before.kick_pending),
            (Next::DriverKick, 1, false),
            "{way:?}"
        );
        let after = incident.look();
        assert_eq!(before.generation, after.generation, "the device has done nothing in between");
        incident.driver.kick(0);
        incident.wait_idle();
        assert_eq!(incident.look().waiting, 0);
        assert!(incident.look().generation > before.generation);
    }
}

#[test]
fn the_driver_does_not_take_what_came_back() {
    for way in WAYS {
        let mut incident = Incident::new(echo(), way);
        incident.offer_and_kick();
        let looked = incident.look();
        assert_eq!((looked.next, looked.waiting, looked.in_flight), (Next::DriverTakeUsed, 0, 0), "{way:?}");
        incident.driver.take_interrupt();
        incident.queue.used();
        assert_eq!(incident.next(), Next::DriverMakeAvailable, "{way:?}");
    }
}

#[test]
fn the_driver_waits_for_an_interrupt_that_it_does_not_want() {
    for way in WAYS {
        let mut incident = Incident::new(echo(), way);
        if way.1 & EVENT_IDX == 0 || way.0 == RingForm::Packed {
            incident.queue.set_wants_interrupts(false);
        } else {
            incident.queue.set_used_event(5);
        }
        incident.offer_and_kick();
        // The very first chain is told of in any case with an event index.
        incident.driver.take_interrupt();
        assert_eq!(incident.next(), Next::DriverPollUsed, "{way:?}");
    }
}

#[test]
fn the_device_does_not_return_what_it_has() {
    for way in WAYS {
        let mut incident = Incident::new(Echo { holds: true, ..echo() }, way);
        incident.offer();
        incident.offer_and_kick();
        let looked = incident.look();
        assert_eq!((looked.next, looked.in_flight), (Next::DeviceComplete, 2), "{way:?}");
    }
}

#[test]
fn the_machine_is_stopped() {
    for way in WAYS {
        let mut incident = Incident::new(echo(), way);
        incident.driver.transport().pause();
        incident.offer();
        incident.driver.kick(0);
        let looked = incident.look();
        assert_eq!(
            (looked.next, looked.waiting, looked.kick_pending),
            (Next::MachineResume, 1, true),
            "{way:?}"
        );
        assert!(!incident.device().machine_running);
        incident.driver.transport().resume();
        incident.wait_idle();
        assert_eq!(incident.next(), Next::DriverTakeUsed, "{way:?}");
    }
}

#[test]
fn the_driver_has_set_up_one_queue_of_two() {
    let memory = guest_memory(0x1_0000);
    let mut driver = MmioDriver::new(Echo::with_queues(&[8, 8]).boxed(), &memory);
    let view = driver.transport().view();
    let next =
        || inspect::device("/device", &*view).queues.iter().map(|queue| queue.next).collect::<Vec<_>>();
    assert_eq!(next(), [Next::DriverSetUp; 2]);
    assert!(driver.negotiate(VERSION_1));
    driver.set_up_queue(0, 8, RINGS);
    assert_eq!(next(), [Next::DriverSetUp; 2], "the device has not been started");
    driver.add_status(status::DRIVER_OK);
    wait_until(|| !inspect::device("/device", &*view).working);
    assert_eq!(next(), [Next::DriverMakeAvailable, Next::DriverSetUp]);
    driver.add_status(status::FAILED);
    assert_eq!(next(), [Next::DriverReset; 2]);
}

#[test]
fn the_driver_has_broken_the_ring() {
    let mut incident = Incident::new(echo(), (RingForm::Split, VERSION_1 | EVENT_IDX));
    incident.queue.set_descriptor(0, RawDescriptor { address: DATA, length: 8, flags: 1, next: 1 });
    incident.queue.set_descriptor(1, RawDescriptor { address: DATA, length: 8, flags: 1, next: 0 });
    incident.queue.offer(0);
    incident.queue.publish();
    incident.driver.kick(0);
    let view = incident.driver.transport().view();
    wait_until(|| view.status().failure.is_some());
    let device = incident.device();
    insta::assert_snapshot!(serde_json::to_string(&device.failure).unwrap(), @r#"{"queue":0,"cause":"loop","text":"descriptor chain from head 0 loops or is longer than 8 descriptors"}"#);
    assert_eq!(device.queues[0].next, Next::DriverReset);
    incident.driver.write(offset::STATUS, 0);
    let device = incident.device();
    assert_eq!((device.failure, device.queues[0].next), (None, Next::DriverSetUp));
}

#[test]
fn the_ring_is_not_in_memory() {
    let mut incident = Incident::new(echo(), (RingForm::Split, VERSION_1));
    let driver = &mut incident.driver;
    assert!(driver.negotiate(VERSION_1));
    driver.set_up_queue(0, 8, RINGS);
    driver.write(offset::QUEUE_READY, 0);
    driver.write(offset::QUEUE_DEVICE + 4, 1);
    driver.write(offset::QUEUE_READY, 1);
    insta::assert_snapshot!(serde_json::to_string(&incident.look().ring_failure).unwrap(), @r###"{"queue":0,"cause":"not-in-memory","text":"70 bytes at 0x100001098 are not all in guest memory"}"###);
    incident.driver.add_status(status::DRIVER_OK);
    assert_eq!(incident.next(), Next::DriverReset);
}

/// Everything that a client reads of a device with work under way, but for what differs from run to run.
#[test]
fn a_whole_reply() {
    for (name, way) in [("split", WAYS[1]), ("packed", WAYS[3])] {
        let mut incident = Incident::new(Echo { holds: true, ..echo() }, way);
        incident.offer_and_kick();
        incident.offer();
        let mut device = incident.device();
        device.time = 0;
        device.queues[0].generation = 0;
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&device).unwrap());
    }
}
