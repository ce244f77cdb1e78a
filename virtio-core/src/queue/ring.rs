//! A split ring in guest memory: where its fields lie, and how each is loaded and stored.
//!
//! Layout: virtio 1.3, section 2.7. All fields are little-endian (VERSION_1 is always negotiated).

use super::error::RingError;
use crate::GuestMemory;
use std::sync::atomic::Ordering;
use vm_memory::{AtomicAccess, Bytes, GuestAddress, GuestMemoryBackend};

/// Descriptor flag: the chain continues at `next`.
pub(crate) const DESCRIPTOR_NEXT: u16 = 1;
/// Descriptor flag: the buffer is for the device to write.
pub(crate) const DESCRIPTOR_WRITE: u16 = 2;
/// Descriptor flag: the buffer is a table of descriptors.
pub(crate) const DESCRIPTOR_INDIRECT: u16 = 4;
/// Bytes of a descriptor.
pub(crate) const DESCRIPTOR_SIZE: u64 = 16;

/// Flag of the available ring: the driver does not want interrupts.
pub(crate) const AVAILABLE_NO_INTERRUPT: u16 = 1;
/// Flag of the used ring: the device does not want kicks.
pub(crate) const USED_NO_NOTIFY: u16 = 1;

/// One descriptor as it stands in guest memory, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Guest physical address of the buffer.
    pub(crate) address: u64,
    /// Length of the buffer in bytes.
    pub(crate) length: u32,
    /// `DESCRIPTOR_*` bits, and whatever else the driver has set.
    pub(crate) flags: u16,
    /// The next descriptor's number, if NEXT is set.
    pub(crate) next: u16,
}

impl Descriptor {
    /// Whether all bits of `flag` are set.
    pub(crate) fn has(&self, flag: u16) -> bool {
        self.flags & flag == flag
    }

    /// Loads the descriptor at `address`, each byte once, so that the driver cannot change it between check and use.
    pub(crate) fn load(memory: &GuestMemory, address: u64) -> Result<Self, RingError> {
        let bytes: [u8; 16] = memory
            .read_obj(GuestAddress(address))
            .map_err(|_| RingError::AddressNotInMemory { address, length: DESCRIPTOR_SIZE })?;
        let [a0, a1, a2, a3, a4, a5, a6, a7, l0, l1, l2, l3, f0, f1, n0, n1] = bytes;
        Ok(Self {
            address: u64::from_le_bytes([a0, a1, a2, a3, a4, a5, a6, a7]),
            length: u32::from_le_bytes([l0, l1, l2, l3]),
            flags: u16::from_le_bytes([f0, f1]),
            next: u16::from_le_bytes([n0, n1]),
        })
    }
}

/// How driver and device share descriptors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RingForm {
    /// A descriptor table and two rings (virtio 1.3, 2.7).
    #[default]
    Split,
    /// One ring of descriptors that both write to (virtio 1.3, 2.8).
    Packed,
}

/// Where a ring lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RingLayout {
    /// What the areas mean.
    pub form: RingForm,
    /// Number of descriptors.
    pub size: u16,
    /// Guest physical address of the descriptor table or ring (descriptor area).
    pub descriptor_area: u64,
    /// Guest physical address of the available ring, or of the driver's event suppression (driver area).
    pub driver_area: u64,
    /// Guest physical address of the used ring, or of the device's event suppression (device area).
    pub device_area: u64,
}

/// A split ring whose areas are known to be aligned and to lie in guest memory.
#[derive(Clone, Debug)]
pub(crate) struct SplitRing {
    memory: GuestMemory,
    layout: RingLayout,
}

impl SplitRing {
    /// Checks the layout.
    ///
    /// # Errors
    /// A size that is no power of two or above `maximum`, a misaligned area, an area that is not in memory.
    pub(crate) fn new(memory: GuestMemory, layout: RingLayout, maximum: u16) -> Result<Self, RingError> {
        let RingLayout { size, descriptor_area, driver_area, device_area, .. } = layout;
        if !size.is_power_of_two() || size > maximum {
            return Err(RingError::Size { size: u32::from(size), maximum });
        }
        let entries = u64::from(size);
        // The event fields at the end are there whether negotiated or not: as in the layouts of section 2.7.
        let areas = [
            ("descriptor table", descriptor_area, 16, DESCRIPTOR_SIZE * entries),
            ("available ring", driver_area, 2, 6 + 2 * entries),
            ("used ring", device_area, 4, 6 + 8 * entries),
        ];
        for (area, address, alignment, length) in areas {
            if address % alignment != 0 {
                return Err(RingError::Alignment { area, address, alignment });
            }
            check_range(&memory, address, length)?;
        }
        Ok(Self { memory, layout })
    }

