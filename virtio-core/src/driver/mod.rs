//! The driver's side of queues and of the transport: a tool for tests of devices, of the machine and of this crate.
//!
//! [`DriverQueue`] lays a real ring, split or packed, into guest memory and speaks its driver's part, or breaks its
//! rules.
//! [`MmioDriver`] and [`PciDriver`] take a device through the handshake, each on its transport. All end the test, with a
//! panic, when the test asks for what cannot be done.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that misuses its tool has to end"
)]

mod buffer;
mod device;
mod memory;
mod mmio_driver;
mod packed;
mod pci_driver;
mod queue;
mod registers;
mod ring_memory;
mod skipped;
mod split;
mod told;
mod transport_driver;

pub use buffer::{Buffer, RawDescriptor};
pub use device::{build_device, decoded_features, decoded_request, offered_names, whose_turn};
pub use memory::guest_memory;
pub use mmio_driver::{MmioDriver, MmioWindow, offset};
pub use pci_driver::{PciDriver, PciFunction, PciInterrupts, common};
pub use queue::{DeviceSide, DriverQueue};
pub use registers::Registers;
pub use skipped::skipped;
pub use told::Told;
pub use transport_driver::TransportDriver;
