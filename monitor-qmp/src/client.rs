//! One client, as the commands see it that know on which connection they came.

use std::sync::{Arc, Weak};
use std::time::SystemTime;

use qapi_schema::runtime::Event;

use crate::events::line;
use crate::outbox::{Outbox, Reception};

/// The machine behind a server, which may tell its clients apart.
pub trait Handler: Send + Sync {
    /// Runs the commands of one connection that know which one it is. It is dropped when the connection has ended.
    type PerClient: PerClient;

    /// A client has connected. It has not negotiated yet, so that events to it have to wait for its first command.
    fn connect(&self, client: Client) -> Self::PerClient;
}

/// What a connection has of its own.
pub trait PerClient: Send + Sync {
    /// The reply to a request that was run in its turn, not out of band, is on its way: an event that is sent from
    /// now on comes behind it.
    fn answered(&self) {}
}

/// For machines whose clients are all alike.
impl PerClient for () {}

/// The way to one client, for events that nobody else gets. Keeping it does not keep the connection.
#[derive(Clone)]
pub struct Client {
    outbox: Weak<Outbox>,
}

impl Client {
    pub(crate) fn new(outbox: &Arc<Outbox>) -> Self {
        Self { outbox: Arc::downgrade(outbox) }
    }

    /// Whether an event would be sent now.
    pub fn reception(&self) -> Reception {
        self.outbox.upgrade().map_or(Reception::Gone, |outbox| outbox.reception())
    }

    /// Sends `event` if the client is [`Reception::Ready`], which is what is returned then. Never waits, and never
    /// gives a client up that does not read: whoever sends decides what becomes of events that were refused.
    pub fn send<E: Event>(&self, event: &E) -> Reception {
        let Some(outbox) = self.outbox.upgrade() else { return Reception::Gone };
        // Data that is no JSON could not be told to anybody.
        line(event, SystemTime::now()).map_or_else(|_| outbox.reception(), |line| outbox.offer_event(&line))
    }
}
