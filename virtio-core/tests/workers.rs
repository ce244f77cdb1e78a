//! A device with several workers: each has its own thread and queues, and the device is still one device.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "common/kind.rs"]
mod kind;

use kind::KIND;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory, offset};
use virtio_core::transport::status;
use virtio_core::{
    Activation, Chain, Device, DeviceError, DeviceKind, Queue, QueueError, RingForm, Worker, WorkerContext,
    Workers,
};

const VERSION_1: u128 = 1 << 32;
const RING_PACKED: u128 = 1 << 34;
const RING_RESET: u128 = 1 << 40;
const RINGS: u64 = 0x1000;
const DATA: u64 = 0x8000;

/// How long a test waits for something to be said. It is never waited for to the end in a test that passes.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the workers say of themselves: the thread's name, and what has happened.
type Said = (String, &'static str);

/// A device of four queues: worker `a` has 1 and 3, worker `b` has 2, and the first one what is left.
struct Several {
    say: Sender<Said>,
    /// Worker `b` waits here while it has chains.
    gate: Arc<Mutex<()>>,
}

impl Device for Several {
    fn kind(&self) -> &'static DeviceKind {
        &KIND
    }

    fn features(&self) -> u128 {
        0
    }

    fn queue_sizes(&self) -> &[u16] {
        &[4; 4]
    }

    fn start(&mut self, _: Activation) -> Result<Workers, DeviceError> {
        let worker = |gate| Holder { say: self.say.clone(), gate, held: Vec::new() };
        let gated = worker(Some(Arc::clone(&self.gate)));
        // Queue 3 is given away already, and there is no queue 9.
        Ok(Workers::new(worker(None)).and([1, 3], worker(None)).and([2, 3, 9], gated))
    }
}

/// Keeps every chain until it has to settle, or gives it back at once if it has a gate.
struct Holder {
    say: Sender<Said>,
    gate: Option<Arc<Mutex<()>>>,
    held: Vec<(u16, Chain)>,
}

impl Holder {
    fn say(&self, what: &'static str) {
        let _ = self.say.send((thread::current().name().unwrap().to_owned(), what));
    }
}

impl Worker for Holder {
    fn queue_ready(&mut self, index: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        while let Some(chain) = context.queue(index).map_or(Ok(None), Queue::pop)? {
            self.say("popped");
            self.held.push((index, chain));
            if let Some(gate) = self.gate.clone() {
                drop(gate.lock());
                self.settle(context)?;
            }
        }
        Ok(())
    }

    fn settle(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        for (index, chain) in self.held.drain(..) {
            let queue = context.queue(index).unwrap();
            queue.complete(chain, 1)?;
            queue.interrupt()?;
        }
        Ok(())
    }

    fn resumed(&mut self, _: &mut WorkerContext) -> Result<(), QueueError> {
        self.say("resumed");
        Ok(())
    }

    fn queue_stopped(&mut self, _: u16) {
        assert!(self.held.is_empty(), "everything is settled before a queue stops");
        self.say("stopped");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.say("ended");
    }
}

struct Fixture {
    driver: MmioDriver,
    queues: Vec<DriverQueue>,
    said: Receiver<Said>,
    gate: Arc<Mutex<()>>,
}

impl Fixture {
    fn new(rings: RingForm) -> Self {
        let (say, said) = channel();
        let gate = Arc::default();
        let device = Several { say, gate: Arc::clone(&gate) };
        let mut driver = MmioDriver::with_rings(Box::new(device), &guest_memory(0x1_0000), rings);
        let queues = driver.start(VERSION_1 | RING_PACKED | RING_RESET, RINGS);
        Self { driver, queues, said, gate }
    }

    fn offer(&mut self, index: u16) {
        let queue = &mut self.queues[usize::from(index)];
        queue.chain(&[Buffer::writable(DATA, 8)]);
        queue.publish();
        self.driver.kick(index);
    }

    fn come_back(&mut self, index: u16) -> usize {
        self.queues[usize::from(index)].used().len()
    }

    /// The next things that the workers say, in any order.
    fn said(&self, count: usize) -> BTreeSet<Said> {
        (0..count).map(|_| self.said.recv_timeout(PATIENCE).unwrap()).collect()
    }
}

