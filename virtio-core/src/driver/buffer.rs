//! What a driver puts on its rings.

use crate::queue::descriptor::{DESCRIPTOR_NEXT, DESCRIPTOR_WRITE};

/// A buffer that the driver offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Guest physical address.
    pub address: u64,
    /// Bytes.
    pub length: u32,
    /// Whether the device is to write it.
    pub writable: bool,
}

impl Buffer {
    /// A buffer for the device to read.
    pub fn readable(address: u64, length: u32) -> Self {
        Self { address, length, writable: false }
    }

    /// A buffer for the device to write.
    pub fn writable(address: u64, length: u32) -> Self {
        Self { address, length, writable: true }
    }

    /// Its descriptor, with the last field as given; with NEXT if there are `more`.
    pub(super) fn descriptor(&self, more: bool, next: u16) -> RawDescriptor {
        let write = if self.writable { DESCRIPTOR_WRITE } else { 0 };
        let flags = write | if more { DESCRIPTOR_NEXT } else { 0 };
        RawDescriptor { address: self.address, length: self.length, flags, next }
    }
}

/// A descriptor with any content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawDescriptor {
    /// Guest physical address.
    pub address: u64,
    /// Bytes.
    pub length: u32,
    /// 1: NEXT, 2: WRITE, 4: INDIRECT; on a packed ring also 0x80: AVAIL and 0x8000: USED.
    pub flags: u16,
    /// The next descriptor's number; on a packed ring the buffer id.
    pub next: u16,
}
