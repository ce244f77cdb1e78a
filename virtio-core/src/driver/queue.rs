//! A split ring, the driver's side.

use crate::GuestMemory;
use crate::interrupt::Interrupt;
use crate::introspection::PublishedQueue;
use crate::queue::ring::{
    AVAILABLE_NO_INTERRUPT, DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, DESCRIPTOR_WRITE,
};
use crate::queue::{Queue, QueueConfiguration, QueueError, RingForm, RingLayout};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};
use vm_memory::{ByteValued, Bytes, GuestAddress};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// A buffer that the driver offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Guest physical address.
    pub address: u64,
    /// Bytes.
    pub length: u32,
    /// Whether the device is to write it.
    pub writable: bool,
}

impl Buffer {
    /// A buffer for the device to read.
    pub fn readable(address: u64, length: u32) -> Self {
        Self { address, length, writable: false }
    }

    /// A buffer for the device to write.
    pub fn writable(address: u64, length: u32) -> Self {
        Self { address, length, writable: true }
    }

    /// Its descriptor; with NEXT if there is a `next` one.
    fn descriptor(&self, next: Option<u16>) -> RawDescriptor {
        let write = if self.writable { DESCRIPTOR_WRITE } else { 0 };
        let flags = write | if next.is_some() { DESCRIPTOR_NEXT } else { 0 };
        RawDescriptor { address: self.address, length: self.length, flags, next: next.unwrap_or(0) }
    }
}

/// A descriptor with any content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawDescriptor {
    /// Guest physical address.
    pub address: u64,
    /// Bytes.
    pub length: u32,
    /// 1: NEXT, 2: WRITE, 4: INDIRECT.
    pub flags: u16,
    /// The next descriptor's number.
    pub next: u16,
}

/// The driver's side of a split ring in guest memory.
#[derive(Debug)]
pub struct DriverQueue {
    memory: GuestMemory,
    layout: RingLayout,
    /// Where the next head goes; behind it, heads wait for [`publish`](Self::publish).
    available: u16,
    /// Used elements seen.
    used: u16,
    free: Vec<u16>,
    /// The descriptors of each chain that the device has, by head.
    chains: BTreeMap<u16, Vec<u16>>,
}

/// The device's side of a [`DriverQueue`], for tests without a device.
#[derive(Debug)]
pub struct DeviceSide {
    /// The queue.
    pub queue: Queue,
    /// What monitors see of it.
    pub published: Arc<PublishedQueue>,
    /// Where it interrupts.
    pub interrupt: Arc<Interrupt>,
}

impl DriverQueue {
    /// A ring of `size` descriptors at `base`, which has to be aligned to 16: descriptor table, available ring, used
    /// ring, one behind the other. All of it is zeroed.
    pub fn new(memory: &GuestMemory, size: u16, base: u64) -> Self {
        let entries = u64::from(size);
        let driver_area = base + DESCRIPTOR_SIZE * entries;
        let device_area = (driver_area + 6 + 2 * entries).next_multiple_of(4);
        let layout =
            RingLayout { form: RingForm::Split, size, descriptor_area: base, driver_area, device_area };
        let queue = Self {
            memory: Arc::clone(memory),
            layout,
            available: 0,
            used: 0,
            free: (0..size).rev().collect(),
            chains: BTreeMap::new(),
        };
        let length = usize::try_from(Self::bytes(size)).expect("a ring is small");
        queue
            .memory
            .write_slice(&vec![0; length], GuestAddress(base))
            .expect("the ring lies in guest memory");
        queue
    }

    /// Bytes that a ring of `size` descriptors takes.
    pub fn bytes(size: u16) -> u64 {
        let entries = u64::from(size);
        (DESCRIPTOR_SIZE * entries + 6 + 2 * entries).next_multiple_of(4) + 6 + 8 * entries
    }

    /// Where the ring lies.
    pub fn layout(&self) -> RingLayout {
        self.layout
    }

    /// The device's side of this ring, at its beginning.
    ///
    /// # Errors
    /// A layout that the device refuses.
    pub fn device_side(
        &self,
        indirect_descriptors: bool,
        event_index: bool,
    ) -> Result<DeviceSide, QueueError> {
        let line = EventFd::new(EFD_NONBLOCK).expect("the host has an event file descriptor");
        let interrupt = Arc::new(Interrupt::new(line));
        let published = Arc::new(PublishedQueue::new(0, self.layout.size));
        published.publish_layout(&self.layout, true);
        let configuration = QueueConfiguration {
            index: 0,
            maximum_size: self.layout.size,
            layout: self.layout,
            indirect_descriptors,
            event_index,
        };
        let memory = Arc::clone(&self.memory);
        let queue = Queue::new(&configuration, memory, Arc::clone(&published), Arc::clone(&interrupt))?;
        Ok(DeviceSide { queue, published, interrupt })
    }

    /// Puts a chain of direct descriptors on the ring, one a buffer, and returns its head. The device cannot see it
    /// before [`publish`](Self::publish).
    ///
    /// # Panics
    /// Without buffers, or if the free descriptors do not suffice.
    pub fn chain(&mut self, buffers: &[Buffer]) -> u16 {
        let descriptors = self.take_free(buffers.len());
        for (position, (descriptor, buffer)) in descriptors.iter().zip(buffers).enumerate() {
            let next = descriptors.get(position + 1).copied();
            self.set_descriptor(*descriptor, buffer.descriptor(next));
        }
        self.offer_new(descriptors)
    }

