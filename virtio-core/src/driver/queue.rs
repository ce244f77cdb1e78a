//! A ring of either form, the driver's side.

use super::buffer::{Buffer, RawDescriptor};
use super::packed::PackedDriver;
use super::ring_memory::RingMemory;
use super::split::SplitDriver;
use crate::GuestMemory;
use crate::interrupt::{Interrupt, LineInterrupt};
use crate::introspection::PublishedQueue;
use crate::queue::descriptor::DESCRIPTOR_SIZE;
use crate::queue::{Queue, QueueConfiguration, QueueError, RingForm, RingLayout};
use std::sync::Arc;
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// The driver's side of a ring in guest memory.
#[derive(Debug)]
pub struct DriverQueue {
    ring: Ring,
}

#[derive(Debug)]
enum Ring {
    Split(SplitDriver),
    Packed(PackedDriver),
}

/// The device's side of a [`DriverQueue`], for tests without a device.
#[derive(Debug)]
pub struct DeviceSide {
    /// The queue.
    pub queue: Queue,
    /// What monitors see of it.
    pub published: Arc<PublishedQueue>,
    /// Where it interrupts.
    pub interrupt: Arc<dyn Interrupt>,
}

/// Calls a method that both forms have.
macro_rules! either {
    ($queue:expr, $ring:ident => $call:expr) => {
        match $queue {
            Ring::Split($ring) => $call,
            Ring::Packed($ring) => $call,
        }
    };
}

impl DriverQueue {
    /// A split ring of `size` descriptors at `base`, which has to be aligned to 16: descriptor table, available ring,
    /// used ring, one behind the other. All of it is zeroed.
    pub fn new(memory: &GuestMemory, size: u16, base: u64) -> Self {
        Self::with_form(memory, RingForm::Split, size, base)
    }

    /// As [`new`](Self::new), of either form. A packed ring has behind its descriptors the driver's and the device's
    /// event suppression structure.
    pub fn with_form(memory: &GuestMemory, form: RingForm, size: u16, base: u64) -> Self {
        let entries = u64::from(size);
        let driver_area = base + DESCRIPTOR_SIZE * entries;
        let device_area = match form {
            RingForm::Split => (driver_area + 6 + 2 * entries).next_multiple_of(4),
            RingForm::Packed => driver_area + 4,
        };
        let layout = RingLayout { form, size, descriptor_area: base, driver_area, device_area };
        let length = usize::try_from(Self::bytes(size)).expect("a ring is small");
        memory.write_slice(&vec![0; length], GuestAddress(base)).expect("the ring lies in guest memory");
        let ring = RingMemory { memory: Arc::clone(memory), layout };
        Self {
            ring: match form {
                RingForm::Split => Ring::Split(SplitDriver::new(ring)),
                RingForm::Packed => Ring::Packed(PackedDriver::new(ring)),
            },
        }
    }

    /// Bytes that a ring of `size` descriptors takes at most.
    pub fn bytes(size: u16) -> u64 {
        let entries = u64::from(size);
        (DESCRIPTOR_SIZE * entries + 6 + 2 * entries).next_multiple_of(4) + 6 + 8 * entries
    }

    /// Where the ring lies.
    pub fn layout(&self) -> RingLayout {
        self.memory().layout
    }

    /// The device's side of this ring, at its beginning. With `event_index` on a packed ring, the driver asks from now
    /// on to be interrupted for the next chain that comes back.
    ///
    /// # Errors
    /// A layout that the device refuses.
    pub fn device_side(
        &self,
        indirect_descriptors: bool,
        event_index: bool,
    ) -> Result<DeviceSide, QueueError> {
        let layout = self.layout();
        if event_index {
            self.start_used_events();
        }
        let line = EventFd::new(EFD_NONBLOCK).expect("the host has an event file descriptor");
        let interrupt: Arc<dyn Interrupt> = Arc::new(LineInterrupt::new(line));
        let published = Arc::new(PublishedQueue::new(0, layout.size));
        published.publish_layout(&layout, true);
        let configuration = QueueConfiguration {
            index: 0,
            maximum_size: layout.size,
            layout,
            indirect_descriptors,
            event_index,
            stage_clocks: true,
        };
        let memory = Arc::clone(&self.memory().memory);
        let queue = Queue::new(&configuration, memory, Arc::clone(&published), Arc::clone(&interrupt))?;
        Ok(DeviceSide { queue, published, interrupt })
    }

