//! A connection whose client may follow statistics.

use std::sync::atomic::{AtomicBool, Ordering};

use monitor_qmp::{Client, PerClient};
use qapi_schema::runtime::Error;
use qapi_schema::statistics_push::{StatisticsSubscriptionInfo, StatisticsSubscriptionRequest};

use super::Subscriptions;

/// What a connection has of its own; its subscriptions end with it.
pub struct Subscriber {
    subscriptions: Subscriptions,
    /// The connection's number.
    connection: u64,
    client: Client,
    /// A subscription waits until its client knows its number.
    starting: AtomicBool,
}

impl Subscriber {
    pub(super) fn new(subscriptions: Subscriptions, connection: u64, client: Client) -> Self {
        Self { subscriptions, connection, client, starting: AtomicBool::new(false) }
    }

    /// Follows statistics, once this is answered; the subscription's number.
    ///
    /// # Errors
    /// A limit, or the statistics cannot be read.
    pub fn subscribe(&self, request: StatisticsSubscriptionRequest) -> Result<u64, Error> {
        let number = self.subscriptions.add(self.connection, &self.client, request)?;
        self.starting.store(true, Ordering::Release);
        Ok(number)
    }

    /// Ends a subscription.
    ///
    /// # Errors
    /// It is none of this connection.
    pub fn unsubscribe(&self, number: u64) -> Result<(), Error> {
        self.subscriptions.remove(self.connection, number)
    }

    /// How the subscriptions are doing.
    pub fn subscriptions(&self) -> Vec<StatisticsSubscriptionInfo> {
        self.subscriptions.info(self.connection)
    }
}

impl PerClient for Subscriber {
    fn answered(&self) {
        if self.starting.swap(false, Ordering::Acquire) {
            self.subscriptions.start(self.connection);
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.subscriptions.remove_all(self.connection);
    }
}
