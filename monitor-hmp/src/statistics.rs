//! `info statistics`: everything that is counted, for people.

use qapi_schema::runtime::Error;
use qapi_schema::statistics::requests::QueryStatisticsSchemas;
use qapi_schema::statistics::{StatisticsFilter, StatisticsTarget};

use crate::monitor::Machine;
use crate::printers;

/// What `info statistics [TARGET] [NAMES]` shows. An error is shown as it is.
pub(crate) fn info_statistics(
    machine: &impl Machine,
    target: Option<&str>,
    names: Option<&str>,
) -> Result<String, Error> {
    let targets = target.filter(|target| *target != "*").map(parse_target).transpose()?.map(|one| vec![one]);
    let names: Option<Vec<String>> = names.map(|names| names.split(',').map(str::to_owned).collect());
    let (providers, paths) = (None, None);
    let arguments = QueryStatisticsSchemas { providers: None, targets: targets.clone() };
    let schemas = machine.query_statistics_schemas(arguments)?;
    // A histogram is shown with its mean, which needs its sum.
    let asked = names.clone().map(with_sums);
    let filter = StatisticsFilter { targets, providers, paths, names: asked };
    let objects = machine.query_statistics(filter)?.objects;
    Ok(printers::statistics::objects(&objects, &schemas, names.as_deref()).to_string())
}

fn parse_target(name: &str) -> Result<StatisticsTarget, Error> {
    name.parse().map_err(|_| {
        let accepted =
            StatisticsTarget::ALL.iter().map(|target| target.as_str()).collect::<Vec<_>>().join(", ");
        Error::generic(format!("invalid statistics target {name}; accepted are {accepted} and *"))
    })
}

fn with_sums(names: Vec<String>) -> Vec<String> {
    let sums: Vec<String> = names.iter().map(|name| printers::statistics::sum_of(name)).collect();
    [names, sums].concat()
}
