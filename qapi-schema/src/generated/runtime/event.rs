// Written by `cargo xtask codegen`; change nothing here.

use std::time::Duration;

use serde::Serialize;

/// An event: its data is the value itself.
pub trait Event: Serialize {
    /// The name on the wire.
    const NAME: &'static str;
    /// Whether the event has data; one without sends no `data` member.
    const HAS_DATA: bool;
    /// The least time between two of its kind; of those that come faster the last one is sent, late.
    const INTERVAL: Option<Duration> = None;
}
