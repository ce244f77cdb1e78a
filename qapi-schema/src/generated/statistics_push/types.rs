// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics-push.json`; change nothing here.

//! Types of `statistics-push.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    decode, encode,
};

use super::super::statistics::{StatisticsProvider, StatisticsTarget};

/// What a client wants to follow.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsSubscriptionRequest {
    /// what they are about
    pub targets: Option<Vec<StatisticsTarget>>,
    /// where they come from
    pub providers: Option<Vec<StatisticsProvider>>,
    /// the paths of their objects in the object tree; what has no path is left out if this is given
    pub paths: Option<Vec<String>>,
    /// what they are called
    pub names: Option<Vec<String>>,
    /// how often the statistics are read, in milliseconds, 100 at the least
    pub interval: u32,
}

impl EncodeMembers for StatisticsSubscriptionRequest {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.targets {
            members.serialize_entry("targets", value)?;
        }
        if let Some(value) = &self.providers {
            members.serialize_entry("providers", value)?;
        }
        if let Some(value) = &self.paths {
            members.serialize_entry("paths", value)?;
        }
        if let Some(value) = &self.names {
            members.serialize_entry("names", value)?;
        }
        members.serialize_entry("interval", &self.interval)?;
        Ok(())
    }
}

impl DecodeMembers for StatisticsSubscriptionRequest {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            targets: members.optional("targets")?,
            providers: members.optional("providers")?,
            paths: members.optional("paths")?,
            names: members.optional("names")?,
            interval: members.required("interval")?,
        })
    }
}

impl Serialize for StatisticsSubscriptionRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsSubscriptionRequest {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsSubscriptionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A subscription.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsSubscription {
    /// its number, which no other subscription has had
    pub subscription: u64,
}

impl EncodeMembers for StatisticsSubscription {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("subscription", &self.subscription)?;
        Ok(())
    }
}

impl DecodeMembers for StatisticsSubscription {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            subscription: members.required("subscription")?,
        })
    }
}

impl Serialize for StatisticsSubscription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsSubscription {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsSubscription {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// How a subscription is doing.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsSubscriptionInfo {
    /// its number
    pub subscription: u64,
    /// how often the statistics are read, in milliseconds
    pub interval: u32,
    /// how many events were sent
    pub events: u64,
    /// how often the statistics were not read because the client had left earlier events unread
    pub dropped: u64,
}

impl EncodeMembers for StatisticsSubscriptionInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("subscription", &self.subscription)?;
        members.serialize_entry("interval", &self.interval)?;
        members.serialize_entry("events", &self.events)?;
        members.serialize_entry("dropped", &self.dropped)?;
        Ok(())
    }
}

impl DecodeMembers for StatisticsSubscriptionInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            subscription: members.required("subscription")?,
            interval: members.required("interval")?,
            events: members.required("events")?,
            dropped: members.required("dropped")?,
        })
    }
}

impl Serialize for StatisticsSubscriptionInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for StatisticsSubscriptionInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for StatisticsSubscriptionInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

