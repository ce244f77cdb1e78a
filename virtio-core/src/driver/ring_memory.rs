//! A ring's areas in guest memory, for the driver to write to.

use super::buffer::RawDescriptor;
use crate::GuestMemory;
use crate::queue::descriptor::DESCRIPTOR_SIZE;
use crate::queue::{RingForm, RingLayout};
use std::sync::atomic::{Ordering, fence};
use vm_memory::{ByteValued, Bytes, GuestAddress};

/// A ring's areas.
#[derive(Debug)]
pub(super) struct RingMemory {
    pub(super) memory: GuestMemory,
    pub(super) layout: RingLayout,
}

impl RingMemory {
    /// The descriptor that is `index` entries behind `table`.
    pub(super) fn write_descriptor(&self, table: u64, index: u16, descriptor: RawDescriptor) {
        let at = table + DESCRIPTOR_SIZE * u64::from(index);
        self.write_descriptor_but_flags(at, descriptor);
        let flags = if self.layout.form == RingForm::Packed { 14 } else { 12 };
        self.store(at + flags, descriptor.flags.to_le());
    }

    /// The same at its address, leaving the flags that stand there.
    pub(super) fn write_descriptor_but_flags(&self, at: u64, descriptor: RawDescriptor) {
        let RawDescriptor { address, length, next, .. } = descriptor;
        self.store(at, address.to_le());
        self.store(at + 8, length.to_le());
        let last = if self.layout.form == RingForm::Packed { 12 } else { 14 };
        self.store(at + last, next.to_le());
    }

    pub(super) fn load<T: ByteValued>(&self, address: u64) -> T {
        self.memory.read_obj(GuestAddress(address)).expect("the ring lies in guest memory")
    }

    pub(super) fn store<T: ByteValued>(&self, address: u64, value: T) {
        self.memory.write_obj(value, GuestAddress(address)).expect("the ring lies in guest memory");
    }

    /// A store that the device sees after all before, and before all after.
    pub(super) fn store_fenced(&self, address: u64, value: u16) {
        fence(Ordering::SeqCst);
        self.store(address, value.to_le());
        fence(Ordering::SeqCst);
    }
}
