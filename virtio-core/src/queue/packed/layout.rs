//! A packed ring in guest memory: where its fields lie, and how each is loaded and stored.
//!
//! Layout: virtio 1.3, sections 2.8.13 and 2.8.14. All fields are little-endian (VERSION_1 is always negotiated).

use super::super::descriptor::{DESCRIPTOR_SIZE, Descriptor, check_area};
use super::super::error::RingError;
use super::super::ring::RingLayout;
use super::position::Position;
use crate::GuestMemory;
use std::sync::atomic::Ordering;
use vm_memory::{AtomicAccess, Bytes, GuestAddress};

/// What one side says about when it wants to hear from the other (virtio 1.3, 2.8.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suppression {
    /// Always.
    Enable,
    /// Never.
    Disable,
    /// When this slot changes hands. Only with EVENT_IDX.
    Descriptor(Position),
    /// A value that the specification reserves.
    Reserved,
}

/// The field with the flags: never.
const DISABLE: u16 = 1;
/// The field with the flags: when a certain slot changes hands.
const DESCRIPTOR: u16 = 2;
/// The bits of the field that count.
const FLAGS: u16 = 3;

impl Suppression {
    fn from_fields([place, flags]: [u16; 2]) -> Self {
        match flags & FLAGS {
            0 => Self::Enable,
            DISABLE => Self::Disable,
            DESCRIPTOR => Self::Descriptor(Position::from_bits(place)),
            _ => Self::Reserved,
        }
    }
}

/// A packed ring whose areas are known to be aligned and to lie in guest memory.
#[derive(Clone, Debug)]
pub(crate) struct PackedRing {
    memory: GuestMemory,
    layout: RingLayout,
}

impl PackedRing {
    /// Checks the layout.
    ///
    /// # Errors
    /// A size of zero, above `maximum` or above 32768, a misaligned area, an area that is not in memory.
    pub(crate) fn new(memory: GuestMemory, layout: RingLayout, maximum: u16) -> Result<Self, RingError> {
        let RingLayout { size, descriptor_area, driver_area, device_area, .. } = layout;
        // The bit above is the wrap counter's.
        if size == 0 || size > maximum.min(1 << 15) {
            return Err(RingError::PackedSize { size: u32::from(size), maximum });
        }
        let areas = [
            ("descriptor ring", descriptor_area, 16, DESCRIPTOR_SIZE * u64::from(size)),
            ("driver event suppression", driver_area, 4, 4),
            ("device event suppression", device_area, 4, 4),
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

    /// Number of descriptors.
    pub(crate) fn size(&self) -> u16 {
        self.layout.size
    }

    /// A descriptor. The caller knows that `slot` is below the size.
    pub(crate) fn descriptor(&self, slot: u16) -> Result<Descriptor, RingError> {
        Descriptor::load_packed(&self.memory, self.address(slot))
    }

    /// A descriptor's flags. Acquire: what the driver wrote before it is seen after it.
    pub(crate) fn flags(&self, slot: u16) -> Result<u16, RingError> {
        let flags: u16 = self.load(self.address(slot) + 14, Ordering::Acquire)?;
        Ok(u16::from_le(flags))
    }

    /// Gives back the buffer `id` in the descriptor at `slot`. Release: the driver that sees the flags sees the rest of
    /// the descriptor and the buffers written before.
    pub(crate) fn store_used(
        &self,
        slot: u16,
        (id, written): (u16, u32),
        flags: u16,
    ) -> Result<(), RingError> {
        let address = self.address(slot);
        self.store(address + 8, written.to_le(), Ordering::Relaxed)?;
        self.store(address + 12, id.to_le(), Ordering::Relaxed)?;
        self.store(address + 14, flags.to_le(), Ordering::Release)
    }

    /// When the driver wants interrupts.
    pub(crate) fn driver_suppression(&self) -> Result<Suppression, RingError> {
        self.driver_suppression_fields().map(Suppression::from_fields)
    }

    /// When the device itself has said that it wants kicks.
    pub(crate) fn device_suppression(&self) -> Result<Suppression, RingError> {
        self.device_suppression_fields().map(Suppression::from_fields)
    }

    /// The two fields of the driver's event suppression: slot with wrap counter, and flags.
    pub(crate) fn driver_suppression_fields(&self) -> Result<[u16; 2], RingError> {
        self.suppression_fields(self.layout.driver_area)
    }

    /// As the one before, of the device's own.
    pub(crate) fn device_suppression_fields(&self) -> Result<[u16; 2], RingError> {
        self.suppression_fields(self.layout.device_area)
    }

    /// Tells the driver to kick when this slot changes hands (with event index).
    pub(crate) fn store_kick_event(&self, position: Position) -> Result<(), RingError> {
        self.store_device_suppression(position.to_bits(), DESCRIPTOR)
    }

    /// Tells the driver whether to kick at all.
    pub(crate) fn store_kicks_wanted(&self, wanted: bool) -> Result<(), RingError> {
        self.store_device_suppression(0, if wanted { 0 } else { DISABLE })
    }

    /// Both fields in one store: the driver never sees half of it.
    fn store_device_suppression(&self, place: u16, flags: u16) -> Result<(), RingError> {
        let bits = u32::from(place) | u32::from(flags) << 16;
        self.store(self.layout.device_area, bits.to_le(), Ordering::Relaxed)
    }

    /// Both fields in one load: never one from before and one from after a store of the driver's.
    fn suppression_fields(&self, address: u64) -> Result<[u16; 2], RingError> {
        let bits: u32 = self.load(address, Ordering::Relaxed)?;
        let [p0, p1, f0, f1] = u32::from_le(bits).to_le_bytes();
        Ok([u16::from_le_bytes([p0, p1]), u16::from_le_bytes([f0, f1])])
    }

    fn address(&self, slot: u16) -> u64 {
        self.layout.descriptor_area + DESCRIPTOR_SIZE * u64::from(slot)
    }

    fn load<T: AtomicAccess>(&self, address: u64, order: Ordering) -> Result<T, RingError> {
        self.memory.load(GuestAddress(address), order).map_err(|_| outside::<T>(address))
    }

    fn store<T: AtomicAccess>(&self, address: u64, value: T, order: Ordering) -> Result<(), RingError> {
        self.memory.store(value, GuestAddress(address), order).map_err(|_| outside::<T>(address))
    }
}

fn outside<T>(address: u64) -> RingError {
    RingError::AddressNotInMemory { address, length: if size_of::<T>() == 2 { 2 } else { 4 } }
}
