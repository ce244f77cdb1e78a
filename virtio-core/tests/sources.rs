//! A worker's own file descriptors: watched, left alone for a while, and broken.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "common/kind.rs"]
mod kind;

use kind::KIND;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory, offset};
use virtio_core::transport::status;
use virtio_core::{
    Activation, Chain, Device, DeviceError, DeviceKind, Queue, QueueError, RingForm, Source, Worker,
    WorkerContext, Workers,
};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

const VERSION_1: u128 = 1 << 32;
const RING_PACKED: u128 = 1 << 34;
const RINGS: u64 = 0x1000;
const DATA: u64 = 0x8000;

/// Gives back one chain for each event; without chains it does not want to hear of events.
struct Receiver {
    event: Arc<EventFd>,
    /// Stands in for the event's descriptor, if given.
    watched: RawFd,
}

const EVENT: u32 = 7;

impl Device for Receiver {
    fn kind(&self) -> &'static DeviceKind {
        &KIND
    }

    fn features(&self) -> u128 {
        0
    }

    fn queue_sizes(&self) -> &[u16] {
        &[4]
    }

    fn start(&mut self, _: Activation) -> Result<Workers, DeviceError> {
        Ok(Workers::new(ReceiverWorker { event: Arc::clone(&self.event), watched: self.watched, next: None }))
    }
}

struct ReceiverWorker {
    event: Arc<EventFd>,
    watched: RawFd,
    next: Option<Chain>,
}

impl Worker for ReceiverWorker {
    fn queue_ready(&mut self, _: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        if self.next.is_none() {
            self.next = context.queue(0).map_or(Ok(None), Queue::pop)?;
        }
        context.watch(EVENT, self.next.is_some());
        Ok(())
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: EVENT, fd: self.watched }]
    }

    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        assert_eq!(token, EVENT);
        let (Some(chain), Some(queue)) = (self.next.take(), context.queue(0)) else { return Ok(()) };
        self.event.read().unwrap();
        queue.complete(chain, 1)?;
        queue.interrupt()?;
        self.queue_ready(0, context)
    }
}

fn started(rings: RingForm) -> (MmioDriver, DriverQueue, Arc<EventFd>) {
    // Each read takes one from the counter.
    let event = Arc::new(EventFd::new(EFD_NONBLOCK | libc::EFD_SEMAPHORE).unwrap());
    let receiver = Receiver { watched: event.as_raw_fd(), event: Arc::clone(&event) };
    let memory = guest_memory(0x1_0000);
    let mut driver = MmioDriver::with_rings(Box::new(receiver), &memory, rings);
    let queue = driver.start(VERSION_1 | RING_PACKED, RINGS).remove(0);
    (driver, queue, event)
}

fn offer(driver: &mut MmioDriver, queue: &mut DriverQueue, chains: usize) {
    for _ in 0..chains {
        queue.chain(&[Buffer::writable(DATA, 8)]);
    }
    queue.publish();
    driver.kick(0);
}

fn take(driver: &mut MmioDriver, queue: &mut DriverQueue, chains: usize) {
    let mut taken = 0;
    while taken < chains {
        taken += driver.wait_used(queue).len();
    }
    assert_eq!(taken, chains);
}

#[test]
fn events_and_chains_meet_whichever_comes_first() {
    for rings in RingForm::BOTH {
        let (mut driver, mut queue, event) = started(rings);
        event.write(3).unwrap();
        offer(&mut driver, &mut queue, 4);
        take(&mut driver, &mut queue, 3);
        offer(&mut driver, &mut queue, 3);
        event.write(1).unwrap();
        take(&mut driver, &mut queue, 1);
        event.write(3).unwrap();
        take(&mut driver, &mut queue, 3);
        assert_eq!(queue.used(), []);
    }
}

/// The worker leaves chains on the ring: the driver is not asked to kick for them again, and need not.
#[test]
fn chains_left_on_the_ring_are_found_without_a_kick() {
    for rings in RingForm::BOTH {
        let (mut driver, mut queue, event) = started(rings);
        offer(&mut driver, &mut queue, 4);
        for _ in 0..4 {
            event.write(1).unwrap();
            take(&mut driver, &mut queue, 1);
        }
    }
}

#[test]
fn a_source_that_cannot_be_watched_stops_the_device_and_is_named() {
    let event = Arc::new(EventFd::new(EFD_NONBLOCK).unwrap());
    // A regular file is always ready, and epoll refuses it.
    let file = tempfile::tempfile().unwrap();
    let receiver = Receiver { watched: file.as_raw_fd(), event };
    let mut driver = MmioDriver::new(Box::new(receiver), &guest_memory(0x1_0000));
    assert!(driver.negotiate(VERSION_1));
    driver.set_up_queue(0, 4, RINGS);
    driver.add_status(status::DRIVER_OK);
    assert_ne!(driver.read(offset::STATUS) & u32::from(status::DEVICE_NEEDS_RESET), 0);
    let failure = driver.transport().view().status().failure.unwrap();
    insta::assert_snapshot!(failure, @"the device's thread cannot watch its events: Operation not permitted (os error 1)");
}
