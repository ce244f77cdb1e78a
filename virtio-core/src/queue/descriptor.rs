//! Descriptors as they stand in guest memory. All fields are little-endian (VERSION_1 is always negotiated).

use super::error::RingError;
use crate::GuestMemory;
use vm_memory::{Bytes, GuestAddress, GuestMemoryBackend};

/// Descriptor flag: the chain continues.
pub(crate) const DESCRIPTOR_NEXT: u16 = 1;
/// Descriptor flag: the buffer is for the device to write.
pub(crate) const DESCRIPTOR_WRITE: u16 = 2;
/// Descriptor flag: the buffer is a table of descriptors.
pub(crate) const DESCRIPTOR_INDIRECT: u16 = 4;
/// Bytes of a descriptor.
pub(crate) const DESCRIPTOR_SIZE: u64 = 16;

/// One descriptor, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Guest physical address of the buffer.
    pub(crate) address: u64,
    /// Length of the buffer in bytes.
    pub(crate) length: u32,
    /// `DESCRIPTOR_*` bits, and whatever else the driver has set.
    pub(crate) flags: u16,
    /// The next descriptor's number, if NEXT is set; on a packed ring the buffer id.
    pub(crate) next: u16,
}

impl Descriptor {
    /// Whether all bits of `flag` are set.
    pub(crate) fn has(&self, flag: u16) -> bool {
        self.flags & flag == flag
    }

    /// Loads the descriptor of a split ring at `address` (virtio 1.3, 2.7.5), each byte once, so that the driver cannot
    /// change it between check and use.
    pub(crate) fn load(memory: &GuestMemory, address: u64) -> Result<Self, RingError> {
        let (address, length, [flags, next]) = load_fields(memory, address)?;
        Ok(Self { address, length, flags, next })
    }

    /// As [`load`](Self::load), of a packed ring (virtio 1.3, 2.8.13): the last two fields change places.
    pub(crate) fn load_packed(memory: &GuestMemory, address: u64) -> Result<Self, RingError> {
        let (address, length, [id, flags]) = load_fields(memory, address)?;
        Ok(Self { address, length, flags, next: id })
    }
}

/// Address, length and the two fields of 16 bits after them.
fn load_fields(memory: &GuestMemory, address: u64) -> Result<(u64, u32, [u16; 2]), RingError> {
    let bytes: [u8; 16] = memory
        .read_obj(GuestAddress(address))
        .map_err(|_| RingError::AddressNotInMemory { address, length: DESCRIPTOR_SIZE })?;
    let [a0, a1, a2, a3, a4, a5, a6, a7, l0, l1, l2, l3, m0, m1, n0, n1] = bytes;
    Ok((
        u64::from_le_bytes([a0, a1, a2, a3, a4, a5, a6, a7]),
        u32::from_le_bytes([l0, l1, l2, l3]),
        [u16::from_le_bytes([m0, m1]), u16::from_le_bytes([n0, n1])],
    ))
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

/// Whether an area of a ring is aligned and in guest memory.
pub(crate) fn check_area(
    memory: &GuestMemory,
    (area, address, alignment, length): (&'static str, u64, u64, u64),
) -> Result<(), RingError> {
    if address % alignment != 0 {
        return Err(RingError::Alignment { area, address, alignment });
    }
    check_range(memory, address, length)
}
