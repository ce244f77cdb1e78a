//! A device with its driver, and with whatever is at the device's other end.

use virtio_core::driver::{DriverQueue, MmioDriver, guest_memory};
use virtio_core::{Device, RingForm};

/// Requests under way at once.
pub(super) const DEPTH: u16 = 32;
/// Guest memory, in bytes.
const MEMORY: usize = 16 << 20;
/// Where the rings lie in it: what requests need has to lie beyond [`FREE`].
const RINGS: u64 = 0x1000;
/// Nothing lies from here on.
pub(super) const FREE: u64 = 0x8_0000;

/// A row: a device, and the requests that it is kept busy with.
pub(super) struct Subject {
    pub(super) name: &'static str,
    /// Makes the device and what is at its other end.
    pub(super) make: fn() -> (Box<dyn Device>, OtherEnd),
    /// The queue that the requests go to.
    pub(super) queue: u16,
    /// Writes into guest memory, once, what the requests need there.
    pub(super) prepare: fn(&MmioDriver),
    /// Lays request `number` of those under way on the ring.
    pub(super) offer: fn(&mut DriverQueue, u64),
}

/// What somebody at the device's other end does for each batch of [`DEPTH`] requests.
pub(super) struct OtherEnd {
    /// When the driver has offered them.
    pub(super) begin: Box<dyn FnMut()>,
    /// When they have all come back.
    pub(super) end: Box<dyn FnMut()>,
}

impl OtherEnd {
    /// Nobody is there.
    pub(super) fn none() -> Self {
        Self { begin: Box::new(|| ()), end: Box::new(|| ()) }
    }
}

/// A device at work.
pub(super) struct Station<'subject> {
    subject: &'subject Subject,
    driver: MmioDriver,
    queue: DriverQueue,
    other_end: OtherEnd,
}

impl<'subject> Station<'subject> {
    pub(super) fn new(subject: &'subject Subject, rings: RingForm) -> Self {
        let (device, other_end) = (subject.make)();
        let mut driver = MmioDriver::with_rings(device, &guest_memory(MEMORY), rings);
        let mut queues = driver.start(u128::MAX, RINGS);
        let queue = queues.swap_remove(subject.queue.into());
        (subject.prepare)(&driver);
        Self { subject, driver, queue, other_end }
    }

    /// So many requests, from the first kick to the last answer.
    pub(super) fn batch(&mut self) {
        (0..u64::from(DEPTH)).for_each(|number| (self.subject.offer)(&mut self.queue, number));
        self.queue.publish();
        self.driver.kick(self.subject.queue);
        (self.other_end.begin)();
        let mut returned = 0;
        while returned < usize::from(DEPTH) {
            returned += self.driver.wait_used(&mut self.queue).len();
        }
        (self.other_end.end)();
    }
}

/// What this form of a ring is called.
pub(super) fn name_of(rings: RingForm) -> String {
    format!("{rings:?}").to_lowercase()
}
