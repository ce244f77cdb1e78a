//! stats.json: statistics, which the registry of providers answers.

use qapi_schema::runtime::Error;
use qapi_schema::stats::requests::QueryStatsSchemas;
use qapi_schema::stats::{StatsCommands, StatsFilter, StatsResult, StatsSchema};

use crate::machine::Machine;

impl StatsCommands for Machine {
    fn query_stats(&self, filter: StatsFilter) -> Result<Vec<StatsResult>, Error> {
        self.statistics().query_stats(&filter)
    }

    fn query_stats_schemas(&self, arguments: QueryStatsSchemas) -> Result<Vec<StatsSchema>, Error> {
        self.statistics().query_stats_schemas(arguments.provider)
    }
}
