//! Takes a device through the handshake, on any transport.

use super::buffer::Buffer;
use super::queue::DriverQueue;
use super::registers::Registers;
use crate::GuestMemory;
use crate::feature_map::{EVENT_IDX, RING_PACKED};
use crate::introspection::Introspect;
use crate::queue::RingForm;
use crate::transport::{Transport, status};
use std::sync::Arc;
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

/// How long a test waits for an interrupt before it fails. It is never waited for to the end in a test that passes.
const PATIENCE_IN_MILLISECONDS: i32 = 20_000;

/// A driver without a guest: it has a device behind a transport to itself.
pub struct TransportDriver<R> {
    pub(super) registers: R,
    memory: GuestMemory,
    epoll: Epoll,
    /// Acknowledged, and agreed to by the device.
    features: u128,
}

impl<R: Registers> TransportDriver<R> {
    pub(super) fn over(registers: R, memory: &GuestMemory) -> Self {
        let epoll = Epoll::new().expect("the host has an epoll instance");
        for event in registers.interrupt_events() {
            let events = EpollEvent::new(EventSet::IN, 0);
            epoll.ctl(ControlOperation::Add, event, events).expect("epoll takes an event");
        }
        Self { registers, memory: Arc::clone(memory), epoll, features: 0 }
    }

    /// The transport.
    pub fn transport(&mut self) -> &mut Transport<R::Own> {
        self.registers.transport()
    }

    /// What monitors see of the device.
    pub fn view(&mut self) -> Arc<dyn Introspect> {
        self.transport().view()
    }

    /// The features offered.
    pub fn offered_features(&mut self) -> u128 {
        (0..4).fold(0, |features, select| {
            features | u128::from(self.registers.offered_features(select)) << (32 * select)
        })
    }

    /// Resets the device, acknowledges it and these features; whether the device agrees with them.
    pub fn negotiate(&mut self, features: u128) -> bool {
        self.registers.set_status(0);
        self.add_status(status::ACKNOWLEDGE);
        self.add_status(status::DRIVER);
        for (select, word) in (0..).zip(features.to_le_bytes().as_chunks().0) {
            self.registers.acknowledge_features(select, u32::from_le_bytes(*word));
        }
        self.add_status(status::FEATURES_OK);
        let agreed = self.registers.status() & status::FEATURES_OK != 0;
        self.features = if agreed { features } else { 0 };
        agreed
    }

    /// Lays a ring, of the form that was negotiated, at `base` and tells the device.
    pub fn set_up_queue(&mut self, index: u16, size: u16, base: u64) -> DriverQueue {
        let form = if self.features & RING_PACKED == 0 { RingForm::Split } else { RingForm::Packed };
        let queue = DriverQueue::with_form(&self.memory, form, size, base);
        if self.features & EVENT_IDX != 0 {
            queue.start_used_events();
        }
        self.registers.enable_queue(index, &queue.layout());
        queue
    }

    /// Everything that a driver does until the device works: agrees to those of `features` that are offered, and sets
    /// up all queues with their largest size, one behind the other from `base` on.
    ///
    /// # Panics
    /// If the device does not agree or cannot start.
    pub fn start(&mut self, features: u128, base: u64) -> Vec<DriverQueue> {
        let features = features & self.offered_features();
        assert!(self.negotiate(features), "the device does not agree to the features {features:#x}");
        let mut queues = Vec::new();
        let mut next = base;
        for index in 0..=u16::MAX {
            let size = self.registers.queue_size_maximum(index);
            if size == 0 {
                break;
            }
            queues.push(self.set_up_queue(index, size, next));
            next = (next + DriverQueue::bytes(size)).next_multiple_of(16);
        }
        self.add_status(status::DRIVER_OK);
        let failure = self.view().status().failure;
        assert!(failure.is_none(), "the device does not start: {failure:?}");
        queues
    }

    /// Sets further bits of the status register.
    pub fn add_status(&mut self, bits: u8) {
        let current = self.registers.status();
        self.registers.set_status(current | bits);
    }

    /// Tells the device to look at a queue.
    pub fn kick(&mut self, queue: u16) {
        self.registers.kick(queue);
    }

    /// Waits for an interrupt, acknowledges it and returns its interrupt status.
    ///
    /// # Panics
    /// If none comes.
    pub fn wait_interrupt(&mut self) -> u32 {
        let mut events = [EpollEvent::default()];
        loop {
            match self.epoll.wait(PATIENCE_IN_MILLISECONDS, &mut events) {
                Ok(0) => panic!("no interrupt has come for {PATIENCE_IN_MILLISECONDS} ms"),
                Ok(_) => break,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => panic!("cannot wait for the interrupt: {error}"),
            }
        }
        self.take_interrupt()
    }

    /// Acknowledges what there is and returns the interrupt status; zero if there was no interrupt.
    pub fn take_interrupt(&mut self) -> u32 {
        u32::from(self.registers.take_interrupt())
    }

    /// Waits until the device has given back at least one chain; returns all that it has.
    ///
    /// # Panics
    /// If no interrupt comes before that.
    pub fn wait_used(&mut self, queue: &mut DriverQueue) -> Vec<(u16, u32)> {
        loop {
            let used = queue.used();
            if !used.is_empty() {
                return used;
            }
            self.wait_interrupt();
        }
    }

    /// Writes guest memory.
    ///
    /// # Panics
    /// If the bytes do not fit there.
    pub fn store(&self, address: u64, bytes: &[u8]) {
        self.memory.write_slice(bytes, GuestAddress(address)).expect("the bytes lie in guest memory");
    }

    /// Reads guest memory.
    ///
    /// # Panics
    /// If there are not as many bytes.
    pub fn load(&self, address: u64, length: u32) -> Vec<u8> {
        let length = usize::try_from(length).expect("an address has more than 32 bits");
        let mut bytes = vec![0; length];
        self.memory.read_slice(&mut bytes, GuestAddress(address)).expect("the bytes lie in guest memory");
        bytes
    }

    /// Offers one chain in `queue`, which has the number `index`, and waits until the device has given it back. Returns
    /// the bytes written.
    ///
    /// # Panics
    /// If no interrupt comes, or other chains come back as well.
    pub fn submit(&mut self, index: u16, queue: &mut DriverQueue, buffers: &[Buffer]) -> u32 {
        let head = queue.chain(buffers);
        queue.publish();
        self.kick(index);
        match self.wait_used(queue).as_slice() {
            [(used, written)] if *used == head => *written,
            others => panic!("the chain {head} was to come back, these have: {others:?}"),
        }
    }

    /// Reads the device's configuration space.
    pub fn read_configuration(&mut self, offset: u64, data: &mut [u8]) {
        self.registers.read_configuration(offset, data);
    }

    /// Writes the device's configuration space.
    pub fn write_configuration(&mut self, offset: u64, data: &[u8]) {
        self.registers.write_configuration(offset, data);
    }
}
