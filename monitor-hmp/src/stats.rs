//! `info stats`: the statistics of the machine or of the selected vCPU.

use qapi_schema::runtime::Error;
use qapi_schema::stats::requests::QueryStatsSchemas;
use qapi_schema::stats::{
    StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsTarget, StatsVCPUFilter,
};

use crate::monitor::Machine;
use crate::printers;
use crate::session::find_cpu;

/// What `info stats TARGET [NAMES] [PROVIDER]` shows, with the vCPU of the number `cpu` selected. An error is shown
/// as it is.
pub(crate) fn info_stats(
    machine: &impl Machine,
    cpu: i64,
    target: &str,
    names: Option<&str>,
    provider: Option<&str>,
) -> Result<String, Error> {
    let invalid = |what, value| move |_| Error::generic(format!("invalid stats {what} {value}"));
    let target: StatsTarget = target.parse().map_err(invalid("target", target))?;
    let provider: Option<StatsProvider> =
        provider.map(|name| name.parse().map_err(invalid("provider", name))).transpose()?;
    let branch = match target {
        StatsTarget::Vm => StatsFilterBranch::Vm,
        StatsTarget::Vcpu => {
            let selected = find_cpu(machine, cpu)?.ok_or_else(|| Error::generic("invalid CPU index"))?;
            StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus: Some(vec![selected.qom_path]) })
        }
    };
    let schemas = machine.query_stats_schemas(QueryStatsSchemas { provider })?;
    let results = machine.query_stats(StatsFilter { providers: requests(names, provider), branch })?;
    Ok(printers::stats::results(&results, target, &schemas, provider.is_none()).to_string())
}

/// What to ask whom for: everyone for everything if neither names nor a provider are given.
fn requests(names: Option<&str>, provider: Option<StatsProvider>) -> Option<Vec<StatsRequest>> {
    let names = names.filter(|names| *names != "*");
    let names: Option<Vec<String>> = names.map(|names| names.split(',').map(str::to_owned).collect());
    let providers = match provider {
        Some(provider) => vec![provider],
        None => names.as_ref().map(|_| StatsProvider::ALL.to_vec())?,
    };
    Some(providers.into_iter().map(|provider| StatsRequest { provider, names: names.clone() }).collect())
}
