// Written by `cargo xtask codegen` from `qapi-schema/schema/statistics.json`; change nothing here.

//! Commands, from the server's side, of `statistics.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Error, Reply, decode};
use super::requests;

use super::{StatisticsFilter, StatisticsReport, StatisticsSchema};

/// The commands of `statistics.json`.
pub trait StatisticsCommands {
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
    fn query_statistics(&self, arguments: StatisticsFilter) -> Result<StatisticsReport, Error>;

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
    fn query_statistics_schemas(&self, arguments: requests::QueryStatisticsSchemas) -> Result<Vec<StatisticsSchema>, Error>;
}

/// The table of the commands of `statistics.json`.
pub fn commands<H: StatisticsCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "query-statistics",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_statistics::<H>,
        },
        Command {
            name: "query-statistics-schemas",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_statistics_schemas::<H>,
        },
    ])
}

fn call_query_statistics<H: StatisticsCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_statistics(decode::arguments(arguments)?)?)
}

fn call_query_statistics_schemas<H: StatisticsCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_statistics_schemas(decode::arguments(arguments)?)?)
}