fn of(threads: &[&str], what: &'static str) -> BTreeSet<Said> {
    threads.iter().map(|thread| ((*thread).to_owned(), what)).collect()
}

const ALL: [&str; 3] = ["virtio-seria-q0", "virtio-seria-q1", "virtio-seria-q2"];

#[test]
fn each_worker_has_its_queues_and_a_thread_that_says_so() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings);
        for (queue, thread) in [(0, ALL[0]), (1, ALL[1]), (3, ALL[1]), (2, ALL[2])] {
            fixture.offer(queue);
            assert_eq!(fixture.said(1), of(&[thread], "popped"));
        }
    }
}

#[test]
fn a_worker_that_is_busy_holds_up_no_other_and_monitors_see_which_it_is() {
    let mut fixture = Fixture::new(RingForm::Split);
    let gate = Arc::clone(&fixture.gate);
    let closed = gate.lock().unwrap();
    fixture.offer(2);
    assert_eq!(fixture.said(1), of(&[ALL[2]], "popped"));
    fixture.offer(1);
    assert_eq!(fixture.said(1), of(&[ALL[1]], "popped"));
    let view = fixture.driver.view();
    while view.working(0) || view.working(1) || view.working(3) {
        thread::yield_now();
    }
    assert!(view.working(2) && view.status().working);
    assert_eq!([0, 1, 2, 3].map(|queue| view.in_flight(queue).len()), [0, 1, 1, 0]);
    drop(closed);
    while view.status().working {
        thread::yield_now();
    }
    assert_eq!(fixture.come_back(2), 1);
}

#[test]
fn a_pause_settles_all_workers_and_holds_them() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings);
        (0..3).for_each(|queue| fixture.offer(queue));
        fixture.said(3);
        fixture.driver.transport().pause();
        assert_eq!([0, 1, 2].map(|queue| fixture.come_back(queue)), [1; 3]);
        (0..3).for_each(|queue| fixture.offer(queue));
        assert!(fixture.said.try_recv().is_err(), "somebody works although the machine is paused");
        fixture.driver.transport().resume();
        assert_eq!(fixture.said(6), &of(&ALL, "resumed") | &of(&ALL, "popped"));
        fixture.driver.transport().reset();
        assert_eq!(fixture.said(3), of(&ALL, "ended"));
    }
}

#[test]
fn a_queue_is_reset_while_the_others_are_at_work() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings);
        fixture.offer(1);
        fixture.offer(0);
        fixture.said(2);
        fixture.driver.write(offset::QUEUE_SELECT, 1);
        fixture.driver.write(offset::QUEUE_RESET, 1);
        assert_eq!(fixture.said(1), of(&[ALL[1]], "stopped"));
        assert_eq!((fixture.come_back(1), fixture.come_back(0)), (1, 0));
        fixture.queues[1] = fixture.driver.set_up_queue(1, 4, 0x7000);
        [1, 3].into_iter().for_each(|queue| fixture.offer(queue));
        assert_eq!(fixture.said(2), of(&[ALL[1]], "popped"));
    }
}

#[test]
fn what_one_worker_meets_stops_them_all_until_the_device_is_reset() {
    let mut fixture = Fixture::new(RingForm::Split);
    fixture.queues[2].set_available_index(100);
    fixture.driver.kick(2);
    assert_eq!(fixture.said(1), of(&[ALL[2]], "ended"));
    while fixture.driver.view().status().failure.is_none() {
        thread::yield_now();
    }
    fixture.offer(1);
    assert_eq!(fixture.said(1), of(&[ALL[1]], "ended"));
    // Neither a pause nor a queue's reset waits for a thread that has ended.
    fixture.driver.transport().pause();
    fixture.driver.transport().resume();
    fixture.driver.write(offset::QUEUE_SELECT, 2);
    fixture.driver.write(offset::QUEUE_RESET, 1);
    fixture.queues = fixture.driver.start(VERSION_1, RINGS);
    assert_eq!(fixture.driver.view().status().status & status::DEVICE_NEEDS_RESET, 0);
    fixture.offer(1);
    assert!(
        fixture.said(2).contains(&(ALL[1].to_owned(), "popped")),
        "the first thing is the end of worker 0"
    );
}
