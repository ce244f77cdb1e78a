//! Walks a chain for a monitor. Other than the device's own walk it accepts whatever the driver has left on the ring,
//! old entries included: it shows what stands there and stops where nothing more can be read.

use super::published::QueueSnapshot;
use crate::GuestMemory;
use crate::queue::descriptor::{
    DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, Descriptor, check_range,
};
use crate::queue::packed::layout::PackedRing;
use crate::queue::split::layout::SplitRing;
use crate::queue::{RingError, RingForm};
use thiserror::Error;

/// A chain as it stands on the ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The number of the first descriptor; on a packed ring the buffer id, from the last one.
    pub head: u16,
    /// The descriptors in natural order, head first. Of an indirect chain: those of the table.
    pub descriptors: Vec<ElementDescriptor>,
    /// The available ring's header, or the driver's event suppression, from guest memory.
    pub available: RingHeader,
    /// The used ring's header, or the device's event suppression, from guest memory.
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

/// The first two fields of the available or used ring; on a packed ring the two fields of an event suppression structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingHeader {
    /// Bit 0: the owner of the ring does not want to be notified. On a packed ring 2 stands for: at `index` only.
    pub flags: u16,
    /// Free-running index. On a packed ring a slot, with the wrap counter as bit 15.
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

/// The chain at `index` of the available ring, or of the packed ring; without it, at the next position that the device
/// takes.
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
    let position = index.unwrap_or(queue.indices.last_available);
    match queue.layout.form {
        RingForm::Split => {
            split_element(SplitRing::new(memory.clone(), queue.layout, queue.default_size)?, position)
        }
        RingForm::Packed => {
            packed_element(PackedRing::new(memory.clone(), queue.layout, queue.default_size)?, position)
        }
    }
}

fn split_element(ring: SplitRing, position: u16) -> Result<Element, ElementError> {
    let head = ring.available_entry(position)?;
    Ok(Element {
        head,
        descriptors: chain(ring.memory(), &ring, head)?,
        available: RingHeader { flags: ring.available_flags()?, index: ring.available_index()? },
        used: RingHeader { flags: ring.used_flags()?, index: ring.used_index()? },
    })
}

/// A packed chain goes on in the slots that follow, and takes the whole of an indirect table.
fn packed_element(ring: PackedRing, position: u16) -> Result<Element, ElementError> {
    let mut slot = position % ring.size();
    let mut last = ring.descriptor(slot)?;
    let mut descriptors = Vec::new();
    if last.has(DESCRIPTOR_INDIRECT) {
        let table = indirect_table(ring.memory(), &last)?;
        for index in 0..table.entries {
            let address = table.address + DESCRIPTOR_SIZE * u64::from(index);
            descriptors.push(shown(&Descriptor::load_packed(ring.memory(), address)?));
        }
    } else {
        descriptors.push(shown(&last));
        while last.has(DESCRIPTOR_NEXT) && descriptors.len() < usize::from(ring.size()) {
            slot = if slot + 1 == ring.size() { 0 } else { slot + 1 };
            last = ring.descriptor(slot)?;
            descriptors.push(shown(&last));
        }
    }
    let (driver, device) = (ring.driver_suppression_fields()?, ring.device_suppression_fields()?);
    // The buffer id stands in the chain's last descriptor on the ring.
    let head = last.next;
    Ok(Element { head, descriptors, available: header(driver), used: header(device) })
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
        descriptors.push(shown(&descriptor));
    }
    Ok(descriptors)
}

fn shown(descriptor: &Descriptor) -> ElementDescriptor {
    let Descriptor { address, length, flags, .. } = *descriptor;
    ElementDescriptor { address, length, flags }
}

fn header([index, flags]: [u16; 2]) -> RingHeader {
    RingHeader { flags, index }
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
