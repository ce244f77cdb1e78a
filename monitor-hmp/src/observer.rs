//! Who wants to know what people do, without knowing what they type.

use std::time::Duration;

/// Hears of the lines that are run for the person that it was given to.
pub trait Observer {
    /// A line was run, which took so long. `failed` if there is no such verb, its arguments do not fit, or its command
    /// has answered with an error.
    fn ran(&self, took: Duration, failed: bool);
}

/// Nobody wants to know.
impl Observer for () {
    fn ran(&self, _took: Duration, _failed: bool) {}
}
