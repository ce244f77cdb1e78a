//! Who wants to know what clients do, without knowing what they say.

use std::time::Duration;

/// Hears of the commands of the clients that it was given to. It is called on the connections' threads.
pub trait Observer: Send + Sync {
    /// A request was answered, which took so long. `failed` if the answer was an error: the command's own, or that
    /// there was no command in what came.
    fn answered(&self, took: Duration, failed: bool);
}

/// Nobody wants to know.
impl Observer for () {
    fn answered(&self, _took: Duration, _failed: bool) {}
}
