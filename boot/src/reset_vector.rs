//! What a PC's firmware has at its reset vector in real mode. Linux with hardware-reduced ACPI does not use ACPI's reset
//! register: it asks UEFI for the reset, and where there is none, it goes back to real mode and jumps there.

use vm_memory::GuestMemoryMmap;

use crate::addresses::{RESET_PORT, RESET_VALUE, RESET_VECTOR};
use crate::error::BootError;
use crate::load::write as write_memory;

/// Writes [`RESET_VALUE`] to [`RESET_PORT`] and waits for what comes.
const CODE: [u8; 9] = {
    let [low, high] = RESET_PORT.to_le_bytes();
    [
        0xba,
        low,
        high, // mov dx, RESET_PORT
        0xb0,
        RESET_VALUE, // mov al, RESET_VALUE
        0xee,        // out dx, al
        0xf4,        // hlt
        0xeb,
        0xfd, // jmp to the hlt
    ]
};

/// Puts the code in its place.
pub(crate) fn write(memory: &GuestMemoryMmap) -> Result<(), BootError> {
    write_memory(memory, "reset vector", RESET_VECTOR, &CODE)
}