    /// Puts a chain on the ring that consists of one indirect descriptor, whose table of one entry a buffer is written
    /// at `table`, and returns its head. The device cannot see it before [`publish`](Self::publish).
    ///
    /// # Panics
    /// If there is no free descriptor.
    pub fn indirect(&mut self, table: u64, buffers: &[Buffer]) -> u16 {
        for (index, buffer) in (0..).zip(buffers) {
            let next = index + 1;
            let has_next = usize::from(next) < buffers.len();
            self.write_descriptor(table, index, buffer.descriptor(has_next.then_some(next)));
        }
        let length = u32::try_from(buffers.len() * 16).expect("a table is small");
        let descriptors = self.take_free(1);
        let descriptor = RawDescriptor { address: table, length, flags: DESCRIPTOR_INDIRECT, next: 0 };
        descriptors.iter().for_each(|index| self.set_descriptor(*index, descriptor));
        self.offer_new(descriptors)
    }

    /// Lets the device see all chains that were put on the ring.
    pub fn publish(&mut self) {
        self.set_available_index(self.available);
    }

    /// The elements that the device has given back since the last time: head and bytes written. Their descriptors are
    /// free again. Then asks for an interrupt at the next one (if the event index was negotiated).
    pub fn used(&mut self) -> Vec<(u16, u32)> {
        let mut elements = Vec::new();
        loop {
            while self.used != self.used_index() {
                elements.push(self.take_used());
            }
            self.set_used_event(self.used);
            // The device may have given back another one before it saw the wish.
            fence(Ordering::SeqCst);
            if self.used == self.used_index() {
                return elements;
            }
        }
    }

    /// The device's index, from memory.
    pub fn used_index(&self) -> u16 {
        u16::from_le(self.load(self.layout.device_area + 2))
    }

    /// Whether the device wants kicks, by flag (without event index).
    pub fn wants_kicks(&self) -> bool {
        u16::from_le(self.load(self.layout.device_area)) & 1 == 0
    }

    /// The available index at which the device wants a kick (with event index).
    pub fn available_event(&self) -> u16 {
        u16::from_le(self.load(self.layout.device_area + 4 + 8 * u64::from(self.layout.size)))
    }

    /// Says at which used index to interrupt (with event index).
    pub fn set_used_event(&self, index: u16) {
        self.store(self.layout.driver_area + 4 + 2 * u64::from(self.layout.size), index.to_le());
    }

    /// Says by flag whether to interrupt (without event index).
    pub fn set_wants_interrupts(&self, wanted: bool) {
        self.store(self.layout.driver_area, if wanted { 0 } else { AVAILABLE_NO_INTERRUPT }.to_le());
    }

    /// Overwrites the available index: whatever stands on the ring up to there is offered.
    pub fn set_available_index(&mut self, index: u16) {
        self.available = index;
        fence(Ordering::SeqCst);
        self.store(self.layout.driver_area + 2, index.to_le());
        fence(Ordering::SeqCst);
    }

    /// Overwrites an entry of the available ring.
    pub fn set_available_entry(&self, position: u16, head: u16) {
        let slot = u64::from(position % self.layout.size);
        self.store(self.layout.driver_area + 4 + 2 * slot, head.to_le());
    }

    /// Overwrites a descriptor of the ring's table.
    pub fn set_descriptor(&self, index: u16, descriptor: RawDescriptor) {
        self.write_descriptor(self.layout.descriptor_area, index, descriptor);
    }

    /// Writes a descriptor of any table, for example an indirect one.
    ///
    /// # Panics
    /// If it is not in guest memory.
    pub fn write_descriptor(&self, table: u64, index: u16, descriptor: RawDescriptor) {
        let RawDescriptor { address, length, flags, next } = descriptor;
        let at = table + DESCRIPTOR_SIZE * u64::from(index);
        self.store(at, address.to_le());
        self.store(at + 8, length.to_le());
        self.store(at + 12, flags.to_le());
        self.store(at + 14, next.to_le());
    }

    /// Offers a head again, or one that never was a chain's. The device cannot see it before
    /// [`publish`](Self::publish).
    pub fn offer(&mut self, head: u16) {
        self.set_available_entry(self.available, head);
        self.available = self.available.wrapping_add(1);
    }

    fn offer_new(&mut self, descriptors: Vec<u16>) -> u16 {
        let head = *descriptors.first().expect("a chain has a buffer");
        self.chains.insert(head, descriptors);
        self.offer(head);
        head
    }

    fn take_free(&mut self, count: usize) -> Vec<u16> {
        let rest = self.free.len().checked_sub(count).expect("the ring has enough free descriptors");
        self.free.drain(rest..).rev().collect()
    }

    fn take_used(&mut self) -> (u16, u32) {
        let slot = u64::from(self.used % self.layout.size);
        let at = self.layout.device_area + 4 + 8 * slot;
        let head = u32::from_le(self.load(at));
        let written = u32::from_le(self.load(at + 4));
        let head = u16::try_from(head).unwrap_or_else(|_| panic!("the device gave back head {head}"));
        let descriptors = self.chains.remove(&head).unwrap_or_default();
        self.free.extend(descriptors.into_iter().rev());
        self.used = self.used.wrapping_add(1);
        fence(Ordering::SeqCst);
        (head, written)
    }

    fn load<T: ByteValued>(&self, address: u64) -> T {
        self.memory.read_obj(GuestAddress(address)).expect("the ring lies in guest memory")
    }

    fn store<T: ByteValued>(&self, address: u64, value: T) {
        self.memory.write_obj(value, GuestAddress(address)).expect("the ring lies in guest memory");
    }
}
