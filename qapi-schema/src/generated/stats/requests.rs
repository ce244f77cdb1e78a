// Written by `cargo xtask codegen` from `qapi-schema/schema/stats.json`; change nothing here.

//! Commands, from the client's side, of `stats.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    Request, decode, encode,
};

use super::{StatsFilter, StatsProvider, StatsResult, StatsSchema};

/// Command `query-stats`.
///
/// Reads statistics.
///
/// Objects come in the reverse of their order: the last vCPU first.  An object without any statistic that was
/// asked for is left out.
///
/// Returns: the statistics by provider and object
///
/// # Errors
///
/// - GenericError if the kernel's statistics can not be read
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-stats", "arguments": { "target": "vcpu",
///        "vcpus": [ "/machine/unattached/device[0]" ],
///        "providers": [ { "provider": "kvm", "names": [ "exits", "halt_wait_ns" ] } ] } }
/// <- { "return": [ { "provider": "kvm", "qom-path": "/machine/unattached/device[0]", "stats": [
///        { "name": "exits", "value": 74926 },
///        { "name": "halt_wait_ns", "value": 2120409833 } ] } ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryStats(pub StatsFilter);

impl Serialize for QueryStats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Decode for QueryStats {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        Decode::decode(value, path).map(Self)
    }
}

impl Request for QueryStats {
    const NAME: &'static str = "query-stats";
    type Return = Vec<StatsResult>;
}

/// Command `query-stats-schemas`.
///
/// Tells what the statistics mean.
///
/// Returns: the meanings by provider and sort of object
///
/// # Errors
///
/// - GenericError if the kernel's statistics can not be read
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-stats-schemas", "arguments": { "provider": "kvm" } }
/// <- { "return": [ { "provider": "kvm", "target": "vcpu", "stats": [
///        { "name": "notify_window_exits", "type": "cumulative", "exponent": 0 },
///        { "name": "guest_mode", "type": "instant", "unit": "boolean", "exponent": 0 },
///        ... ] }, ... ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryStatsSchemas {
    /// the provider that is asked (default: all)
    pub provider: Option<StatsProvider>,
}

impl EncodeMembers for QueryStatsSchemas {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.provider {
            members.serialize_entry("provider", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QueryStatsSchemas {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            provider: members.optional("provider")?,
        })
    }
}

impl Serialize for QueryStatsSchemas {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QueryStatsSchemas {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QueryStatsSchemas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QueryStatsSchemas {
    const NAME: &'static str = "query-stats-schemas";
    type Return = Vec<StatsSchema>;
}
