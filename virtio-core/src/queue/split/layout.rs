//! A split ring in guest memory: where its fields lie, and how each is loaded and stored.
//!
//! Layout: virtio 1.3, section 2.7. All fields are little-endian (VERSION_1 is always negotiated).

use super::super::descriptor::{DESCRIPTOR_SIZE, Descriptor, check_area};
use super::super::error::RingError;
use super::super::ring::RingLayout;
use crate::GuestMemory;
use std::sync::atomic::Ordering;
use vm_memory::{AtomicAccess, Bytes, GuestAddress};

/// Flag of the available ring: the driver does not want interrupts.
pub(crate) const AVAILABLE_NO_INTERRUPT: u16 = 1;
/// Flag of the used ring: the device does not want kicks.
pub(crate) const USED_NO_NOTIFY: u16 = 1;

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
        for area in areas {
            check_area(&memory, area)?;
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
