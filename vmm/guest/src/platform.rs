//! The two ways out of the guest: device registers and its own memory.

/// What the workload runs on: bare metal, or a host thread with a bus and guest memory.
///
/// Addresses are guest-physical. The workload passes addresses of device windows and of its own memory areas
/// ([`crate::layout`]) only, aligned to the size of the access; nothing a device returns becomes an address.
pub trait Platform {
    /// Reads the 32-bit device register at `address`.
    fn read_register(&mut self, address: u64) -> u32;
    /// Writes the 32-bit device register at `address`.
    fn write_register(&mut self, address: u64, value: u32);
    /// Reads the 16-bit device register at `address`.
    fn read_register_u16(&mut self, address: u64) -> u16;
    /// Writes the 16-bit device register at `address`.
    fn write_register_u16(&mut self, address: u64, value: u16);
    /// Reads the 8-bit device register at `address`.
    fn read_register_byte(&mut self, address: u64) -> u8;
    /// Writes the 8-bit device register at `address`.
    fn write_register_byte(&mut self, address: u64, value: u8);

    /// Reads a byte of memory.
    fn load_u8(&self, address: u64) -> u8;
    /// Reads a little-endian 16-bit word of memory.
    fn load_u16(&self, address: u64) -> u16;
    /// Reads a little-endian 32-bit word of memory.
    fn load_u32(&self, address: u64) -> u32;
    /// Reads a little-endian 64-bit word of memory.
    fn load_u64(&self, address: u64) -> u64;

    /// Writes a byte of memory.
    fn store_u8(&mut self, address: u64, value: u8);
    /// Writes a little-endian 16-bit word of memory.
    fn store_u16(&mut self, address: u64, value: u16);
    /// Writes a little-endian 32-bit word of memory.
    fn store_u32(&mut self, address: u64, value: u32);
    /// Writes a little-endian 64-bit word of memory.
    fn store_u64(&mut self, address: u64, value: u64);

    /// Prints one byte of a message where no virtio console can.
    fn print(&mut self, byte: u8);
}

/// Why the guest woke up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake {
    /// Windows whose interrupt came: bit `n` for window `n`.
    pub windows: u32,
    /// Whether the timer came: it is time for the next round.
    pub tick: bool,
}
