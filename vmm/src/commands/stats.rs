//! stats.json and statistics.json: statistics, which the registry writes into the reply as it reads them.

use qapi_schema::runtime::{Command, Error, Reply, Streams, collect, stream};
use qapi_schema::statistics::requests::{QueryStatistics, QueryStatisticsSchemas};
use qapi_schema::statistics::{
    self, StatisticsCommands, StatisticsFilter, StatisticsReport, StatisticsSchema,
};
use qapi_schema::stats::requests::{QueryStats, QueryStatsSchemas};
use qapi_schema::stats::{self, StatsCommands, StatsFilter, StatsResult, StatsSchema};

use crate::machine::Machine;

/// The commands of both modules.
pub(crate) fn commands() -> Vec<Command<Machine>> {
    let mut rows = [stats::commands(), statistics::commands()].concat();
    stream::<QueryStats, _>(&mut rows);
    stream::<QueryStatistics, _>(&mut rows);
    rows
}

impl Streams<QueryStats> for Machine {
    fn stream(&self, QueryStats(filter): QueryStats, reply: &mut Reply) -> Result<(), Error> {
        self.statistics().write_stats(&filter, reply)
    }
}

impl Streams<QueryStatistics> for Machine {
    fn stream(&self, QueryStatistics(filter): QueryStatistics, reply: &mut Reply) -> Result<(), Error> {
        self.statistics().write_statistics(&filter, reply)
    }
}

impl StatsCommands for Machine {
    fn query_stats(&self, filter: StatsFilter) -> Result<Vec<StatsResult>, Error> {
        collect(self, QueryStats(filter))
    }

    fn query_stats_schemas(&self, arguments: QueryStatsSchemas) -> Result<Vec<StatsSchema>, Error> {
        self.statistics().stats_schemas(arguments.provider)
    }
}

impl StatisticsCommands for Machine {
    fn query_statistics(&self, filter: StatisticsFilter) -> Result<StatisticsReport, Error> {
        collect(self, QueryStatistics(filter))
    }

    fn query_statistics_schemas(
        &self,
        arguments: QueryStatisticsSchemas,
    ) -> Result<Vec<StatisticsSchema>, Error> {
        self.statistics().schemas(&arguments)
    }
}
