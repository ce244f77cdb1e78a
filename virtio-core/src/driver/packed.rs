//! A packed ring, the driver's side.

use super::buffer::{Buffer, RawDescriptor};
use super::ring_memory::RingMemory;
use crate::queue::descriptor::{DESCRIPTOR_INDIRECT, DESCRIPTOR_SIZE};
use crate::queue::packed::position::Position;
use std::collections::BTreeMap;
use std::sync::atomic::{Ordering, fence};

/// The field of an event suppression structure with the flags: no notifications.
const DISABLE: u16 = 1;
/// The same field: a notification when the slot named in the other field changes hands.
const DESCRIPTOR: u16 = 2;

/// What the driver knows of a packed ring.
#[derive(Debug)]
pub(super) struct PackedDriver {
    ring: RingMemory,
    /// Where the next chain goes.
    available: Position,
    /// The first descriptor that the device is not to see yet, and the flags that will show it, and all behind it.
    unpublished: Option<(u16, u16)>,
    /// Where the device will give back the next chain.
    used: Position,
    free_slots: u16,
    free_ids: Vec<u16>,
    /// How many slots each chain has that the device has, by buffer id.
    chains: BTreeMap<u16, u16>,
}

impl PackedDriver {
    pub(super) fn new(ring: RingMemory) -> Self {
        let size = ring.layout.size;
        Self {
            ring,
            available: Position::START,
            unpublished: None,
            used: Position::START,
            free_slots: size,
            // Not the numbers of the slots: whoever mixes the two is to be found out.
            free_ids: (0..size).map(|number| number + 100).collect(),
            chains: BTreeMap::new(),
        }
    }

    pub(super) fn ring(&self) -> &RingMemory {
        &self.ring
    }

    pub(super) fn chain(&mut self, buffers: &[Buffer]) -> u16 {
        let id = self.take_free(buffers.len());
        for (number, buffer) in (1..).zip(buffers) {
            self.put(buffer.descriptor(number < buffers.len(), id));
        }
        id
    }

    pub(super) fn indirect(&mut self, table: u64, buffers: &[Buffer]) -> u16 {
        // In a table the order is that of memory, and no flag but WRITE counts.
        for (index, buffer) in (0..).zip(buffers) {
            self.ring.write_descriptor(table, index, buffer.descriptor(false, 0));
        }
        let length = u32::try_from(buffers.len() * 16).expect("a table is small");
        let id = self.take_free(1);
        self.put(RawDescriptor { address: table, length, flags: DESCRIPTOR_INDIRECT, next: id });
        id
    }

    pub(super) fn publish(&mut self) {
        if let Some((slot, flags)) = self.unpublished.take() {
            self.ring.store_fenced(self.address(slot) + 14, flags);
        }
    }

    pub(super) fn used(&mut self) -> Vec<(u16, u32)> {
        let mut elements = Vec::new();
        loop {
            while let Some(element) = self.take_used() {
                elements.push(element);
            }
            // Only the slot: whether it counts, the flags say.
            self.ring.store(self.ring.layout.driver_area, self.used.to_bits().to_le());
            // The device may have given back another one before it saw the wish.
            fence(Ordering::SeqCst);
            if !self.is_used() {
                return elements;
            }
        }
    }

    pub(super) fn wants_kicks(&self) -> bool {
        u16::from_le(self.ring.load(self.ring.layout.device_area + 2)) != DISABLE
    }

    pub(super) fn available_event(&self) -> u16 {
        u16::from_le(self.ring.load(self.ring.layout.device_area))
    }

    pub(super) fn set_used_event(&self, place: u16) {
        self.ring.store(self.ring.layout.driver_area, place.to_le());
        self.ring.store(self.ring.layout.driver_area + 2, DESCRIPTOR.to_le());
    }

    pub(super) fn set_wants_interrupts(&self, wanted: bool) {
        let flags = if wanted { 0 } else { DISABLE };
        self.ring.store(self.ring.layout.driver_area + 2, flags.to_le());
    }

    /// Puts a descriptor into the next slot; the first one since the last publication stays invisible.
    fn put(&mut self, raw: RawDescriptor) {
        let slot = self.available.slot;
        let flags = raw.flags | self.available.available_flags();
        let at = self.address(slot);
        self.ring.write_descriptor_but_flags(at, raw);
        if self.unpublished.is_some() {
            self.ring.store(at + 14, flags.to_le());
        } else {
            self.unpublished = Some((slot, flags));
        }
        self.available = self.available.advance(1, self.ring.layout.size);
    }

    /// An id for a chain of `count` descriptors.
    fn take_free(&mut self, count: usize) -> u16 {
        assert!(count > 0, "a chain has a buffer");
        let count = u16::try_from(count).expect("a chain is short");
        self.free_slots = self.free_slots.checked_sub(count).expect("the ring has enough free descriptors");
        let id = self.free_ids.pop().expect("there are as many ids as slots");
        self.chains.insert(id, count);
        id
    }

    fn is_used(&self) -> bool {
        let flags = u16::from_le(self.ring.load(self.address(self.used.slot) + 14));
        self.used.is_used(flags)
    }

    fn take_used(&mut self) -> Option<(u16, u32)> {
        if !self.is_used() {
            return None;
        }
        fence(Ordering::SeqCst);
        let at = self.address(self.used.slot);
        let written = u32::from_le(self.ring.load(at + 8));
        let id = u16::from_le(self.ring.load(at + 12));
        let slots = self.chains.remove(&id).unwrap_or_else(|| panic!("the device gave back buffer id {id}"));
        self.free_slots += slots;
        self.free_ids.push(id);
        self.used = self.used.advance(slots, self.ring.layout.size);
        Some((id, written))
    }

    fn address(&self, slot: u16) -> u64 {
        self.ring.layout.descriptor_area + DESCRIPTOR_SIZE * u64::from(slot)
    }
}
