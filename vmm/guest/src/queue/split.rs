//! The driver side of a split ring (virtio 1.3 section 2.7).

use core::sync::atomic::{Ordering, fence};

use super::{AREAS, Buffer, Completion, Options, Place};
use crate::driver::Broken;
use crate::platform::Platform;

const NEXT: u64 = 1 << 32;
const WRITE: u64 = 2 << 32;
const INDIRECT: u64 = 4 << 32;

/// A split ring in the guest's memory.
pub(crate) struct SplitQueue {
    place: Place,
    mask: u16,
    available: u16,
    published: u16,
    used: u16,
    options: Options,
}

impl SplitQueue {
    /// A ring at its beginning.
    pub(crate) fn new<P: Platform>(platform: &mut P, place: Place, options: Options) -> Self {
        let mask = place.size.wrapping_sub(1);
        let queue = Self { place, mask, available: 0, published: 0, used: 0, options };
        // Flags and index of both rings: nothing available, nothing used, interrupts wanted.
        platform.store_u32(queue.available_ring(), 0);
        platform.store_u32(queue.used_ring(), 0);
        queue.ask_for_interrupt(platform);
        queue
    }

    fn available_ring(&self) -> u64 {
        self.place.table + AREAS[1]
    }

    fn used_ring(&self) -> u64 {
        self.place.table + AREAS[2]
    }

    fn entries(&self) -> u64 {
        u64::from(self.place.size)
    }

    /// Makes a chain of `buffers` available in the descriptors from `head` on; `publish` shows it to the device.
    pub(crate) fn offer<P: Platform>(&mut self, platform: &mut P, head: u16, buffers: &[Buffer]) {
        write_table(platform, self.place.table, head, buffers);
        self.make_available(platform, head);
    }

    /// As `offer`, but the chain stands in an indirect table at `table` where the device can do that.
    pub(crate) fn offer_indirect<P: Platform>(
        &mut self,
        platform: &mut P,
        head: u16,
        table: u64,
        buffers: &[Buffer],
    ) {
        if !self.options.indirect {
            return self.offer(platform, head, buffers);
        }
        write_table(platform, table, 0, buffers);
        let length = buffers.len() as u64 * 16;
        platform.store_u64(self.descriptor(head), table);
        platform.store_u64(self.descriptor(head) + 8, length | INDIRECT);
        self.make_available(platform, head);
    }

    fn descriptor(&self, index: u16) -> u64 {
        self.place.table + u64::from(index) * 16
    }

    fn make_available<P: Platform>(&mut self, platform: &mut P, head: u16) {
        let entry = u64::from(self.available & self.mask) * 2;
        platform.store_u16(self.available_ring() + 4 + entry, head);
        self.available = self.available.wrapping_add(1);
    }

    /// Shows the device what was offered since, and notifies it if it wants that (section 2.7.10).
    pub(crate) fn publish<P: Platform>(&mut self, platform: &mut P) {
        if self.published == self.available {
            return;
        }
        fence(Ordering::Release);
        platform.store_u16(self.available_ring() + 2, self.available);
        // The index must be seen before the device's wish is read, or both sides could miss each other.
        fence(Ordering::SeqCst);
        let wanted = if self.options.event_index {
            let event = platform.load_u16(self.used_ring() + 4 + self.entries() * 8);
            crosses(event, self.published, self.available)
        } else {
            platform.load_u16(self.used_ring()) & 1 == 0
        };
        self.published = self.available;
        if wanted {
            self.place.notify(platform);
        }
    }

    /// The next request that the device has given back.
    pub(crate) fn take<P: Platform>(&mut self, platform: &mut P) -> Result<Option<Completion>, Broken> {
        let mut index = platform.load_u16(self.used_ring() + 2);
        if index == self.used {
            self.ask_for_interrupt(platform);
            fence(Ordering::SeqCst);
            index = platform.load_u16(self.used_ring() + 2);
            if index == self.used {
                return Ok(None);
            }
        }
        fence(Ordering::Acquire);
        if index.wrapping_sub(self.used) > self.place.size {
            return Err(Broken::UsedIndex);
        }
        let entry = self.used_ring() + 4 + u64::from(self.used & self.mask) * 8;
        let head = u16::try_from(platform.load_u32(entry)).map_err(|_| Broken::UsedElement)?;
        if head > self.mask {
            return Err(Broken::UsedElement);
        }
        self.used = self.used.wrapping_add(1);
        Ok(Some(Completion { head, written: platform.load_u32(entry + 4) }))
    }

    /// `used_event`: an interrupt for the very next completion.
    fn ask_for_interrupt<P: Platform>(&self, platform: &mut P) {
        if self.options.event_index {
            platform.store_u16(self.available_ring() + 4 + self.entries() * 2, self.used);
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
        let write = if buffer.writable { WRITE } else { 0 };
        platform.store_u64(address, buffer.address);
        platform.store_u64(address + 8, u64::from(buffer.length) | write | link);
    }
}

/// Whether going from index `old` to `new` passes `event` (virtio 1.3 section 2.7.10.1), all modulo 65536.
fn crosses(event: u16, old: u16, new: u16) -> bool {
    new.wrapping_sub(event).wrapping_sub(1) < new.wrapping_sub(old)
}
