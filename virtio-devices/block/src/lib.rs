//! The virtio block device (virtio 1.3, 5.2): a disk made of a raw image, a host block device, or memory.
//!
//! It knows neither the transport nor the monitors nor the machine: virtio-core calls its two halves, and
//! everything that monitors show of it comes from the feature map.
//!
//! Read [`Block`] first, the half that the transport asks; then `worker.rs`, the half on the device's own
//! thread.

mod config;
mod details;
mod device;
mod disk;
mod features;
mod options;
mod request;
mod worker;

pub use device::Block;
pub use disk::{Disk, DiskError, SECTOR_SIZE};
pub use features::{DEVICE_KIND, FEATURES};
pub use options::DEVICE_TYPE;
