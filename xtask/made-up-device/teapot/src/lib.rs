//! The virtio teapot: a device kind that no specification knows, to prove that a kind is one schema edit and
//! one crate.

mod device;
mod features;
mod options;
mod worker;

pub use device::Teapot;
pub use features::{DEVICE_KIND, FEATURES};
pub use options::DEVICE_TYPE;
