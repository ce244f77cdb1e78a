//! Giving memory back to the host.

use qapi_schema::balloon::GuestMemoryStatistics;
use std::io;

/// A device by which the guest can be asked for memory.
pub trait MemoryTarget: Send + Sync {
    /// What the guest is asked to give up, in bytes.
    fn requested(&self) -> u64;

    /// What it says it has given up, in bytes.
    fn given_up(&self) -> u64;

    /// Asks it to give up so many bytes, rounded down to pages.
    fn request(&self, bytes: u64);

    /// What the guest has told last of its memory, if it has told something.
    fn statistics(&self) -> Option<GuestMemoryStatistics>;

    /// How often it is asked for that, in seconds; 0 if it is not.
    fn statistics_interval(&self) -> u32;

    /// Changes how often it is asked, in seconds; 0 for not at all.
    ///
    /// # Errors
    /// The host refuses.
    fn set_statistics_interval(&self, seconds: u32) -> io::Result<()>;
}
