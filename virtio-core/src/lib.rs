//! The mechanism of virtio: queues, the transport, feature maps, and the view that monitors have of a device.
//!
//! It knows no kind of device, no machine and no monitor; of the schema it knows the types of the virtio queries.
//! Read [`Queue`] first, then [`Worker`], then [`Introspect`].
//!
//! The way of a request: the driver kicks; the device's thread ([`runner`]) calls the [`Worker`], which pops a
//! [`Chain`] from its [`Queue`], does the work on guest memory and completes the chain; the queue publishes every step,
//! and whoever holds the [`Introspect`] reads it without a lock.

pub mod back_end;
mod config_space;
pub mod details;
mod device;
pub mod disk_options;
pub mod driver;
pub mod feature_map;
pub mod interrupt;
pub mod introspection;
mod kind;
pub mod limit_options;
pub mod mmio;
pub mod options;
pub mod pci;
mod place;
pub mod queue;
pub mod roles;
pub mod runner;
pub mod transport;

pub use config_space::read_config_space;
pub use details::DeviceDetails;
pub use device::{Activation, Device, DeviceError, Source, Worker, Workers};
pub use feature_map::FeatureTable;
pub use introspection::Introspect;
pub use kind::DeviceKind;
pub use mmio::MmioTransport;
pub use options::{DeviceOptions, DeviceType};
pub use pci::PciTransport;
pub use place::{DevicePlace, Surroundings};
pub use queue::{
    Chain, ChainReader, ChainWriter, Queue, QueueCounters, QueueError, RingError, RingForm, Segment,
};
pub use roles::Roles;
pub use runner::{Outcome, WorkerContext};
pub use transport::Transport;

/// The guest's physical memory, shared by everybody who works on it.
pub type GuestMemory = std::sync::Arc<vm_memory::GuestMemoryMmap>;
