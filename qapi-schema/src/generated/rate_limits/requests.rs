// Written by `cargo xtask codegen` from `qapi-schema/schema/rate-limits.json`; change nothing here.

//! Commands, from the client's side, of `rate-limits.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
    Path, Request, decode, encode,
};

use super::{RateLimits, RateLimitsInfo};

/// Command `query-rate-limits`.
///
/// Lists the devices that can be limited, with their limits.
///
/// Returns: the devices
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-rate-limits" }
/// <- { "return": [ { "path": "/machine/peripheral/disk0", "limits": {}, "held-back-now": 0, "held-back": 0,
///                    "held-back-time": 0 },
///                  { "path": "/machine/peripheral/net0", "limits": {}, "held-back-now": 0, "held-back": 0,
///                    "held-back-time": 0 },
///                  { "path": "/machine/peripheral/rng0", "limits": {}, "held-back-now": 0, "held-back": 0,
///                    "held-back-time": 0 } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryRateLimits;

impl Serialize for QueryRateLimits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryRateLimits {
    const NAME: &'static str = "query-rate-limits";
    type Return = Vec<RateLimitsInfo>;
}

/// Command `set-rate-limits`.
///
/// Gives a device other limits, at once: what is held back goes on as far as these allow.  Limits that are absent are lifted.
///
/// # Errors
///
/// - DeviceNotFound if there is no such device
/// - GenericError if the device cannot be limited, or a limit makes no sense
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "set-rate-limits",
///      "arguments": { "path": "net0",
///                     "limits": { "bytes-to-guest": { "rate": 12500000, "burst": 25000000 } } } }
/// <- { "return": {} }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SetRateLimits {
    /// the device's path, or its id
    pub path: String,
    /// its limits from now on
    pub limits: RateLimits,
}

impl EncodeMembers for SetRateLimits {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("limits", &self.limits)?;
        Ok(())
    }
}

impl DecodeMembers for SetRateLimits {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            limits: members.required("limits")?,
        })
    }
}

impl Serialize for SetRateLimits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for SetRateLimits {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for SetRateLimits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for SetRateLimits {
    const NAME: &'static str = "set-rate-limits";
    type Return = Empty;
}