    /// The guest's memory.
    pub(crate) fn memory(&self) -> &GuestMemory {
        &self.memory
    }

    /// Where the ring lies.
    pub(crate) fn layout(&self) -> &RingLayout {
        &self.layout
    }

    /// Number of descriptors.
    pub(crate) fn size(&self) -> u16 {
        self.layout.size
    }

    /// A descriptor of the table. The caller knows that `index` is below the size.
    pub(crate) fn descriptor(&self, index: u16) -> Result<Descriptor, RingError> {
        Descriptor::load(&self.memory, self.layout.descriptor_area + DESCRIPTOR_SIZE * u64::from(index))
    }

    /// The available ring's flags.
    pub(crate) fn available_flags(&self) -> Result<u16, RingError> {
        self.load(self.layout.driver_area, Ordering::Relaxed)
    }

    /// The driver's index. Acquire: what the driver wrote before it is seen after it.
    pub(crate) fn available_index(&self) -> Result<u16, RingError> {
        self.load(self.layout.driver_area + 2, Ordering::Acquire)
    }

    /// The head that the driver has put at this (free-running) position.
    pub(crate) fn available_entry(&self, position: u16) -> Result<u16, RingError> {
        self.load(self.layout.driver_area + 4 + 2 * self.slot(position), Ordering::Relaxed)
    }

    /// The used index at which the driver wants an interrupt (with event index).
    pub(crate) fn used_event(&self) -> Result<u16, RingError> {
        self.load(self.layout.driver_area + 4 + 2 * u64::from(self.size()), Ordering::Relaxed)
    }

    /// The available index at which the device wants a kick (with event index), as it stands in memory.
    pub(crate) fn available_event(&self) -> Result<u16, RingError> {
        self.load(self.layout.device_area + 4 + 8 * u64::from(self.size()), Ordering::Relaxed)
    }

    /// The used ring's flags, as they stand in memory.
    pub(crate) fn used_flags(&self) -> Result<u16, RingError> {
        self.load(self.layout.device_area, Ordering::Relaxed)
    }

    /// The used index, as it stands in memory.
    pub(crate) fn used_index(&self) -> Result<u16, RingError> {
        self.load(self.layout.device_area + 2, Ordering::Relaxed)
    }

    /// Tells the driver by flag whether to kick.
    pub(crate) fn store_used_flags(&self, flags: u16) -> Result<(), RingError> {
        self.store(self.layout.device_area, flags.to_le(), Ordering::Relaxed)
    }

    /// Writes the used element at this (free-running) position.
    pub(crate) fn store_used_element(&self, position: u16, head: u16, written: u32) -> Result<(), RingError> {
        let address = self.layout.device_area + 4 + 8 * self.slot(position);
        self.store(address, u32::from(head).to_le(), Ordering::Relaxed)?;
        self.store(address + 4, written.to_le(), Ordering::Relaxed)
    }

    /// Publishes the used index. Release: the driver that sees it sees the elements and buffers written before.
    pub(crate) fn store_used_index(&self, index: u16) -> Result<(), RingError> {
        self.store(self.layout.device_area + 2, index.to_le(), Ordering::Release)
    }

    /// Tells the driver at which available index to kick (with event index).
    pub(crate) fn store_available_event(&self, index: u16) -> Result<(), RingError> {
        let address = self.layout.device_area + 4 + 8 * u64::from(self.size());
        self.store(address, index.to_le(), Ordering::Relaxed)
    }

    fn slot(&self, position: u16) -> u64 {
        u64::from(position % self.size())
    }

    fn load(&self, address: u64, order: Ordering) -> Result<u16, RingError> {
        let value: u16 = self
            .memory
            .load(GuestAddress(address), order)
            .map_err(|_| RingError::AddressNotInMemory { address, length: 2 })?;
        Ok(u16::from_le(value))
    }

    fn store<T: AtomicAccess>(&self, address: u64, value: T, order: Ordering) -> Result<(), RingError> {
        let length = if size_of::<T>() == 2 { 2 } else { 4 };
        self.memory
            .store(value, GuestAddress(address), order)
            .map_err(|_| RingError::AddressNotInMemory { address, length })
    }
}

/// Whether `length` bytes at `address` are all in guest memory.
pub(crate) fn check_range(memory: &GuestMemory, address: u64, length: u64) -> Result<(), RingError> {
    if length > 0 && address.checked_add(length - 1).is_none() {
        return Err(RingError::AddressOverflow { address, length });
    }
    let inside = usize::try_from(length)
        .is_ok_and(|length| GuestMemoryBackend::check_range(&**memory, GuestAddress(address), length));
    if inside { Ok(()) } else { Err(RingError::AddressNotInMemory { address, length }) }
}
