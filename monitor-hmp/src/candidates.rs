//! The values that an argument can have at the moment.

use qapi_schema::hmp::{Argument, ArgumentKind, Completion};
use qapi_schema::net::requests::QueryRxFilter;
use qapi_schema::qom::requests::{QomGet, QomList, QomListTypes};
use qapi_schema::statistics::StatisticsTarget;
use qapi_schema::statistics::requests::QueryStatisticsSchemas;
use qapi_schema::stats::requests::QueryStatsSchemas;
use qapi_schema::stats::{StatsProvider, StatsTarget};
use qapi_schema::virtio::requests::XQueryVirtioStatus;

use crate::monitor::Machine;
use crate::object_tree::{Child, PERIPHERAL, ROOT, children};

/// The values of `argument` behind the words `earlier`; none if they cannot be listed.
pub(crate) fn values(argument: &Argument, earlier: &[&str], machine: &impl Machine) -> Vec<String> {
    let Some(of) = argument.complete else {
        return if argument.kind == ArgumentKind::Device { devices(machine) } else { Vec::new() };
    };
    match of {
        Completion::Queue => queues(machine, earlier.last().copied().unwrap_or_default()),
        Completion::Object => objects(machine),
        Completion::Property => properties(machine, earlier.last().copied().unwrap_or_default()),
        Completion::Vcpu => vcpus(machine),
        Completion::Driver => drivers(machine),
        Completion::Hotpluggable => hotpluggable(machine),
        Completion::NetworkCard => network_cards(machine),
        Completion::Switch => owned(["off", "on"].into_iter()),
        Completion::StatsTarget => owned(StatsTarget::ALL.iter().map(|target| target.as_str())),
        Completion::StatsProvider => owned(StatsProvider::ALL.iter().map(|provider| provider.as_str())),
        Completion::StatsNames => stats_names(machine, earlier.last().copied()),
        Completion::StatisticsTarget => {
            owned(StatisticsTarget::ALL.iter().map(|target| target.as_str()).chain(["*"]))
        }
        Completion::StatisticsNames => statistics_names(machine, earlier.last().copied()),
    }
}

/// Whether several values, with commas between, make one argument.
pub(crate) fn is_list(argument: &Argument) -> bool {
    matches!(argument.complete, Some(Completion::StatsNames | Completion::StatisticsNames))
}

fn owned<'w>(words: impl Iterator<Item = &'w str>) -> Vec<String> {
    words.map(str::to_owned).collect()
}

fn devices(machine: &impl Machine) -> Vec<String> {
    machine.x_query_virtio().unwrap_or_default().into_iter().map(|device| device.path).collect()
}

fn queues(machine: &impl Machine, device: &str) -> Vec<String> {
    let status = machine.x_query_virtio_status(XQueryVirtioStatus { path: device.to_owned() });
    status.map(|status| (0..status.num_vqs).map(|queue| queue.to_string()).collect()).unwrap_or_default()
}

/// The paths of all objects.
fn objects(machine: &impl Machine) -> Vec<String> {
    let mut paths = vec![ROOT.to_owned()];
    let mut next = 0;
    while let Some(path) = paths.get(next).cloned() {
        paths.extend(children(machine, &path).unwrap_or_default().into_iter().map(|child| child.path));
        next += 1;
    }
    paths
}

fn properties(machine: &impl Machine, object: &str) -> Vec<String> {
    let properties = machine.qom_list(QomList { path: object.to_owned() }).unwrap_or_default();
    properties.into_iter().map(|property| property.name).collect()
}

/// What can be put on a bus.
fn drivers(machine: &impl Machine) -> Vec<String> {
    let wanted = QomListTypes { implements: Some("bus-device".to_owned()), abstract_: None };
    let types = machine.qom_list_types(wanted).unwrap_or_default();
    types.into_iter().map(|one| one.name).collect()
}

/// The ids of the devices that can be taken away.
fn hotpluggable(machine: &impl Machine) -> Vec<String> {
    let can_go = |device: &Child| {
        let request = QomGet { path: device.path.clone(), property: "hotpluggable".to_owned() };
        machine.qom_get(request).is_ok_and(|value| value == true)
    };
    let devices = children(machine, PERIPHERAL).unwrap_or_default().into_iter();
    devices.filter(can_go).map(|device| device.name).collect()
}

fn network_cards(machine: &impl Machine) -> Vec<String> {
    let cards = machine.query_rx_filter(QueryRxFilter { name: None }).unwrap_or_default();
    cards.into_iter().map(|card| card.name).collect()
}

fn vcpus(machine: &impl Machine) -> Vec<String> {
    let vcpus = machine.query_cpus_fast().unwrap_or_default();
    vcpus.into_iter().map(|vcpu| vcpu.cpu_index.to_string()).collect()
}

fn stats_names(machine: &impl Machine, target: Option<&str>) -> Vec<String> {
    let schemas = machine.query_stats_schemas(QueryStatsSchemas { provider: None }).unwrap_or_default();
    let wanted =
        schemas.into_iter().filter(|schema| target.is_none_or(|target| schema.target.as_str() == target));
    wanted.flat_map(|schema| schema.stats).map(|statistic| statistic.name).collect()
}

fn statistics_names(machine: &impl Machine, target: Option<&str>) -> Vec<String> {
    let targets = target.and_then(|target| target.parse().ok()).map(|target| vec![target]);
    let schemas = machine.query_statistics_schemas(QueryStatisticsSchemas { providers: None, targets });
    let statistics = schemas.unwrap_or_default().into_iter().flat_map(|schema| schema.statistics);
    statistics.map(|statistic| statistic.name).collect()
}
