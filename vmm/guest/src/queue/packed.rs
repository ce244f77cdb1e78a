//! The driver side of a packed ring (virtio 1.3 section 2.8).
//!
//! Places on the ring are counted without end; the size is a power of two, so that the slot and the wrap counter of a
//! place are bits of the count.

use core::sync::atomic::{Ordering, fence};

use super::{AREAS, Buffer, Completion, LARGEST, Options, Place};
use crate::driver::Broken;
use crate::platform::Platform;

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;
const AVAILABLE: u16 = 1 << 7;
const USED: u16 = 1 << 15;

/// Flags of an event suppression structure, as they stand in its upper half.
const DISABLE: u32 = 1 << 16;
const DESCRIPTOR: u32 = 2 << 16;
const FLAGS: u32 = 3 << 16;

/// A packed ring in the guest's memory.
pub(super) struct PackedQueue {
    place: Place,
    options: Options,
    /// Where the next descriptor goes.
    available: u16,
    /// Everything before this place was shown to the device.
    published: u16,
    /// The flags that show the device the descriptor at `published`, and all behind it.
    first_flags: u16,
    /// Where the device gives back the next request.
    used: u16,
    /// How many descriptors each request has that the device has, by head.
    slots: [u8; LARGEST as usize],
}

impl PackedQueue {
    /// A ring at its beginning.
    pub(super) fn new<P: Platform>(platform: &mut P, place: Place, options: Options) -> Self {
        let slots = [0; LARGEST as usize];
        let queue = Self { place, options, available: 0, published: 0, first_flags: 0, used: 0, slots };
        for slot in 0..place.size {
            // Neither available nor used in the first round, whatever the memory held.
            platform.store_u64(queue.descriptor(slot) + 8, 0);
        }
        platform.store_u32(queue.driver_area(), 0);
        platform.store_u32(queue.device_area(), 0);
        queue.ask_for_interrupt(platform);
        queue
    }

    /// A chain in the next slots.
    pub(super) fn offer<P: Platform>(&mut self, platform: &mut P, head: u16, buffers: &[Buffer]) {
        let mut left = buffers.len();
        for buffer in buffers {
            left = left.saturating_sub(1);
            let next = if left > 0 { NEXT } else { 0 };
            self.put(platform, head, *buffer, next);
        }
        self.remember(head, buffers.len());
    }

    /// A chain of one descriptor, with its buffers in a table.
    pub(super) fn offer_indirect<P: Platform>(
        &mut self,
        platform: &mut P,
        head: u16,
        table: u64,
        buffers: &[Buffer],
    ) {
        if !self.options.indirect {
            return self.offer(platform, head, buffers);
        }
        let mut entry = table;
        for buffer in buffers {
            let flags = if buffer.writable { WRITE } else { 0 };
            platform.store_u64(entry, buffer.address);
            platform.store_u64(entry + 8, u64::from(buffer.length) | u64::from(flags) << 48);
            entry += 16;
        }
        // A table is never longer than a few descriptors.
        let length = u32::try_from(buffers.len()).unwrap_or(0).wrapping_mul(16);
        self.put(platform, head, Buffer::readable(table, length), INDIRECT);
        self.remember(head, 1);
    }

    /// Writes one descriptor. The first one since the last publication stays hidden, and all behind it.
    fn put<P: Platform>(&mut self, platform: &mut P, head: u16, buffer: Buffer, flags: u16) {
        let address = self.descriptor(self.available);
        let owner = if self.wrap(self.available) { AVAILABLE } else { USED };
        let write = if buffer.writable { WRITE } else { 0 };
        let flags = flags | write | owner;
        platform.store_u64(address, buffer.address);
        platform.store_u32(address + 8, buffer.length);
        platform.store_u16(address + 12, head);
        if self.available == self.published {
            self.first_flags = flags;
        } else {
            platform.store_u16(address + 14, flags);
        }
        self.available = self.available.wrapping_add(1);
    }

    fn remember(&mut self, head: u16, slots: usize) {
        if let Some(place) = self.slots.get_mut(usize::from(head)) {
            *place = u8::try_from(slots).unwrap_or(0);
        }
    }

    /// Shows the device what was offered since, and notifies it if it wants that (section 2.8.10).
    pub(super) fn publish<P: Platform>(&mut self, platform: &mut P) {
        let steps = self.available.wrapping_sub(self.published);
        if steps == 0 {
            return;
        }
        fence(Ordering::Release);
        platform.store_u16(self.descriptor(self.published) + 14, self.first_flags);
        // The flags must be seen before the device's wish is read, or both sides could miss each other.
        fence(Ordering::SeqCst);
        let wish = platform.load_u32(self.device_area());
        let wanted = match wish & FLAGS {
            DISABLE => false,
            DESCRIPTOR if self.options.event_index => self.crosses(wish, steps),
            _ => true,
        };
        self.published = self.available;
        if wanted {
            self.place.notify(platform);
        }
    }

    /// Whether the last `steps` places that were filled have the one that `wish` names.
    fn crosses(&self, wish: u32, steps: u16) -> bool {
        let [low, high, ..] = wish.to_le_bytes();
        let event = u16::from_le_bytes([low, high]);
        let round = if event & 0x8000 == 0 { self.place.size } else { 0 };
        let event = (event & 0x7fff).wrapping_add(round);
        let two_rounds = self.place.size.wrapping_mul(2).wrapping_sub(1);
        self.available.wrapping_sub(event).wrapping_sub(1) & two_rounds < steps
    }

    /// The next request that the device has given back.
    pub(super) fn take<P: Platform>(&mut self, platform: &mut P) -> Result<Option<Completion>, Broken> {
        if !self.is_used(platform) {
            self.ask_for_interrupt(platform);
            fence(Ordering::SeqCst);
            if !self.is_used(platform) {
                return Ok(None);
            }
        }
        fence(Ordering::Acquire);
        let address = self.descriptor(self.used);
        let head = platform.load_u16(address + 12);
        let slots = self.slots.get_mut(usize::from(head)).ok_or(Broken::UsedElement)?;
        let taken = u16::from(core::mem::take(slots));
        if taken == 0 {
            return Err(Broken::UsedElement);
        }
        self.used = self.used.wrapping_add(taken);
        Ok(Some(Completion { head, written: platform.load_u32(address + 8) }))
    }

    fn is_used<P: Platform>(&self, platform: &P) -> bool {
        let flags = platform.load_u16(self.descriptor(self.used) + 14);
        let wrap = self.wrap(self.used);
        (flags & AVAILABLE != 0) == wrap && (flags & USED != 0) == wrap
    }

    /// An interrupt for the very next completion.
    fn ask_for_interrupt<P: Platform>(&self, platform: &mut P) {
        if self.options.event_index {
            let wrap = if self.wrap(self.used) { 0x8000 } else { 0 };
            let place = u32::from(self.slot(self.used) | wrap);
            platform.store_u32(self.driver_area(), DESCRIPTOR | place);
        }
    }

    fn slot(&self, place: u16) -> u16 {
        place & self.place.size.wrapping_sub(1)
    }

    /// The wrap counter: set in the first round, and in every other one from there.
    fn wrap(&self, place: u16) -> bool {
        place & self.place.size == 0
    }

    fn descriptor(&self, place: u16) -> u64 {
        self.place.table + u64::from(self.slot(place)) * 16
    }

    fn driver_area(&self) -> u64 {
        self.place.table + AREAS[1]
    }

    fn device_area(&self) -> u64 {
        self.place.table + AREAS[2]
    }
}
