//! The memory in which a back end notes its requests in flight, for the one that comes after it.
//!
//! It is the back end's, and only handed on; of packed rings, where the back end was is read from it. That is done as from a
//! file: memory that its owner cuts short would end this program.

use std::fs::File;
use std::os::unix::fs::FileExt;

use vhost::vhost_user::message::VhostUserInflight;

use crate::error::VhostUserError;
use crate::messages::Messages;

/// Where in a packed queue's part the position stands: the slot (16 bits), then the slot of an unfinished step, then the
/// wrap counter (8 bits).
const PACKED_POSITION: u64 = 16;

/// The memory, and how it is divided.
pub(crate) struct InFlight {
    area: VhostUserInflight,
    file: File,
}

impl InFlight {
    /// Asks a back end for it.
    pub(crate) fn ask(messages: &Messages, queues: u16, queue_size: u16) -> Result<Self, VhostUserError> {
        let (answered, file) = messages.in_flight_memory(queues, queue_size)?;
        let size = answered.mmap_size;
        // The smallest that it can be is the split ring's: 16 bytes for each descriptor.
        let needed = u64::from(queues) * u64::from(queue_size) * 16;
        let file = file.filter(|_| size >= needed).ok_or(VhostUserError::InFlightSize { size, needed })?;
        Ok(Self { area: answered, file })
    }

    /// Gives it to a back end.
    pub(crate) fn give(&self, messages: &Messages) -> Result<(), VhostUserError> {
        messages.set_in_flight_memory(&self.area, &self.file)
    }

    /// Where on a packed ring the back end has stopped, as the protocol has it.
    pub(crate) fn packed_position(&self, queue: u16) -> Result<u32, VhostUserError> {
        let part = self.area.mmap_size / u64::from(self.area.num_queues.max(1));
        let offset = (part.checked_mul(queue.into()))
            .and_then(|offset| offset.checked_add(self.area.mmap_offset))
            .and_then(|offset| offset.checked_add(PACKED_POSITION))
            .ok_or(VhostUserError::PositionUnknown)?;
        let mut bytes = [0; 5];
        self.file
            .read_exact_at(&mut bytes, offset)
            .map_err(VhostUserError::host("read the requests in flight"))?;
        let [s0, s1, _, _, wrap] = bytes;
        let position = u32::from(u16::from_le_bytes([s0, s1]) & 0x7fff) | u32::from(wrap & 1) << 15;
        Ok(position << 16 | position)
    }
}
