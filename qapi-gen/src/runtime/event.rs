use std::time::Duration;

use serde::Serialize;

use super::encode::Reply;
use super::error::Error;

/// An event: its data is the value itself.
pub trait Event: Serialize {
    /// The name on the wire.
    const NAME: &'static str;
    /// Whether the event has data; one without sends no `data` member.
    const HAS_DATA: bool;
    /// The least time between two of its kind; of those that come faster the last one is sent, late.
    const INTERVAL: Option<Duration> = None;

    /// Whom it is about, if the interval is each one's own.
    fn about(&self) -> Option<&str> {
        None
    }
}

/// An event of any kind, for those who hand events on.
pub trait AnyEvent {
    /// [`Event::NAME`].
    fn name(&self) -> &'static str;

    /// [`Event::INTERVAL`].
    fn interval(&self) -> Option<Duration>;

    /// [`Event::about`].
    fn about(&self) -> Option<&str>;

    /// [`Event::HAS_DATA`].
    fn has_data(&self) -> bool;

    /// Appends the data as JSON.
    ///
    /// # Errors
    /// The data cannot be written as JSON (a number that is not finite).
    fn write_data(&self, reply: &mut Reply) -> Result<(), Error>;
}

impl<E: Event> AnyEvent for E {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn interval(&self) -> Option<Duration> {
        E::INTERVAL
    }

    fn about(&self) -> Option<&str> {
        Event::about(self)
    }

    fn has_data(&self) -> bool {
        E::HAS_DATA
    }

    fn write_data(&self, reply: &mut Reply) -> Result<(), Error> {
        reply.write(self)
    }
}
