//! The driver side of a split virtqueue (virtio 1.3 section 2.7).
//!
//! Each request owns a fixed run of descriptors, so there is no free list: a request's head is all its driver needs to
//! know, and all that the device is believed about.

use core::sync::atomic::{Ordering, fence};

use crate::driver::Broken;
use crate::platform::Platform;

/// Most entries the guest gives a queue.
pub(crate) const LARGEST: u16 = 64;
/// Distance of the driver area from the descriptor table: room for `LARGEST` descriptors.
const AVAILABLE: u64 = 0x400;
/// Distance of the device area from the descriptor table.
const USED: u64 = 0x800;

const NEXT: u64 = 1 << 32;
const WRITE: u64 = 2 << 32;
const INDIRECT: u64 = 4 << 32;

/// A part of a request.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    address: u64,
    length: u32,
    flags: u64,
}

impl Buffer {
    /// For the device to read.
    pub(crate) fn readable(address: u64, length: u32) -> Self {
        Self { address, length, flags: 0 }
    }

    /// For the device to write.
    pub(crate) fn writable(address: u64, length: u32) -> Self {
        Self { address, length, flags: WRITE }
    }
}

/// A request that the device has given back.
#[derive(Clone, Copy)]
pub(crate) struct Completion {
    /// The head it was offered with, if the device tells the truth.
    pub(crate) head: u16,
    /// Bytes that the device says it has written.
    pub(crate) written: u32,
}

/// A virtqueue in the guest's memory.
pub(crate) struct Queue {
    table: u64,
    mask: u16,
    available: u16,
    published: u16,
    used: u16,
    event_index: bool,
    indirect: bool,
    notify: u64,
    index: u16,
}

impl Queue {
    /// A queue of `size` (a power of two up to [`LARGEST`]) entries, with its three areas at and after `table`.
    /// `notify` is the address of the register that takes `index` when there is something new.
    pub(crate) fn new<P: Platform>(
        platform: &mut P,
        table: u64,
        size: u16,
        (notify, index): (u64, u16),
        (event_index, indirect): (bool, bool),
    ) -> Self {
        // Flags and index of both rings: nothing available, nothing used, interrupts wanted.
        platform.store_u32(table + AVAILABLE, 0);
        platform.store_u32(table + USED, 0);
        let mask = size.wrapping_sub(1);
        let queue =
            Self { table, mask, available: 0, published: 0, used: 0, event_index, indirect, notify, index };
        queue.ask_for_interrupt(platform);
        queue
    }

    /// Guest-physical addresses of the descriptor table, the driver area and the device area.
    pub(crate) fn areas(&self) -> [u64; 3] {
        [self.table, self.table + AVAILABLE, self.table + USED]
    }

    /// Makes a chain of `buffers` available in the descriptors from `head` on; [`Queue::publish`] shows it to the device.
    pub(crate) fn offer<P: Platform>(&mut self, platform: &mut P, head: u16, buffers: &[Buffer]) {
        write_table(platform, self.table, head, buffers);
        self.make_available(platform, head);
    }

    /// As [`Queue::offer`], but the chain stands in an indirect table at `table` where the device can do that.
    pub(crate) fn offer_indirect<P: Platform>(
        &mut self,
        platform: &mut P,
        head: u16,
        table: u64,
        buffers: &[Buffer],
    ) {
        if !self.indirect {
            return self.offer(platform, head, buffers);
        }
        write_table(platform, table, 0, buffers);
        let length = buffers.len() as u64 * 16;
        platform.store_u64(self.descriptor(head), table);
        platform.store_u64(self.descriptor(head) + 8, length | INDIRECT);
        self.make_available(platform, head);
    }

    fn descriptor(&self, index: u16) -> u64 {
        self.table + u64::from(index) * 16
    }

    fn make_available<P: Platform>(&mut self, platform: &mut P, head: u16) {
        let entry = u64::from(self.available & self.mask) * 2;
        platform.store_u16(self.table + AVAILABLE + 4 + entry, head);
        self.available = self.available.wrapping_add(1);
    }

    /// Shows the device what was offered since, and notifies it if it wants that (section 2.7.10).
    pub(crate) fn publish<P: Platform>(&mut self, platform: &mut P) {
        if self.published == self.available {
            return;
        }
        fence(Ordering::Release);
        platform.store_u16(self.table + AVAILABLE + 2, self.available);
        // The index must be seen before the device's wish is read, or both sides could miss each other.
        fence(Ordering::SeqCst);
        let wanted = if self.event_index {
            let entries = u64::from(self.mask) + 1;
            let event = platform.load_u16(self.table + USED + 4 + entries * 8);
            crosses(event, self.published, self.available)
        } else {
            platform.load_u16(self.table + USED) & 1 == 0
        };
        self.published = self.available;
        if wanted {
            platform.write_register(self.notify, u32::from(self.index));
        }
    }

    /// The next request that the device has given back.
    pub(crate) fn take<P: Platform>(&mut self, platform: &mut P) -> Result<Option<Completion>, Broken> {
        let mut index = platform.load_u16(self.table + USED + 2);
        if index == self.used {
            self.ask_for_interrupt(platform);
            fence(Ordering::SeqCst);
            index = platform.load_u16(self.table + USED + 2);
            if index == self.used {
                return Ok(None);
            }
        }
        fence(Ordering::Acquire);
        if index.wrapping_sub(self.used) > self.mask.wrapping_add(1) {
            return Err(Broken::UsedIndex);
        }
        let entry = self.table + USED + 4 + u64::from(self.used & self.mask) * 8;
        let head = u16::try_from(platform.load_u32(entry)).map_err(|_| Broken::UsedElement)?;
        if head > self.mask {
            return Err(Broken::UsedElement);
        }
        self.used = self.used.wrapping_add(1);
        Ok(Some(Completion { head, written: platform.load_u32(entry + 4) }))
    }

    /// `used_event`: an interrupt for the very next completion.
    fn ask_for_interrupt<P: Platform>(&self, platform: &mut P) {
        if self.event_index {
            let entries = u64::from(self.mask) + 1;
            platform.store_u16(self.table + AVAILABLE + 4 + entries * 2, self.used);
        }
    }
}

/// Writes `buffers` as a chain into the descriptor table at `table`, from index `first` on.
fn write_table<P: Platform>(platform: &mut P, table: u64, first: u16, buffers: &[Buffer]) {
    let mut index = first;
    let mut left = buffers.len();
    for buffer in buffers {
        left = left.saturating_sub(1);
        let address = table + u64::from(index) * 16;
        index = index.wrapping_add(1);
        let link = if left > 0 { NEXT | u64::from(index) << 48 } else { 0 };
        platform.store_u64(address, buffer.address);
        platform.store_u64(address + 8, u64::from(buffer.length) | buffer.flags | link);
    }
}

/// Whether going from index `old` to `new` passes `event` (virtio 1.3 section 2.7.10.1), all modulo 65536.
fn crosses(event: u16, old: u16, new: u16) -> bool {
    new.wrapping_sub(event).wrapping_sub(1) < new.wrapping_sub(old)
}
