//! Starts a kernel: loads it into guest memory, and tells it what machine it runs on.
//!
//! [`load`] reads a kernel in one of the forms that Linux comes in (ELF with a PVH entry, ELF without, bzImage), an initrd
//! and a command line, and writes beside them the memory map, the boot protocol's structures and the ACPI tables that
//! describe the [`Platform`]. It gives back the [`Entry`]: where the first vCPU starts, and in which state.
//!
//! This crate must not know who runs the guest nor what its devices do: it works on guest memory and answers with plain
//! data. All files are taken for hostile; what is wrong with one is said with the part, the value and what is accepted.
//!
//! Read [`Platform`] first, then [`load`]. Where everything lies stands in [`addresses`].

mod acpi;
pub mod addresses;
mod command_line;
mod cpu_state;
mod entry;
mod error;
mod image;
mod initrd;
mod kernel;
mod load;
mod long_mode;
mod memory_map;
mod platform;
mod pvh;
mod reset_vector;
mod zero_page;

pub use cpu_state::{DescriptorTable, InitialState, Segment};
pub use entry::Entry;
pub use error::{BootError, CommandLineError, InitrdError, KernelError, KernelPart, PlatformError};
pub use image::Image;
pub use load::load;
pub use long_mode::enter_long_mode;
pub use memory_map::MemoryLayout;
pub use platform::{AddressRange, MmioDevice, PciHost, Platform};
