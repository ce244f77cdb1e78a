// Written by `cargo xtask codegen` from `qapi-schema/schema/stats.json`; change nothing here.

//! Commands, from the server's side, of `stats.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Error, Reply, decode};
use super::requests;

use super::{StatsFilter, StatsResult, StatsSchema};

/// The commands of `stats.json`.
pub trait StatsCommands {
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
    fn query_stats(&self, arguments: StatsFilter) -> Result<Vec<StatsResult>, Error>;

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
    fn query_stats_schemas(&self, arguments: requests::QueryStatsSchemas) -> Result<Vec<StatsSchema>, Error>;
}

/// The table of the commands of `stats.json`.
pub fn commands<H: StatsCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "query-stats",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_stats::<H>,
        },
        Command {
            name: "query-stats-schemas",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_stats_schemas::<H>,
        },
    ])
}

fn call_query_stats<H: StatsCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_stats(decode::arguments(arguments)?)?)
}

fn call_query_stats_schemas<H: StatsCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_stats_schemas(decode::arguments(arguments)?)?)
}