    /// Puts a chain of direct descriptors on the ring, one a buffer, and returns what the device will know it by: its
    /// head, or on a packed ring its buffer id. The device cannot see it before [`publish`](Self::publish).
    ///
    /// # Panics
    /// Without buffers, or if the free descriptors do not suffice.
    pub fn chain(&mut self, buffers: &[Buffer]) -> u16 {
        either!(&mut self.ring, ring => ring.chain(buffers))
    }

    /// As [`chain`](Self::chain), but the chain consists of one indirect descriptor, whose table of one entry a buffer
    /// is written at `table`.
    ///
    /// # Panics
    /// If there is no free descriptor.
    pub fn indirect(&mut self, table: u64, buffers: &[Buffer]) -> u16 {
        either!(&mut self.ring, ring => ring.indirect(table, buffers))
    }

    /// Lets the device see all chains that were put on the ring.
    pub fn publish(&mut self) {
        either!(&mut self.ring, ring => ring.publish());
    }

    /// The chains that the device has given back since the last time: head or buffer id, and bytes written. Their
    /// descriptors are free again. Then asks for an interrupt at the next one (if the event index was negotiated).
    ///
    /// # Panics
    /// If the device gives back what it cannot have.
    pub fn used(&mut self) -> Vec<(u16, u32)> {
        either!(&mut self.ring, ring => ring.used())
    }

    /// Whether the device wants kicks, by flag (without event index).
    pub fn wants_kicks(&self) -> bool {
        either!(&self.ring, ring => ring.wants_kicks())
    }

    /// The available index at which the device wants a kick (with event index); on a packed ring the slot, with the
    /// wrap counter as bit 15.
    pub fn available_event(&self) -> u16 {
        either!(&self.ring, ring => ring.available_event())
    }

    /// Says at which used index to interrupt (with event index); on a packed ring at which slot, with the wrap counter
    /// as bit 15.
    pub fn set_used_event(&self, index: u16) {
        either!(&self.ring, ring => ring.set_used_event(index));
    }

    /// Says by flag whether to interrupt (without event index).
    pub fn set_wants_interrupts(&self, wanted: bool) {
        either!(&self.ring, ring => ring.set_wants_interrupts(wanted));
    }

    /// Overwrites a descriptor of the ring.
    pub fn set_descriptor(&self, index: u16, descriptor: RawDescriptor) {
        self.write_descriptor(self.layout().descriptor_area, index, descriptor);
    }

    /// Writes a descriptor of any table, for example an indirect one.
    ///
    /// # Panics
    /// If it is not in guest memory.
    pub fn write_descriptor(&self, table: u64, index: u16, descriptor: RawDescriptor) {
        self.memory().write_descriptor(table, index, descriptor);
    }

    /// Asks to be interrupted for the first chain that comes back (with event index).
    pub(super) fn start_used_events(&self) {
        if self.layout().form == RingForm::Packed {
            // Slot 0 of the first round. (On a split ring, zeroed memory says the same.)
            self.set_used_event(1 << 15);
        }
    }

    fn memory(&self) -> &RingMemory {
        either!(&self.ring, ring => ring.ring())
    }
}

/// What only a split ring has. All of these panic on a packed one.
impl DriverQueue {
    /// The device's index, from memory.
    pub fn used_index(&self) -> u16 {
        self.split().used_index()
    }

    /// Overwrites the available index: whatever stands on the ring up to there is offered.
    pub fn set_available_index(&mut self, index: u16) {
        self.split_mut().set_available_index(index);
    }

    /// Overwrites an entry of the available ring.
    pub fn set_available_entry(&self, position: u16, head: u16) {
        self.split().set_available_entry(position, head);
    }

    /// Offers a head again, or one that never was a chain's. The device cannot see it before
    /// [`publish`](Self::publish).
    pub fn offer(&mut self, head: u16) {
        self.split_mut().offer(head);
    }

    fn split(&self) -> &SplitDriver {
        match &self.ring {
            Ring::Split(ring) => ring,
            Ring::Packed(_) => panic!("a packed ring has no available and no used index"),
        }
    }

    fn split_mut(&mut self) -> &mut SplitDriver {
        match &mut self.ring {
            Ring::Split(ring) => ring,
            Ring::Packed(_) => panic!("a packed ring has no available and no used index"),
        }
    }
}
