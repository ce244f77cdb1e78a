//! Looking at a device without touching it: what it publishes, and a bounded walk through its rings.
//!
//! [`Introspect`] is all that a monitor sees of a device. The modules [`first_generation`], [`second_generation`]
//! and [`inspect`] turn it into the replies of the two generations of commands and of our own.

mod activity;
mod back_end;
mod configuration;
pub mod first_generation;
mod in_flight;
pub mod inspect;
mod kick;
mod published;
pub mod second_generation;
mod sequence_lock;
pub mod statistics;
mod view;
mod walk;

pub use activity::DeviceThread;
pub use configuration::CONFIGURATION_SIZE;
pub use in_flight::InFlightChain;
pub use published::{PublishedQueue, QueueIndices, QueueSnapshot, WrapCounters};
pub use view::{DeviceFailure, DeviceSnapshot, DeviceView, Introspect, MessageSnapshot};
pub use walk::{Element, ElementDescriptor, ElementError, RingHeader, element};

use qapi_schema::runtime::Error;

/// What both generations report as a ring's alignment. It means something for legacy devices only.
const RING_ALIGNMENT: u32 = 4096;

/// A queue, or the error that both generations have for one that does not exist.
fn queue_of(device: &dyn Introspect, queue: u16) -> Result<QueueSnapshot, Error> {
    device.queue(queue).ok_or_else(|| element_error(&ElementError::NoSuchQueue(queue)))
}

/// Feature bits 0 to 63 and 64 to 127.
fn words(bits: u128) -> [u64; 2] {
    [bits, bits >> u64::BITS].map(|rest| u64::try_from(rest & u128::from(u64::MAX)).unwrap_or(0))
}

/// The bits that no table names, as the two members that replies have for them: absent if there are none.
fn unknown_members(bits: u128) -> [Option<u64>; 2] {
    words(bits).map(|word| Some(word).filter(|word| *word != 0))
}

/// The texts that clients know. The details are for our own commands.
fn element_error(error: &ElementError) -> Error {
    Error::generic(match error {
        ElementError::NoSuchQueue(queue) => format!("Invalid virtqueue number {queue}"),
        ElementError::NotReady => "Region caches not initialized".to_owned(),
        ElementError::Ring(_) => "Cannot map descriptor ring".to_owned(),
        ElementError::IndirectTable { .. } => "Cannot map indirect buffer".to_owned(),
    })
}
