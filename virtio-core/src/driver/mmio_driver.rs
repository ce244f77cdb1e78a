//! Takes a device through the handshake of virtio-mmio, register by register.

use super::buffer::Buffer;
use super::queue::DriverQueue;
use crate::GuestMemory;
use crate::device::Device;
use crate::feature_map::{EVENT_IDX, RING_PACKED};
use crate::mmio::MmioTransport;
use crate::queue::RingForm;
use crate::transport::status;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// How long a test waits for an interrupt before it fails. It is never waited for to the end in a test that passes.
const PATIENCE_IN_MILLISECONDS: i32 = 20_000;

/// Offsets of the registers that the handshake uses (virtio 1.3, 4.2.2). Written down apart from the transport's own on
/// purpose: a driver that took its numbers from the device would never find a wrong one.
pub mod offset {
    #![expect(missing_docs, reason = "the names are the specification's")]
    pub const MAGIC_VALUE: u64 = 0x000;
    pub const VERSION: u64 = 0x004;
    pub const DEVICE_ID: u64 = 0x008;
    pub const DEVICE_FEATURES: u64 = 0x010;
    pub const DEVICE_FEATURES_SELECT: u64 = 0x014;
    pub const DRIVER_FEATURES: u64 = 0x020;
    pub const DRIVER_FEATURES_SELECT: u64 = 0x024;
    pub const QUEUE_SELECT: u64 = 0x030;
    pub const QUEUE_SIZE_MAXIMUM: u64 = 0x034;
    pub const QUEUE_SIZE: u64 = 0x038;
    pub const QUEUE_READY: u64 = 0x044;
    pub const QUEUE_NOTIFY: u64 = 0x050;
    pub const INTERRUPT_STATUS: u64 = 0x060;
    pub const INTERRUPT_ACKNOWLEDGE: u64 = 0x064;
    pub const STATUS: u64 = 0x070;
    pub const QUEUE_DESCRIPTOR: u64 = 0x080;
    pub const QUEUE_DRIVER: u64 = 0x090;
    pub const QUEUE_DEVICE: u64 = 0x0a0;
    pub const CONFIGURATION_GENERATION: u64 = 0x0fc;
    pub const CONFIGURATION_SPACE: u64 = 0x100;
}

/// A driver without a guest: it has a device behind a transport to itself.
pub struct MmioDriver {
    transport: MmioTransport,
    memory: GuestMemory,
    interrupt: EventFd,
    epoll: Epoll,
    /// Acknowledged, and agreed to by the device.
    features: u128,
}

impl MmioDriver {
    /// Puts the device behind a transport that offers split rings only.
    ///
    /// # Panics
    /// If the transport refuses the device, or the host has no more file descriptors.
    pub fn new(device: Box<dyn Device>, memory: &GuestMemory) -> Self {
        Self::with_rings(device, memory, RingForm::Split)
    }

    /// Puts the device behind a transport that offers these rings.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn with_rings(device: Box<dyn Device>, memory: &GuestMemory, rings: RingForm) -> Self {
        let interrupt = EventFd::new(EFD_NONBLOCK).expect("the host has an event file descriptor");
        let line = interrupt.try_clone().expect("the host has an event file descriptor");
        let transport = MmioTransport::new(device, Arc::clone(memory), line, rings)
            .unwrap_or_else(|error| panic!("the transport refuses the device: {error}"));
        let epoll = Epoll::new().expect("the host has an epoll instance");
        let event = EpollEvent::new(EventSet::IN, 0);
        epoll.ctl(ControlOperation::Add, interrupt.as_raw_fd(), event).expect("epoll takes an event");
        Self { transport, memory: Arc::clone(memory), interrupt, epoll, features: 0 }
    }

    /// The transport.
    pub fn transport(&mut self) -> &mut MmioTransport {
        &mut self.transport
    }

    /// Reads a register.
    pub fn read(&mut self, offset: u64) -> u32 {
        let mut data = [0; 4];
        self.transport.read(offset, &mut data);
        u32::from_le_bytes(data)
    }

    /// Writes a register.
    pub fn write(&mut self, offset: u64, value: u32) {
        self.transport.write(offset, &value.to_le_bytes());
    }

    /// The features offered.
    pub fn offered_features(&mut self) -> u128 {
        (0..4).fold(0, |features, select| {
            self.write(offset::DEVICE_FEATURES_SELECT, select);
            features | u128::from(self.read(offset::DEVICE_FEATURES)) << (32 * select)
        })
    }

    /// Resets the device, acknowledges it and these features; whether the device agrees with them.
    pub fn negotiate(&mut self, features: u128) -> bool {
        self.write(offset::STATUS, 0);
        self.add_status(status::ACKNOWLEDGE);
        self.add_status(status::DRIVER);
        for (select, word) in (0..).zip(features.to_le_bytes().as_chunks().0) {
            self.write(offset::DRIVER_FEATURES_SELECT, select);
            self.write(offset::DRIVER_FEATURES, u32::from_le_bytes(*word));
        }
        self.add_status(status::FEATURES_OK);
        let agreed = self.read(offset::STATUS) & u32::from(status::FEATURES_OK) != 0;
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
        let layout = queue.layout();
        self.write(offset::QUEUE_SELECT, u32::from(index));
        self.write(offset::QUEUE_SIZE, u32::from(size));
        self.write_address(offset::QUEUE_DESCRIPTOR, layout.descriptor_area);
        self.write_address(offset::QUEUE_DRIVER, layout.driver_area);
        self.write_address(offset::QUEUE_DEVICE, layout.device_area);
        self.write(offset::QUEUE_READY, 1);
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
            self.write(offset::QUEUE_SELECT, u32::from(index));
            let size =
                u16::try_from(self.read(offset::QUEUE_SIZE_MAXIMUM)).expect("a queue size has 16 bits");
            if size == 0 {
                break;
            }
            queues.push(self.set_up_queue(index, size, next));
            next = (next + DriverQueue::bytes(size)).next_multiple_of(16);
        }
        self.add_status(status::DRIVER_OK);
        let failure = self.transport.view().status().failure;
        assert!(failure.is_none(), "the device does not start: {failure:?}");
        queues
    }

    /// Sets further bits of the status register.
    pub fn add_status(&mut self, bits: u8) {
        let current = self.read(offset::STATUS);
        self.write(offset::STATUS, current | u32::from(bits));
    }

    /// Tells the device to look at a queue.
    pub fn kick(&mut self, queue: u16) {
        self.write(offset::QUEUE_NOTIFY, u32::from(queue));
    }

    /// Waits for an interrupt, acknowledges it and returns its InterruptStatus.
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

    /// Acknowledges what there is and returns the InterruptStatus; zero if there was no interrupt.
    pub fn take_interrupt(&mut self) -> u32 {
        // Nothing to read means that no interrupt has come.
        let _ = self.interrupt.read();
        let status = self.read(offset::INTERRUPT_STATUS);
        self.write(offset::INTERRUPT_ACKNOWLEDGE, status);
        status
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

    fn write_address(&mut self, offset: u64, address: u64) {
        let [low, high] = halves(address);
        self.write(offset, low);
        self.write(offset + 4, high);
    }
}

/// The low and the high 32 bits.
fn halves(value: u64) -> [u32; 2] {
    let [b0, b1, b2, b3, b4, b5, b6, b7] = value.to_le_bytes();
    [u32::from_le_bytes([b0, b1, b2, b3]), u32::from_le_bytes([b4, b5, b6, b7])]
}
