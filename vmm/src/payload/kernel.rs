//! A kernel with its initial RAM disk and its command line.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use boot::{BootError, InitialState, Platform};
use vm_memory::GuestMemoryMmap;

use super::PayloadError;
use crate::bus::lock;
use crate::command_line::Settings;

/// A kernel whose files are open. They stay so for resets.
#[derive(Debug)]
pub struct Kernel {
    kernel: OpenFile,
    initrd: Option<OpenFile>,
    command_line: String,
}

#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    file: Mutex<File>,
}

impl Kernel {
    /// Opens the kernel at `path` and what the settings name for it.
    pub(super) fn open(path: &Path, settings: &Settings) -> Result<Self, PayloadError> {
        let kernel = open("kernel", path, "a kernel: ELF (vmlinux) or bzImage (vmlinuz)")?;
        let initrd = settings.initrd.as_deref();
        let initrd =
            initrd.map(|path| open("initrd", path, "what the kernel unpacks, such as a cpio archive"));
        let command_line = settings.kernel_command_line.clone().unwrap_or_default();
        Ok(Self { kernel, initrd: initrd.transpose()?, command_line })
    }

    pub(super) fn load(
        &self,
        memory: &GuestMemoryMmap,
        platform: &Platform,
    ) -> Result<InitialState, PayloadError> {
        let mut initrd = self.initrd.as_ref().map(|initrd| lock(&initrd.file));
        let mut kernel = lock(&self.kernel.file);
        let entry = boot::load(memory, &mut *kernel, initrd.as_deref_mut(), &self.command_line, platform);
        entry.map(boot::Entry::initial_state).map_err(|error| self.blame(error))
    }

    /// Names the option that has brought what is wrong.
    fn blame(&self, error: BootError) -> PayloadError {
        let print = |file: &OpenFile| file.path.display().to_string();
        let (option, value, error) = match error {
            BootError::Kernel(error) => ("kernel", print(&self.kernel), error.into()),
            BootError::Initrd(error) => {
                ("initrd", self.initrd.as_ref().map(print).unwrap_or_default(), error.into())
            }
            BootError::CommandLine(error) => ("cmdline", self.command_line.clone(), error.into()),
            other => return PayloadError::Boot(other),
        };
        PayloadError::Wrong { option, value, error }
    }
}

fn open(option: &'static str, path: &Path, accepted: &'static str) -> Result<OpenFile, PayloadError> {
    let path = path.to_owned();
    match File::open(&path) {
        Ok(file) => Ok(OpenFile { path, file: Mutex::new(file) }),
        Err(error) => Err(PayloadError::Open { option, path, error, accepted }),
    }
}
