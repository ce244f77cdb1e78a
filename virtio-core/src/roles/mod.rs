//! What a machine can do with a device beyond virtio, and what monitors can ask of it then.
//!
//! A role is a trait of what is to be done, not of what does it: commands look for devices that have a role and
//! never for a kind of device. Each role is a file here. Its methods are called from monitors' threads, while the device
//! works.

mod bus;
mod character;
mod memory_target;
mod network_link;
mod rate_limits;
mod storage;
pub mod vhost;

pub use bus::{Bus, BusDevice, BusDeviceType, NewBusDevice, Plugged};
pub use character::Character;
pub use memory_target::MemoryTarget;
pub use network_link::NetworkLink;
pub use rate_limits::{Limited, RateLimited};
pub use storage::{DiskInfo, Storage};

use std::sync::Arc;
use vhost::Vhost;

/// The roles of one device: those that it does not play are `None`.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Roles {
    /// It has a wire to a network.
    pub network_link: Option<Arc<dyn NetworkLink>>,
    /// The guest can be asked for memory by it.
    pub memory_target: Option<Arc<dyn MemoryTarget>>,
    /// It has ends on the host that characters come from and go to.
    pub character: Option<Arc<dyn Character>>,
    /// It can be limited, or carries others which can.
    pub rate_limits: Option<Arc<dyn RateLimited>>,
    /// It is a disk, or carries disks.
    pub storage: Option<Arc<dyn Storage>>,
    /// What it counts beyond what all devices do.
    pub statistics: Option<Arc<dyn stats::Source>>,
    /// It has a bus of its own, for other devices.
    pub bus: Option<Arc<dyn Bus>>,
    /// Another process works on the device's queues.
    pub vhost: Option<Arc<dyn Vhost>>,
}
