//! Files to be loaded.

use std::io::{self, Read, Seek, SeekFrom};

use vm_memory::{ByteValued, Bytes, GuestAddress, GuestMemoryError, GuestMemoryMmap, ReadVolatile};

use crate::error::BootError;

/// A file to be loaded into guest memory: a [`std::fs::File`], or a [`std::io::Cursor`] over bytes.
pub trait Image: Read + ReadVolatile + Seek {}

impl<T: Read + ReadVolatile + Seek> Image for T {}

/// The file's size, in bytes.
pub(crate) fn size(image: &mut impl Image) -> io::Result<u64> {
    image.seek(SeekFrom::End(0))
}

/// Fills `bytes` from `offset` on.
pub(crate) fn read(image: &mut impl Image, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    image.seek(SeekFrom::Start(offset))?;
    image.read_exact(bytes)
}

/// The structure at `offset`.
pub(crate) fn read_value<T: ByteValued + Default>(image: &mut impl Image, offset: u64) -> io::Result<T> {
    let mut value = T::default();
    read(image, offset, value.as_mut_slice())?;
    Ok(value)
}

/// Part of a file, and where in guest memory it belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub(crate) what: &'static str,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) address: u64,
}

/// Copies part of a file straight into guest memory.
pub(crate) fn copy(
    image: &mut impl Image,
    memory: &GuestMemoryMmap,
    part: Placement,
) -> Result<(), BootError> {
    let Placement { what, offset, size, address } = part;
    let failed = |source| BootError::Memory { what, address, source };
    image.seek(SeekFrom::Start(offset)).map_err(|error| failed(GuestMemoryError::IOError(error)))?;
    let count = usize::try_from(size).unwrap_or(usize::MAX);
    memory.read_exact_volatile_from(GuestAddress(address), image, count).map_err(failed)
}
