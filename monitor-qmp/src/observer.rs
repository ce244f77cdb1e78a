//! Who wants to know what clients do, without knowing what they say.

use std::time::Duration;

/// Hears of the commands of the clients that it was given to. It is called on the connections' threads.
pub trait Observer: Send + Sync {
    /// A request was answered, which took so long. `failed` if the answer was an error: the command's own, or that
    /// there was no command in what came.
    fn answered(&self, took: Duration, failed: bool);

    /// A message of more than a megabyte was taken, and what was kept of it is free again, or will be when its turn has
    /// come: a good moment to give memory back to the host.
    fn large_message_done(&self) {}
}

/// Nobody wants to know.
impl Observer for () {
    fn answered(&self, _took: Duration, _failed: bool) {}
}
