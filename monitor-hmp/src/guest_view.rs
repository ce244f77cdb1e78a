//! What the monitor needs of a machine beyond its commands.

/// A look at what the guest sees.
pub trait GuestView {
    /// Copies guest memory from the physical address on into `data`: all of it, or nothing and `false` if a part
    /// is no memory. Devices are not read.
    fn read_physical(&self, address: u64, data: &mut [u8]) -> bool;
}
