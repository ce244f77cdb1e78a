//! What a client puts up with.

use std::time::Duration;

/// What a client puts up with.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long connecting may take, and then the greeting.
    pub connect_timeout: Duration,
    /// How long an answer may take, and how long the server may take nothing of a request.
    pub answer_timeout: Duration,
    /// The largest message of the server, in bytes.
    pub message_limit: usize,
    /// How many events are kept for [`Client::next_event`](crate::Client::next_event); of more than these the oldest
    /// are dropped.
    pub event_limit: usize,
    /// Members of replies that the schema does not have are errors: for tests of a server.
    pub strict: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(30),
            message_limit: 64 << 20,
            event_limit: 1024,
            strict: false,
        }
    }
}
