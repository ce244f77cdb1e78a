//! A split ring, the driver's side.

use super::buffer::{Buffer, RawDescriptor};
use super::ring_memory::RingMemory;
use crate::queue::descriptor::DESCRIPTOR_INDIRECT;
use crate::queue::split::layout::AVAILABLE_NO_INTERRUPT;
use std::collections::BTreeMap;
use std::sync::atomic::{Ordering, fence};

/// What the driver knows of a split ring.
#[derive(Debug)]
pub(super) struct SplitDriver {
    ring: RingMemory,
    /// Where the next head goes; behind it, heads wait to be published.
    available: u16,
    /// Used elements seen.
    used: u16,
    free: Vec<u16>,
    /// The descriptors of each chain that the device has, by head.
    chains: BTreeMap<u16, Vec<u16>>,
}

impl SplitDriver {
    pub(super) fn new(ring: RingMemory) -> Self {
        let free = (0..ring.layout.size).rev().collect();
        Self { ring, available: 0, used: 0, free, chains: BTreeMap::new() }
    }

    pub(super) fn ring(&self) -> &RingMemory {
        &self.ring
    }

    pub(super) fn chain(&mut self, buffers: &[Buffer]) -> u16 {
        let descriptors = self.take_free(buffers.len());
        for (position, (descriptor, buffer)) in descriptors.iter().zip(buffers).enumerate() {
            let next = descriptors.get(position + 1).copied();
            let raw = buffer.descriptor(next.is_some(), next.unwrap_or(0));
            self.ring.write_descriptor(self.ring.layout.descriptor_area, *descriptor, raw);
        }
        self.offer_new(descriptors)
    }

    pub(super) fn indirect(&mut self, table: u64, buffers: &[Buffer]) -> u16 {
        for (index, buffer) in (0..).zip(buffers) {
            let next = index + 1;
            let more = usize::from(next) < buffers.len();
            self.ring.write_descriptor(table, index, buffer.descriptor(more, if more { next } else { 0 }));
        }
        let length = u32::try_from(buffers.len() * 16).expect("a table is small");
        let descriptors = self.take_free(1);
        let raw = RawDescriptor { address: table, length, flags: DESCRIPTOR_INDIRECT, next: 0 };
        for index in &descriptors {
            self.ring.write_descriptor(self.ring.layout.descriptor_area, *index, raw);
        }
        self.offer_new(descriptors)
    }

    pub(super) fn publish(&mut self) {
        self.set_available_index(self.available);
    }

    pub(super) fn used(&mut self) -> Vec<(u16, u32)> {
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

    pub(super) fn used_index(&self) -> u16 {
        u16::from_le(self.ring.load(self.ring.layout.device_area + 2))
    }

    pub(super) fn wants_kicks(&self) -> bool {
        u16::from_le(self.ring.load(self.ring.layout.device_area)) & 1 == 0
    }

    pub(super) fn available_event(&self) -> u16 {
        let layout = self.ring.layout;
        u16::from_le(self.ring.load(layout.device_area + 4 + 8 * u64::from(layout.size)))
    }

    pub(super) fn set_used_event(&self, index: u16) {
        let layout = self.ring.layout;
        self.ring.store(layout.driver_area + 4 + 2 * u64::from(layout.size), index.to_le());
    }

    pub(super) fn set_wants_interrupts(&self, wanted: bool) {
        let flags = if wanted { 0 } else { AVAILABLE_NO_INTERRUPT };
        self.ring.store(self.ring.layout.driver_area, flags.to_le());
    }

    pub(super) fn set_available_index(&mut self, index: u16) {
        self.available = index;
        self.ring.store_fenced(self.ring.layout.driver_area + 2, index);
    }

    pub(super) fn set_available_entry(&self, position: u16, head: u16) {
        let slot = u64::from(position % self.ring.layout.size);
        self.ring.store(self.ring.layout.driver_area + 4 + 2 * slot, head.to_le());
    }

    pub(super) fn offer(&mut self, head: u16) {
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
        let slot = u64::from(self.used % self.ring.layout.size);
        let at = self.ring.layout.device_area + 4 + 8 * slot;
        let head = u32::from_le(self.ring.load(at));
        let written = u32::from_le(self.ring.load(at + 4));
        let head = u16::try_from(head).unwrap_or_else(|_| panic!("the device gave back head {head}"));
        let descriptors = self.chains.remove(&head).unwrap_or_default();
        self.free.extend(descriptors.into_iter().rev());
        self.used = self.used.wrapping_add(1);
        fence(Ordering::SeqCst);
        (head, written)
    }
}
