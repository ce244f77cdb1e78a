//! What the two forms of a ring have in common: what [`Queue`](super::Queue) asks of them, and where they lie.

use super::chain::Segment;
use super::error::RingError;
use crate::introspection::QueueIndices;
use std::fmt::Debug;

/// A ring, the device's side of it: it knows what the driver has made available, and what was given back.
pub(super) trait Ring: Debug + Send {
    /// The number of descriptors.
    fn size(&self) -> u16;

    /// Takes the next chain, checked from end to end. Its buffers go to `segments`, which comes empty. Nothing is taken
    /// if there is an error.
    fn take(&mut self, segments: &mut Vec<Segment>) -> Result<Option<Taken>, RingError>;

    /// The chain that was taken last, which has so many `slots`, is not taken after all.
    fn put_back(&mut self, slots: u16);

    /// Gives chains back. A driver that looks meanwhile sees all of them or none.
    fn give_back(&mut self, chains: &[Returned]) -> Result<(), RingError>;

    /// Whether the driver is to be interrupted: it has got chains back since the last decision, and wants to know.
    fn wants_interrupt(&mut self) -> Result<bool, RingError>;

    /// Asks the driver not to kick. It is a wish: kicks may still come.
    fn disable_kicks(&mut self) -> Result<(), RingError>;

    /// Asks the driver to kick for the next chain, and then looks again. True if chains have become available since
    /// the last look: there may be no kick for those.
    fn enable_kicks(&mut self) -> Result<bool, RingError>;

    /// Looks how many entries the driver has made available that are not taken yet.
    fn look(&mut self) -> Result<u16, RingError>;

    /// What monitors are to see.
    fn indices(&self) -> QueueIndices;
}

/// A chain that a ring has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// The first descriptor's number; on a packed ring the buffer id.
    pub(super) head: u16,
    /// Where it was found: the available index; on a packed ring the slot.
    pub(super) position: u16,
    /// Entries of the ring that it takes.
    pub(super) slots: u16,
    /// How many of its buffers are readable.
    pub(super) readable: usize,
}

/// A chain on its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Returned {
    /// As it was taken.
    pub(super) head: u16,
    /// As it was taken.
    pub(super) slots: u16,
    /// Bytes written into it.
    pub(super) written: u32,
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

impl RingForm {
    /// Both forms, for tests that run on each.
    pub const BOTH: [Self; 2] = [Self::Split, Self::Packed];
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
