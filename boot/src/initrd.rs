//! The initrd: a file that the kernel unpacks, put as high as the kernel can take it.

use vm_memory::GuestMemoryMmap;

use crate::error::{BootError, InitrdError};
use crate::image::{self, Image, Placement};
use crate::platform::AddressRange;

/// The kernel frees the initrd's memory by pages.
const PAGE: u64 = 4096;

/// Loads the initrd into `room`, at its end.
pub(crate) fn load(
    memory: &GuestMemoryMmap,
    image: &mut impl Image,
    room: AddressRange,
) -> Result<AddressRange, BootError> {
    let size = image::size(image).map_err(InitrdError::Read)?;
    if size == 0 {
        return Err(InitrdError::Empty.into());
    }
    let limit = room.start.saturating_add(room.size);
    let place =
        limit.checked_sub(size).map(|start| start - start % PAGE).filter(|start| *start >= room.start);
    let start = place.ok_or(InitrdError::TooLarge { size, room: room.size, limit })?;
    image::copy(image, memory, Placement { what: "initrd", offset: 0, size, address: start })?;
    Ok(AddressRange { start, size })
}
