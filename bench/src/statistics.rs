//! `stats`: what asking for statistics costs, beside the least that it could: one read a file, and the same numbers
//! written as text.

use std::io::{self, Cursor};
use std::sync::Arc;

use monitor_qmp::{Events, Terms};
use qapi_schema::runtime::{Error, Reply, Style};
use qapi_schema::statistics::requests::QueryStatisticsSchemas;
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::{StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsVCPUFilter};
use stats::Registry;
use vmm::machine::Machine;
use vmm::monitors::{Connection, MonitorKind};
use vmm::object_tree::vcpu_path;
use vmm::protocols::Protocols;

use crate::measure::{Turn, turns};
use crate::statistics_files::Statistics;

/// Requests of a conversation over QMP.
const REQUESTS: u8 = 100;

/// Measures and prints everything.
pub(crate) fn run() {
    println!("CPU time of the asking thread, medians of rounds in which all take turns");
    for cpus in [1, 64, 255] {
        of_vcpus(cpus);
    }
}

fn of_vcpus(cpus: u8) {
    let statistics = Statistics::new(cpus);
    let registry = &statistics.registry;
    println!("\n{}", statistics.what);
    let (mut data, mut text) = (Vec::new(), Vec::new());
    let floor = Turn::new("the floor: one read a vCPU, its numbers as text", || {
        text.clear();
        for file in &statistics.files {
            file.write_numbers(&mut data, &mut text);
        }
    });
    let mut cases = vec![floor];
    cases.push(query_stats(registry, "query-stats, all vCPUs", None, None));
    let names = names(registry);
    for count in [0, 1, 5, 20, names.len()] {
        let some = names.get(..count).map(<[String]>::to_vec);
        let row = format!("query-stats, {count} of {} names", names.len());
        cases.push(query_stats(registry, &row, None, some));
    }
    let one = Some(vec![vcpu_path(cpus / 2)]);
    cases.push(query_stats(registry, "query-stats, one vCPU", one, None));
    cases.push(query_statistics(registry));
    cases.push(query(registry, "query-stats-schemas", |registry, reply| {
        reply.write(&registry.stats_schemas(None)?)
    }));
    cases.push(query(registry, "query-statistics-schemas", |registry, reply| {
        let everything = QueryStatisticsSchemas { providers: None, targets: None };
        reply.write(&registry.schemas(&everything)?)
    }));
    if let Some(machine) = statistics.machine() {
        cases.push(conversation(machine));
    }
    print(cases, cpus);
}

/// A whole conversation over QMP, but for the socket: requests read, dispatched and answered.
fn conversation(machine: &Arc<Machine>) -> Turn<'static> {
    let qmp =
        Protocols::new(machine, Arc::new(Events::new())).serve(MonitorKind::Qmp, "bench", Terms::default());
    let request = "{\"execute\": \"query-stats\", \"arguments\": {\"target\": \"vcpu\"}}\n";
    let requests = "{\"execute\": \"qmp_capabilities\"}\n".to_owned() + &request.repeat(REQUESTS.into());
    let converse = move || {
        qmp(Connection {
            reader: Box::new(Cursor::new(requests.clone())),
            writer: Box::new(io::sink()),
            hang_up: Box::new(|| ()),
            is_stdio: false,
        });
    };
    Turn::new("query-stats, all vCPUs, read and answered by QMP", converse).times(REQUESTS.into())
}

fn print(cases: Vec<Turn<'_>>, cpus: u8) {
    println!("{:<52} {:>11} {:>9} {:>8} {:>12}", "", "a query", "a vCPU", "floors", "allocations");
    for cost in turns(cases) {
        let microseconds = cost.nanoseconds / 1000.0;
        println!(
            "{:<52} {microseconds:>8.2} us {:>6.2} us {:>8.2} {:>12}",
            cost.name,
            microseconds / f64::from(cpus),
            cost.ratio,
            cost.allocations
        );
    }
}

fn query_stats<'a>(
    registry: &'a Registry,
    name: &str,
    vcpus: Option<Vec<String>>,
    names: Option<Vec<String>>,
) -> Turn<'a> {
    let request = names.map(|names| vec![StatsRequest { provider: StatsProvider::Kvm, names: Some(names) }]);
    let branch = StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus });
    let filter = StatsFilter { providers: request, branch };
    query(registry, name, move |registry, reply| registry.write_stats(&filter, reply))
}

fn query_statistics(registry: &Registry) -> Turn<'_> {
    let filter = StatisticsFilter {
        targets: Some(vec![StatisticsTarget::Vcpu]),
        providers: Some(vec![StatisticsProvider::Kvm]),
        paths: None,
        names: None,
    };
    query(registry, "query-statistics, all vCPUs", move |registry, reply| {
        registry.write_statistics(&filter, reply)
    })
}

/// A query into a buffer that is used again, as a connection does.
fn query<'a>(
    registry: &'a Registry,
    name: &str,
    ask: impl Fn(&Registry, &mut Reply) -> Result<(), Error> + 'a,
) -> Turn<'a> {
    let mut reply = Reply::new(Style::Line);
    Turn::new(name, move || {
        reply.clear();
        if let Err(error) = ask(registry, &mut reply) {
            eprintln!("{error}");
        }
    })
}

/// What a vCPU's statistics are called.
fn names(registry: &Registry) -> Vec<String> {
    let mut names = Vec::new();
    let read = registry.visit_schemas(|_, target, descriptors| {
        if target == StatisticsTarget::Vcpu {
            names.extend(descriptors.iter().map(|descriptor| descriptor.name.to_string()));
        }
    });
    if let Err(error) = read {
        eprintln!("{error}");
    }
    names
}
