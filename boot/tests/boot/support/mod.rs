//! A guest with memory, and kernels made by hand.

mod bzimage;
mod elf;

use std::io::Cursor;

use boot::{BootError, Entry, MemoryLayout, Platform, load};
use vm_memory::{ByteValued, Bytes, GuestAddress, GuestMemoryMmap};

pub(crate) use bzimage::BzImage;
pub(crate) use elf::{Elf, note};

pub(crate) const MIB: u64 = 1 << 20;

pub(crate) fn platform(memory: u64) -> Platform {
    Platform {
        vcpus: 2,
        memory: MemoryLayout::new(memory),
        serial: true,
        mmio_devices: Vec::new(),
        pci: None,
    }
}

/// A guest that has not been started yet.
pub(crate) struct Guest {
    pub(crate) memory: GuestMemoryMmap,
    pub(crate) platform: Platform,
}

impl Guest {
    pub(crate) fn new(platform: Platform) -> Self {
        let ranges: Vec<_> = platform
            .memory
            .ranges()
            .map(|range| (GuestAddress(range.start), usize::try_from(range.size).unwrap()))
            .collect();
        Self { memory: GuestMemoryMmap::from_ranges(&ranges).unwrap(), platform }
    }

    pub(crate) fn with_memory(size: u64) -> Self {
        Self::new(platform(size))
    }

    pub(crate) fn load(&self, kernel: &[u8]) -> Result<Entry, BootError> {
        self.load_all(kernel, None, "")
    }

    pub(crate) fn load_all(
        &self,
        kernel: &[u8],
        initrd: Option<&[u8]>,
        command_line: &str,
    ) -> Result<Entry, BootError> {
        let mut initrd = initrd.map(Cursor::new);
        load(&self.memory, &mut Cursor::new(kernel), initrd.as_mut(), command_line, &self.platform)
    }

    pub(crate) fn bytes(&self, address: u64, size: u64) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(size).unwrap()];
        self.memory.read_slice(&mut bytes, GuestAddress(address)).unwrap();
        bytes
    }

    pub(crate) fn value<T: ByteValued>(&self, address: u64) -> T {
        self.memory.read_obj(GuestAddress(address)).unwrap()
    }

    /// Bytes up to a zero.
    pub(crate) fn text(&self, address: u64) -> String {
        let bytes = self.bytes(address, 0x1_0000);
        let text = bytes.split(|byte| *byte == 0).next().unwrap();
        String::from_utf8(text.to_vec()).unwrap()
    }
}
