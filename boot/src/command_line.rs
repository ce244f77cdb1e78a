//! The kernel's command line.

use vm_memory::GuestMemoryMmap;

use crate::addresses::{COMMAND_LINE, COMMAND_LINE_SIZE};
use crate::error::{BootError, CommandLineError};
use crate::load::write as write_memory;

/// Writes `text` with its final zero for a kernel that reads `limit` bytes, the zero not counted.
pub(crate) fn write(memory: &GuestMemoryMmap, text: &str, limit: u64) -> Result<(), BootError> {
    let length = text.len() as u64;
    let most = limit.min(COMMAND_LINE_SIZE - 1);
    if length > most {
        return Err(CommandLineError::TooLong { length, most }.into());
    }
    if let Some(position) = text.bytes().position(|byte| byte == 0) {
        return Err(CommandLineError::ZeroByte { position }.into());
    }
    let bytes = [text.as_bytes(), &[0]].concat();
    write_memory(memory, "command line", COMMAND_LINE, &bytes)
}
