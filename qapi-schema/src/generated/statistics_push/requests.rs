// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics-push.json`; change nothing here.

//! Commands, from the client's side, of `statistics-push.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{StatisticsSubscription, StatisticsSubscriptionInfo, StatisticsSubscriptionRequest};

/// Command `subscribe-statistics`.
///
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
#[derive(Clone, Debug, PartialEq)]
pub struct SubscribeStatistics(pub StatisticsSubscriptionRequest);

impl Serialize for SubscribeStatistics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Decode for SubscribeStatistics {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        Decode::decode(value, path).map(Self)
    }
}

impl Request for SubscribeStatistics {
    const NAME: &'static str = "subscribe-statistics";
    type Return = StatisticsSubscription;
}

/// Command `query-statistics-subscriptions`.
///
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryStatisticsSubscriptions;

impl Serialize for QueryStatisticsSubscriptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryStatisticsSubscriptions {
    const NAME: &'static str = "query-statistics-subscriptions";
    type Return = Vec<StatisticsSubscriptionInfo>;
}

/// Command `unsubscribe-statistics`.
///
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
#[derive(Clone, Debug, PartialEq)]
pub struct UnsubscribeStatistics {
    /// its number
    pub subscription: u64,
}

impl EncodeMembers for UnsubscribeStatistics {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("subscription", &self.subscription)?;
        Ok(())
    }
}

impl DecodeMembers for UnsubscribeStatistics {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            subscription: members.required("subscription")?,
        })
    }
}

impl Serialize for UnsubscribeStatistics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for UnsubscribeStatistics {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for UnsubscribeStatistics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for UnsubscribeStatistics {
    const NAME: &'static str = "unsubscribe-statistics";
    type Return = Empty;
}
