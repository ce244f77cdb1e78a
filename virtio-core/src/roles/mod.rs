//! What a machine can do with a device beyond virtio, and what monitors can ask of it then.
//!
//! A role is a trait of what is to be done, not of what does it: commands look for devices that have a role and
//! never for a kind of device. Each role is a file here. Its methods are called from monitors' threads, while the device
//! works.

mod network_link;

pub use network_link::NetworkLink;

use std::sync::Arc;

/// The roles of one device: those that it does not play are `None`.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Roles {
    /// It has a wire to a network.
    pub network_link: Option<Arc<dyn NetworkLink>>,
}
