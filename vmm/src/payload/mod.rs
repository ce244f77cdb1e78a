//! What the machine runs: its built-in guest, or a kernel from outside.

pub(crate) mod builtin;
mod kernel;

use std::io;
use std::path::PathBuf;

use boot::{BootError, InitialState, Platform};
use builtin_guest::layout::LEAST_MEMORY;
use vm_memory::GuestMemoryMmap;

use crate::command_line::Settings;
pub use kernel::Kernel;

/// Put into memory at the start, and again whenever the machine is reset.
#[derive(Debug)]
pub enum Payload {
    /// The built-in guest.
    BuiltIn,
    /// A kernel.
    Kernel(Kernel),
}

/// What keeps the guest from beginning.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// The built-in guest does not fit.
    #[error("the built-in guest needs {} MiB of memory from address 0", LEAST_MEMORY >> 20)]
    MemoryTooSmall,
    /// A file cannot be opened.
    #[error("--{option}: '{}' cannot be opened: {error}; accepted is {accepted}", path.display())]
    Open {
        /// The option that names it, without dashes.
        option: &'static str,
        /// Its name, as written.
        path: PathBuf,
        /// Why not.
        error: io::Error,
        /// What it should be.
        accepted: &'static str,
    },
    /// A file or text that was given is wrong.
    #[error("--{option}: '{value}': {error}")]
    Wrong {
        /// The option that it was given with, without dashes.
        option: &'static str,
        /// As written.
        value: String,
        /// What is wrong.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The guest cannot be put into memory.
    #[error(transparent)]
    Boot(#[from] BootError),
}

impl Payload {
    /// Opens the files that the settings name; without any, the built-in guest.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn open(settings: &Settings) -> Result<Self, PayloadError> {
        match &settings.kernel {
            None => Ok(Self::BuiltIn),
            Some(path) => Kernel::open(path, settings).map(Self::Kernel),
        }
    }

    /// Whether nothing but KVM can run it.
    pub fn needs_kvm(&self) -> bool {
        matches!(self, Self::Kernel(_))
    }

    /// Puts it into the memory of a machine that is like `platform`; the first vCPU then begins in the state given back.
    ///
    /// # Errors
    /// It does not fit, or is no kernel.
    pub fn load(&self, memory: &GuestMemoryMmap, platform: &Platform) -> Result<InitialState, PayloadError> {
        match self {
            Self::BuiltIn => builtin::load(memory, builtin::BUILTIN_GUEST),
            Self::Kernel(kernel) => kernel.load(memory, platform),
        }
    }
}
