//! What a driver can get wrong on a ring. Every one of these makes the device need a reset.

use thiserror::Error;

/// A [`RingError`] and the queue that it was met on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("queue {queue}: {error}")]
pub struct QueueError {
    /// The queue's number in its device.
    pub queue: u16,
    /// What is wrong.
    pub error: RingError,
}

/// A ring that breaks the rules of virtio 1.3, section 2.7 (split virtqueues) or 2.8 (packed virtqueues).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RingError {
    /// The size is zero, no power of two, or above the device's maximum.
    #[error("queue size {size} is not a power of two up to {maximum}")]
    Size {
        /// What the driver asked for.
        size: u32,
        /// The device's maximum.
        maximum: u16,
    },
    /// The size of a packed ring is zero or above the device's maximum.
    #[error("packed queue size {size} is not 1 to {maximum}")]
    PackedSize {
        /// What the driver asked for.
        size: u32,
        /// The device's maximum.
        maximum: u16,
    },
    /// The driver made more descriptors of a packed ring available than the ring has, while others are still in flight.
    #[error(
        "{slots} descriptors at slot {slot} are available with {in_flight} in flight, more than the queue size {size}"
    )]
    TooManyDescriptors {
        /// The slot of the chain's first descriptor.
        slot: u16,
        /// The chain's descriptors on the ring.
        slots: u16,
        /// Descriptors taken and not returned.
        in_flight: u16,
        /// The number of descriptors of the ring.
        size: u16,
    },
    /// An area of the ring is not aligned as section 2.7 or 2.8 wants it.
    #[error("{area} at {address:#x} is not aligned to {alignment} bytes")]
    Alignment {
        /// The area's name.
        area: &'static str,
        /// Its guest physical address.
        address: u64,
        /// The alignment wanted, in bytes.
        alignment: u64,
    },
    /// The driver moved the available index by more entries than the ring has, or made more chains available than
    /// the ring can hold while others are still in flight.
    #[error(
        "available index {available} is {distance} ahead of the device's {last_available} with {in_flight} chains in flight, more than the queue size {size}"
    )]
    AvailableIndexJump {
        /// The driver's index.
        available: u16,
        /// The device's index.
        last_available: u16,
        /// The distance between them.
        distance: u16,
        /// Chains taken and not returned.
        in_flight: u16,
        /// The number of entries of the ring.
        size: u16,
    },
    /// A descriptor number beyond the table.
    #[error("descriptor index {index} is outside of the table of {size} entries")]
    DescriptorIndex {
        /// The number.
        index: u16,
        /// The number of entries of the descriptor table or indirect table.
        size: u32,
    },
    /// A chain with more descriptors than its table has entries: a loop, or longer than allowed.
    #[error("descriptor chain from head {head} loops or is longer than {limit} descriptors")]
    LoopOrTooLong {
        /// The chain's head.
        head: u16,
        /// The most descriptors that are accepted.
        limit: u32,
    },
    /// A buffer, table or ring area that is not, or not completely, in guest memory.
    #[error("{length} bytes at {address:#x} are not all in guest memory")]
    AddressNotInMemory {
        /// Guest physical address.
        address: u64,
        /// Bytes.
        length: u64,
    },
    /// A buffer that wraps around the end of the address space.
    #[error("{length} bytes at {address:#x} reach beyond the end of the address space")]
    AddressOverflow {
        /// Guest physical address.
        address: u64,
        /// Bytes.
        length: u64,
    },
    /// A chain's buffers hold more than 2^32 bytes together (2.7.5.3.1 allows no more).
    #[error("descriptor chain from head {head} holds more than 2^32 bytes")]
    LengthOverflow {
        /// The chain's head.
        head: u16,
    },
    /// An indirect descriptor although the feature was not negotiated.
    #[error("indirect descriptor {index} although VIRTIO_F_INDIRECT_DESC was not negotiated")]
    IndirectNotNegotiated {
        /// The descriptor's number.
        index: u16,
    },
    /// An indirect table that is empty, no multiple of 16 bytes, or longer than 65536 entries.
    #[error("indirect table of {length} bytes is not 1 to 65536 descriptors of 16 bytes")]
    IndirectLength {
        /// Its length in bytes.
        length: u32,
    },
    /// An indirect descriptor that has NEXT set as well.
    #[error("indirect descriptor {index} has the flag NEXT")]
    IndirectWithNext {
        /// The descriptor's number.
        index: u16,
    },
    /// An indirect descriptor inside an indirect table.
    #[error("indirect descriptor {index} inside an indirect table")]
    NestedIndirect {
        /// The descriptor's number in the indirect table.
        index: u16,
    },
    /// A buffer for the device to read after one for it to write.
    #[error("descriptor {index} of the chain from head {head} is readable and follows a writable one")]
    ReadableAfterWritable {
        /// The chain's head.
        head: u16,
        /// The descriptor's number.
        index: u16,
    },
    /// A chain without room for what every request of this device has, so that it cannot even be refused.
    #[error("the chain from head {head} has {length} bytes for the {part} of {wanted} bytes")]
    TooShort {
        /// The chain's head.
        head: u16,
        /// What does not fit, for example "status".
        part: &'static str,
        /// The bytes that the chain has for it.
        length: u64,
        /// The bytes that it needs.
        wanted: u64,
    },
    /// The device says that it wrote more than the chain's writable buffers hold: a mistake of the device.
    #[error("{written} bytes written into the chain from head {head}, which takes {writable}")]
    WrittenTooMuch {
        /// The chain's head.
        head: u16,
        /// What the device says.
        written: u32,
        /// What fits.
        writable: u64,
    },
    /// A chain was given back that is not the last one taken: a mistake of the device.
    #[error("the chain from head {head} was given back out of order")]
    UndoOutOfOrder {
        /// The chain's head.
        head: u16,
    },
}
