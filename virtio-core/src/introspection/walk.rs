//! Walks a chain for a monitor. Other than the device's own walk it accepts whatever the driver has left on the ring,
//! old entries included: it shows what stands there and stops where nothing more can be read.

use super::published::QueueSnapshot;
use crate::GuestMemory;
use crate::queue::RingError;
use crate::queue::ring::{
    DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, Descriptor, SplitRing, check_range,
};
use thiserror::Error;

/// A chain as it stands on the ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The number of the first descriptor.
    pub head: u16,
    /// The descriptors in natural order, head first. Of an indirect chain: those of the table.
    pub descriptors: Vec<ElementDescriptor>,
    /// The available ring's header, from guest memory.
    pub available: RingHeader,
    /// The used ring's header, from guest memory.
    pub used: RingHeader,
}

/// One descriptor of an [`Element`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementDescriptor {
    /// Guest physical address of the buffer; it need not be in memory.
    pub address: u64,
    /// Bytes.
    pub length: u32,
    /// The flags as the driver has set them.
    pub flags: u16,
}

/// The first two fields of the available or used ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingHeader {
    /// Bit 0: the owner of the ring does not want to be notified.
    pub flags: u16,
    /// Free-running index.
    pub index: u16,
}

/// Why an element cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ElementError {
    /// The device has no such queue.
    #[error("there is no queue {0}")]
    NoSuchQueue(u16),
    /// The driver has not set up the queue.
    #[error("the queue is not set up")]
    NotReady,
    /// The ring's areas do not lie in guest memory as they should.
    #[error("the ring cannot be read: {0}")]
    Ring(RingError),
    /// The indirect table does not lie in guest memory as it should.
    #[error("the indirect table of {length} bytes at {address:#x} cannot be read")]
    IndirectTable {
        /// Its guest physical address.
        address: u64,
        /// Its length in bytes.
        length: u32,
    },
}

impl From<RingError> for ElementError {
    fn from(error: RingError) -> Self {
        Self::Ring(error)
    }
}

/// A table of descriptors: where it is and how many it has.
#[derive(Clone, Copy)]
struct Table {
    address: u64,
    entries: u32,
}

/// The chain at `index` of the available ring, or at the next position that the device takes.
///
/// # Errors
/// The queue is not set up, or its ring cannot be read.
pub fn element(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
    index: Option<u16>,
) -> Result<Element, ElementError> {
    if !queue.ready {
        return Err(ElementError::NotReady);
    }
    let ring = SplitRing::new(memory.clone(), queue.layout, queue.default_size)?;
    let head = ring.available_entry(index.unwrap_or(queue.indices.last_available))?;
    Ok(Element {
        head,
        descriptors: chain(memory, &ring, head)?,
        available: RingHeader { flags: ring.available_flags()?, index: ring.available_index()? },
        used: RingHeader { flags: ring.used_flags()?, index: ring.used_index()? },
    })
}

/// The descriptors from `head` on, at most as many as the table has entries.
fn chain(memory: &GuestMemory, ring: &SplitRing, head: u16) -> Result<Vec<ElementDescriptor>, ElementError> {
    let mut table = Table { address: ring.layout().descriptor_area, entries: u32::from(ring.size()) };
    let mut next = Some(head);
    if let Some(first) = load(memory, table, head)?.filter(|first| first.has(DESCRIPTOR_INDIRECT)) {
        table = indirect_table(memory, &first)?;
        next = Some(0);
    }
    let mut descriptors = Vec::new();
    for _ in 0..table.entries {
        let Some(index) = next else { break };
        let Some(descriptor) = load(memory, table, index)? else { break };
        next = descriptor.has(DESCRIPTOR_NEXT).then_some(descriptor.next);
        let Descriptor { address, length, flags, .. } = descriptor;
        descriptors.push(ElementDescriptor { address, length, flags });
    }
    Ok(descriptors)
}

/// A descriptor, or `None` beyond the end of the table.
fn load(memory: &GuestMemory, table: Table, index: u16) -> Result<Option<Descriptor>, RingError> {
    if u32::from(index) >= table.entries {
        return Ok(None);
    }
    Descriptor::load(memory, table.address + DESCRIPTOR_SIZE * u64::from(index)).map(Some)
}

/// The table that an indirect descriptor refers to. Bytes after the last whole descriptor do not count.
fn indirect_table(memory: &GuestMemory, descriptor: &Descriptor) -> Result<Table, ElementError> {
    let Descriptor { address, length, .. } = *descriptor;
    let unreadable = ElementError::IndirectTable { address, length };
    // Descriptor numbers have 16 bits: no more entries than those can be part of a chain.
    let entries = (length / 16).min(1 << 16);
    if entries == 0 || check_range(memory, address, u64::from(entries) * DESCRIPTOR_SIZE).is_err() {
        return Err(unreadable);
    }
    Ok(Table { address, entries })
}
