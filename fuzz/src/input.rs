//! Numbers out of the fuzzer's bytes.

use virtio_core::RingForm;
use virtio_core::driver::RawDescriptor;

use crate::MEMORY;

/// The bytes that are left.
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let count = N.min(self.0.len());
        let (taken, rest) = self.0.split_at(count);
        bytes[..count].copy_from_slice(taken);
        self.0 = rest;
        bytes
    }

    pub(crate) fn u8(&mut self) -> u8 {
        u8::from_le_bytes(self.take())
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    pub(crate) fn bool(&mut self) -> bool {
        self.u8() % 2 == 1
    }

    /// An address: mostly in guest memory, sometimes around its end, sometimes anywhere.
    pub(crate) fn address(&mut self) -> u64 {
        match self.u8() % 8 {
            0 => u64::from_le_bytes(self.take()),
            1 => (MEMORY as u64 - 32) + u64::from(self.u8() % 64),
            _ => u64::from(self.u16()),
        }
    }

    /// An address in guest memory for an area with this alignment.
    pub(crate) fn area(&mut self, alignment: u64) -> u64 {
        u64::from(self.u16()) / alignment * alignment
    }

    /// A length: mostly of a buffer or a table of ordinary size.
    pub(crate) fn length(&mut self) -> u32 {
        match self.u8() % 4 {
            0 => self.u32(),
            1 => u32::from(self.u8()) * 16,
            _ => u32::from(self.u16()),
        }
    }

    pub(crate) fn descriptor(&mut self) -> RawDescriptor {
        let (address, length) = (self.address(), self.length());
        let [flags, owner] = self.take();
        // The flags with a meaning, and those that say whose turn it is on a packed ring.
        let flags = u16::from(flags % 8) | [0x80, 0x8000, 0, 0x8080][usize::from(owner % 4)];
        RawDescriptor { address, length, flags, next: u16::from(self.u8()) }
    }

    pub(crate) fn form(&mut self) -> RingForm {
        RingForm::BOTH[usize::from(self.u8() % 2)]
    }
}
