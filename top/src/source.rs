//! Statistics from a server: this project's commands where it has them, else QEMU's, told in the same words.

mod qemu;

use std::collections::HashSet;

use qapi_schema::machine::requests::{QueryCpusFast, QueryName};
use qapi_schema::statistics::requests::{QueryStatistics, QueryStatisticsSchemas};
use qapi_schema::statistics::{
    StatisticsFilter, StatisticsProvider, StatisticsReport, StatisticsSchema, StatisticsTarget,
};
use qmp_client::{Address, Client, ClientError, Settings};
use serde_json::Value;

use crate::machine::{Introduction, Sample};

/// A connection to a server that tells statistics.
pub(crate) struct Source {
    client: Client,
    dialect: Dialect,
    /// Sorts of objects whose meaning has been asked for.
    described: HashSet<(StatisticsProvider, StatisticsTarget)>,
}

/// Which commands the server has.
enum Dialect {
    /// `query-statistics`.
    Own,
    /// `query-stats`.
    Qemu(qemu::Clock),
}

impl Source {
    /// Connects to the server at `address`.
    ///
    /// # Errors
    /// It cannot be connected to, or has neither kind of commands.
    pub(crate) fn connect(
        address: &Address,
        settings: Settings,
    ) -> Result<(Self, Introduction), ClientError> {
        let mut client = Client::connect(address, settings)?;
        let name = client.execute(&QueryName)?.name;
        let (dialect, schemas) = match own_schemas(&mut client) {
            Err(error) if error.is_command_not_found() => {
                (Dialect::Qemu(qemu::Clock::start()), qemu::schemas(&mut client)?)
            }
            schemas => (Dialect::Own, schemas?),
        };
        let mut source = Self { client, dialect, described: HashSet::new() };
        source.note(&schemas);
        Ok((source, Introduction { name, schemas }))
    }

    /// Asks for everything once.
    ///
    /// # Errors
    /// The server does not answer, or not as it should.
    pub(crate) fn sample(&mut self) -> Result<Sample, ClientError> {
        // The states of other servers are not all in this schema.
        let status = self.client.execute_value("query-status", Value::Null)?;
        let state = status["status"].as_str().unwrap_or("unknown").to_owned();
        let vcpus = self.client.execute(&QueryCpusFast)?.into_iter().map(|vcpu| vcpu.qom_path).collect();
        let report = match &self.dialect {
            Dialect::Own => self.client.execute(&QueryStatistics(everything()))?,
            Dialect::Qemu(clock) => qemu::report(&mut self.client, clock)?,
        };
        let schemas = self.new_schemas(&report)?;
        Ok(Sample { state, vcpus, schemas, report })
    }

    /// What the statistics mean, if there is a sort of object that was not there before: a server describes what it
    /// has.
    fn new_schemas(
        &mut self,
        report: &StatisticsReport,
    ) -> Result<Option<Vec<StatisticsSchema>>, ClientError> {
        let sorts: Vec<_> = report.objects.iter().map(|object| (object.provider, object.target)).collect();
        if sorts.iter().all(|sort| self.described.contains(sort)) {
            return Ok(None);
        }
        let schemas = match self.dialect {
            Dialect::Own => own_schemas(&mut self.client)?,
            Dialect::Qemu(_) => qemu::schemas(&mut self.client)?,
        };
        self.note(&schemas);
        // Nobody asks again for what the server does not describe.
        self.described.extend(sorts);
        Ok(Some(schemas))
    }

    fn note(&mut self, schemas: &[StatisticsSchema]) {
        self.described.extend(schemas.iter().map(|schema| (schema.provider, schema.target)));
    }
}

fn own_schemas(client: &mut Client) -> Result<Vec<StatisticsSchema>, ClientError> {
    let StatisticsFilter { targets, providers, .. } = everything();
    client.execute(&QueryStatisticsSchemas { providers, targets })
}

/// Everything that is known here. A newer server may have more, which could not be read.
fn everything() -> StatisticsFilter {
    StatisticsFilter {
        targets: Some(StatisticsTarget::ALL.to_vec()),
        providers: Some(StatisticsProvider::ALL.to_vec()),
        paths: None,
        names: None,
    }
}
