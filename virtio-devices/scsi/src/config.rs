//! The configuration space (virtio 1.3, 5.6.4) and the limits it announces.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::events::EVENT_SIZE;
use crate::target::luns::MAX_LUN;
use crate::target::unit::MAX_TRANSFER;

/// Entries of a queue.
pub(crate) const QUEUE_SIZE: u16 = 256;
/// Most request queues.
pub(crate) const MAX_QUEUES: u16 = 16;
/// The queues that there are beside the request queues.
pub(crate) const CONTROL_QUEUE: u16 = 0;
pub(crate) const EVENT_QUEUE: u16 = 1;
pub(crate) const FIRST_REQUEST_QUEUE: u16 = 2;

/// Most data segments in a request: a full queue less the header's and the answer's descriptor.
pub(crate) const SEG_MAX: u32 = QUEUE_SIZE as u32 - 2;
/// Commands that a unit is to be sent at once.
const COMMANDS_PER_UNIT: u32 = 128;
const DEFAULT_SENSE_SIZE: u32 = 96;
const DEFAULT_CDB_SIZE: u32 = 32;
/// The most that a driver may make of the two. Sense data have 252 bytes at most (SPC-4, 4.5.1).
const MAX_SENSE_SIZE: u32 = 252;
const MAX_CDB_SIZE: u32 = 255;

/// Where the fields that a driver may write are.
const SENSE_SIZE: u64 = 20;
const CDB_SIZE: u64 = 24;
const CONFIG_SIZE: usize = 36;

/// The two sizes that a driver may choose. The workers look at them with every request.
#[derive(Debug)]
pub(crate) struct Sizes {
    sense: AtomicU32,
    cdb: AtomicU32,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { sense: DEFAULT_SENSE_SIZE.into(), cdb: DEFAULT_CDB_SIZE.into() }
    }
}

impl Sizes {
    /// Bytes of the sense data in every answer, 252 at most.
    pub(crate) fn sense(&self) -> u32 {
        self.sense.load(Ordering::Relaxed)
    }

    /// Bytes of the CDB in every request, 255 at most.
    pub(crate) fn cdb(&self) -> u32 {
        self.cdb.load(Ordering::Relaxed)
    }

    /// As at the beginning.
    pub(crate) fn reset(&self) {
        self.sense.store(DEFAULT_SENSE_SIZE, Ordering::Relaxed);
        self.cdb.store(DEFAULT_CDB_SIZE, Ordering::Relaxed);
    }

    /// The driver writes the configuration space. Sizes that are too large stay what they were, and so does everything
    /// that is not whole fields.
    pub(crate) fn write(&self, offset: u64, data: &[u8]) {
        let Ok(data) = <[u8; 4]>::try_from(data) else { return };
        let value = u32::from_le_bytes(data);
        let (field, most) = match offset {
            SENSE_SIZE => (&self.sense, MAX_SENSE_SIZE),
            CDB_SIZE => (&self.cdb, MAX_CDB_SIZE),
            _ => return,
        };
        if value <= most {
            field.store(value, Ordering::Relaxed);
        }
    }
}

/// The configuration space of a device with this many request queues.
pub(crate) fn space(request_queues: u16, sizes: &Sizes) -> [u8; CONFIG_SIZE] {
    let words: [u32; 7] = [
        request_queues.into(),                         // num_queues
        SEG_MAX,                                       // seg_max
        MAX_TRANSFER / 512,                            // max_sectors
        COMMANDS_PER_UNIT,                             // cmd_per_lun
        u32::try_from(EVENT_SIZE).unwrap_or(u32::MAX), // event_info_size
        sizes.sense(),                                 // sense_size
        sizes.cdb(),                                   // cdb_size
    ];
    // max_channel and max_target share a word.
    let last = [u32::from(u8::MAX) << 16, MAX_LUN.into()];
    let mut space = [0; CONFIG_SIZE];
    let bytes = words.into_iter().chain(last).flat_map(u32::to_le_bytes);
    space.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    space
}
