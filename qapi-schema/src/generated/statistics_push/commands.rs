// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics-push.json`; change nothing here.

//! Commands, from the server's side, of `statistics-push.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{StatisticsSubscription, StatisticsSubscriptionInfo, StatisticsSubscriptionRequest};

/// The commands of `statistics-push.json`.
pub trait StatisticsPushCommands {
    /// Follows statistics: from now on this connection gets the event `STATISTICS` whenever something of them has changed.
    ///
    /// A connection has at most 8 subscriptions, and all connections together 64.  A subscription covers at most 16384
    /// values, where a histogram has as many as buckets.  A client that leaves events unread misses none of the changes:
    /// the statistics are not read then, and the next event brings what has changed since the last one.  A client that
    /// leaves them unread for 30 seconds has its subscriptions ended.
    ///
    /// Returns: the subscription
    ///
    /// # Errors
    ///
    /// - GenericError if one of the limits would be exceeded
    /// - GenericError if the kernel's statistics can not be read
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "subscribe-statistics", "arguments": { "targets": [ "vcpu" ], "providers": [ "kvm" ],
    ///        "names": [ "exits" ], "interval": 1000 } }
    /// <- { "return": { "subscription": 1 } }
    /// ```
    fn subscribe_statistics(&self, arguments: StatisticsSubscriptionRequest) -> Result<StatisticsSubscription, Error>;

    /// Tells of the subscriptions of this connection.
    ///
    /// Returns: the subscriptions, the oldest first
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-statistics-subscriptions" }
    /// <- { "return": [ { "subscription": 1, "interval": 1000, "events": 12, "dropped": 0 } ] }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_statistics_subscriptions(&self) -> Result<Vec<StatisticsSubscriptionInfo>, Error>;

    /// Ends a subscription.  No event of it comes behind the reply.
    ///
    /// # Errors
    ///
    /// - GenericError if this connection has no such subscription
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "unsubscribe-statistics", "arguments": { "subscription": 1 } }
    /// <- { "return": {} }
    /// ```
    fn unsubscribe_statistics(&self, arguments: requests::UnsubscribeStatistics) -> Result<(), Error>;
}

/// The table of the commands of `statistics-push.json`.
pub fn commands<H: StatisticsPushCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "subscribe-statistics",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_subscribe_statistics::<H>,
        },
        Command {
            name: "query-statistics-subscriptions",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_statistics_subscriptions::<H>,
        },
        Command {
            name: "unsubscribe-statistics",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_unsubscribe_statistics::<H>,
        },
    ])
}

fn call_subscribe_statistics<H: StatisticsPushCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.subscribe_statistics(decode::arguments(arguments)?)?)
}

fn call_query_statistics_subscriptions<H: StatisticsPushCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_statistics_subscriptions()?)
}

fn call_unsubscribe_statistics<H: StatisticsPushCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.unsubscribe_statistics(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}
