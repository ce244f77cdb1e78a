//! Looking at a device without touching it: what it publishes, and a bounded walk through its rings.
//!
//! [`Introspect`] is all that a monitor sees of a device. Further modules
//! turn it into the replies of the two generations of commands.

mod published;
mod sequence_lock;
mod view;
mod walk;

pub use published::{PublishedQueue, QueueIndices, QueueSnapshot};
pub use view::{DeviceFailure, DeviceSnapshot, DeviceView, Introspect};
pub use walk::{Element, ElementDescriptor, ElementError, RingHeader};
