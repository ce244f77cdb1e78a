// Written by `cargo xtask codegen` from `qapi-schema/schema/rate-limits.json`; change nothing here.

//! Types of `rate-limits.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    decode, encode,
};

/// How much may pass.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct RateLimit {
    /// how much a second in the long run, from 1 to 10^15
    pub rate: u64,
    /// how much a second for a while, after a time in which less has passed; at least the rate (default: what has not
    /// passed in the last tenth of a second may pass at once)
    pub burst: Option<u64>,
    /// for how many seconds; `burst` times this is what may pass at most before the rate is kept to (default: 1)
    pub burst_seconds: Option<u32>,
}

impl EncodeMembers for RateLimit {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("rate", &self.rate)?;
        if let Some(value) = &self.burst {
            members.serialize_entry("burst", value)?;
        }
        if let Some(value) = &self.burst_seconds {
            members.serialize_entry("burst-seconds", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for RateLimit {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            rate: members.required("rate")?,
            burst: members.optional("burst")?,
            burst_seconds: members.optional("burst-seconds")?,
        })
    }
}

impl Serialize for RateLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for RateLimit {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for RateLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The limits of a device.  What is absent is not limited.  A limit for both directions excludes those for one.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct RateLimits {
    /// bytes of data in both directions together
    pub bytes: Option<RateLimit>,
    /// bytes that the guest reads or receives
    pub bytes_to_guest: Option<RateLimit>,
    /// bytes that the guest writes or sends
    pub bytes_from_guest: Option<RateLimit>,
    /// requests or frames in both directions together
    pub operations: Option<RateLimit>,
    /// reads, or received frames
    pub operations_to_guest: Option<RateLimit>,
    /// writes, or sent frames.  Discards count, flushes do not.
    pub operations_from_guest: Option<RateLimit>,
    /// bytes above which an operation counts as several, one for each time that this fits in or a part of it
    /// (default: each counts once)
    pub operation_size: Option<u64>,
}

impl EncodeMembers for RateLimits {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.bytes {
            members.serialize_entry("bytes", value)?;
        }
        if let Some(value) = &self.bytes_to_guest {
            members.serialize_entry("bytes-to-guest", value)?;
        }
        if let Some(value) = &self.bytes_from_guest {
            members.serialize_entry("bytes-from-guest", value)?;
        }
        if let Some(value) = &self.operations {
            members.serialize_entry("operations", value)?;
        }
        if let Some(value) = &self.operations_to_guest {
            members.serialize_entry("operations-to-guest", value)?;
        }
        if let Some(value) = &self.operations_from_guest {
            members.serialize_entry("operations-from-guest", value)?;
        }
        if let Some(value) = &self.operation_size {
            members.serialize_entry("operation-size", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for RateLimits {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            bytes: members.optional("bytes")?,
            bytes_to_guest: members.optional("bytes-to-guest")?,
            bytes_from_guest: members.optional("bytes-from-guest")?,
            operations: members.optional("operations")?,
            operations_to_guest: members.optional("operations-to-guest")?,
            operations_from_guest: members.optional("operations-from-guest")?,
            operation_size: members.optional("operation-size")?,
        })
    }
}

impl Serialize for RateLimits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for RateLimits {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for RateLimits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A device that can be limited, and what its limits have done.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct RateLimitsInfo {
    /// the device's path
    pub path: String,
    /// its limits
    pub limits: RateLimits,
    /// requests of a disk that wait now; of other devices, queues that do
    pub held_back_now: u64,
    /// requests of a disk that had to wait so far; of other devices, how often a queue had to
    pub held_back: u64,
    /// for how many nanoseconds, all together, without those that wait now
    pub held_back_time: u64,
}

impl EncodeMembers for RateLimitsInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("limits", &self.limits)?;
        members.serialize_entry("held-back-now", &self.held_back_now)?;
        members.serialize_entry("held-back", &self.held_back)?;
        members.serialize_entry("held-back-time", &self.held_back_time)?;
        Ok(())
    }
}

impl DecodeMembers for RateLimitsInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            limits: members.required("limits")?,
            held_back_now: members.required("held-back-now")?,
            held_back: members.required("held-back")?,
            held_back_time: members.required("held-back-time")?,
        })
    }
}

impl Serialize for RateLimitsInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for RateLimitsInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for RateLimitsInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

