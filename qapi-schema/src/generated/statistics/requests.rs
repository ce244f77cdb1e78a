// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics.json`; change nothing here.

//! Commands, from the client's side, of `statistics.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    Request, decode, encode,
};

use super::{StatisticsFilter, StatisticsProvider, StatisticsReport, StatisticsSchema, StatisticsTarget};

/// Command `query-statistics`.
///
/// Reads statistics.
///
/// Returns: the statistics by object
///
/// # Errors
///
/// - GenericError if the kernel's statistics can not be read
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-statistics", "arguments": { "targets": [ "vcpu" ], "providers": [ "kvm" ],
///        "names": [ "exits", "halt_wait_ns" ] } }
/// <- { "return": { "time": 81940216573311, "objects": [
///        { "provider": "kvm", "target": "vcpu", "path": "/machine/unattached/device[0]", "statistics": [
///            { "name": "halt_wait_ns", "value": 2120409833 },
///            { "name": "exits", "value": 74926 } ] } ] } }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryStatistics(pub StatisticsFilter);

impl Serialize for QueryStatistics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Decode for QueryStatistics {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        Decode::decode(value, path).map(Self)
    }
}

impl Request for QueryStatistics {
    const NAME: &'static str = "query-statistics";
    type Return = StatisticsReport;
}

/// Command `query-statistics-schemas`.
///
/// Tells what the statistics mean.  A sort of object is told of as long as there is such an object.
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
/// -> { "execute": "query-statistics-schemas", "arguments": { "providers": [ "kvm" ],
///        "targets": [ "vcpu" ] } }
/// <- { "return": [ { "provider": "kvm", "target": "vcpu", "statistics": [
///        { "name": "halt_successful_poll", "type": "cumulative", "exponent": 0, "length": 1 },
///        ... ] } ] }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QueryStatisticsSchemas {
    /// where the statistics come from (default: anywhere)
    pub providers: Option<Vec<StatisticsProvider>>,
    /// what they are about (default: anything)
    pub targets: Option<Vec<StatisticsTarget>>,
}

impl EncodeMembers for QueryStatisticsSchemas {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        if let Some(value) = &self.providers {
            members.serialize_entry("providers", value)?;
        }
        if let Some(value) = &self.targets {
            members.serialize_entry("targets", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for QueryStatisticsSchemas {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            providers: members.optional("providers")?,
            targets: members.optional("targets")?,
        })
    }
}

impl Serialize for QueryStatisticsSchemas {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for QueryStatisticsSchemas {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for QueryStatisticsSchemas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

impl Request for QueryStatisticsSchemas {
    const NAME: &'static str = "query-statistics-schemas";
    type Return = Vec<StatisticsSchema>;
}
