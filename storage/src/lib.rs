//! Disk images, and what can be done with them: reading and writing guest memory, flushing, discarding, zeroing.
//!
//! It knows no device, no ring and no monitor; of the schema it knows what clients are told of disks, and what is done about
//! errors. A request is an [`Operation`] and a list of pieces of guest memory, and whoever starts one finds it again by a tag of
//! its own. Data goes straight between the image and guest memory.
//!
//! Read [`Image`] first, then [`Channel`], a thread's own way to an image. `engine` has what a channel works with: `io_uring`,
//! threads, or nothing for images that never wait; `gate.rs` what limits hold back before that, and `accounts.rs` what is counted.

mod accounts;
mod buffers;
mod channel;
mod engine;
mod error;
pub mod faults;
mod gate;
mod image;
mod null;
mod policy;
mod qcow2;
mod raw;
mod request;

pub use accounts::RequestKind;
pub use channel::Channel;
pub use engine::EngineKind;
pub use error::ImageError;
pub use image::{Image, ImageFormat, SECTOR_SIZE};
pub use policy::{DiskErrors, DiskName, ErrorAction, ErrorPolicy, PolicyChoice};
pub use request::{Completion, Operation, Request};

/// The guest's physical memory, shared by everybody who works on it.
pub type GuestMemory = std::sync::Arc<vm_memory::GuestMemoryMmap>;
