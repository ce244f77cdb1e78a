//! Order and filters of the two queries, over a provider with known numbers.

use std::sync::Arc;

use qapi_schema::runtime::Error;
use qapi_schema::stats::{
    Stats, StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsResult, StatsSchemaValue,
    StatsTarget, StatsType, StatsVCPUFilter, StatsValue,
};

use super::{Provider, Registry};
use crate::Selection;

const VM: [&str; 2] = ["flushes", "pages"];
const VCPU: [&str; 3] = ["exits", "halts", "wait_hist"];
const PATHS: [&str; 3] = ["/cpu[0]", "/cpu[2]", "/cpu[3]"];

/// Three vCPUs; the last statistic is a histogram. Fails at the path `broken`.
struct Made {
    broken: Option<&'static str>,
}

impl Provider for Made {
    fn name(&self) -> StatsProvider {
        StatsProvider::Kvm
    }

    fn targets(&self) -> &[StatsTarget] {
        &[StatsTarget::Vm, StatsTarget::Vcpu]
    }

    fn schema(&self, target: StatsTarget) -> Result<Option<Vec<StatsSchemaValue>>, Error> {
        let describe = |name: &&str| StatsSchemaValue {
            name: (*name).to_owned(),
            type_: StatsType::Cumulative,
            unit: None,
            base: None,
            exponent: 0,
            bucket_size: None,
        };
        Ok(Some(names(target).iter().map(describe).collect()))
    }

    fn values(&self, target: StatsTarget, selection: &Selection<'_>) -> Result<Vec<StatsResult>, Error> {
        let paths: &[_] = match target {
            StatsTarget::Vm => &[None],
            StatsTarget::Vcpu => &PATHS.map(Some),
        };
        let mut results = Vec::new();
        for path in paths {
            if path.is_some_and(|path| !selection.wants_object(path)) {
                continue;
            }
            if *path == self.broken && path.is_some() {
                return Err(Error::generic("KVM stats: failed to read data: expected 8 actual 0"));
            }
            let wanted = names(target).iter().filter(|name| selection.wants(name));
            let stats = wanted.map(|name| Stats { name: (*name).to_owned(), value: value(name) }).collect();
            results.push(StatsResult { provider: self.name(), qom_path: path.map(str::to_owned), stats });
        }
        Ok(results)
    }
}

fn names(target: StatsTarget) -> &'static [&'static str] {
    match target {
        StatsTarget::Vm => &VM,
        StatsTarget::Vcpu => &VCPU,
    }
}

fn value(name: &str) -> StatsValue {
    if name.ends_with("hist") { StatsValue::List(vec![1, 2, 3]) } else { StatsValue::Scalar(1) }
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register(Arc::new(Made { broken: None }));
    registry
}

/// A request for the statistics `names`, all if absent.
fn request(names: Option<&[&str]>) -> StatsRequest {
    StatsRequest { provider: StatsProvider::Kvm, names: names.map(owned) }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn vm(providers: Option<Vec<StatsRequest>>) -> StatsFilter {
    StatsFilter { providers, branch: StatsFilterBranch::Vm }
}

fn vcpu(vcpus: Option<&[&str]>, providers: Option<Vec<StatsRequest>>) -> StatsFilter {
    let vcpus = StatsVCPUFilter { vcpus: vcpus.map(owned) };
    StatsFilter { providers, branch: StatsFilterBranch::Vcpu(vcpus) }
}

/// One line a result: its path and the names of its statistics.
fn ask(filter: &StatsFilter) -> String {
    let results = registry().query_stats(filter).unwrap();
    let line = |result: StatsResult| {
        let names: Vec<_> = result.stats.into_iter().map(|stat| stat.name).collect();
        format!("{}: {}\n", result.qom_path.as_deref().unwrap_or("-"), names.join(" "))
    };
    results.into_iter().map(line).collect()
}

#[test]
fn the_last_comes_first() {
    insta::assert_snapshot!(ask(&vm(None)), @"-: pages flushes");
    insta::assert_snapshot!(ask(&vcpu(None, None)), @r"
    /cpu[3]: wait_hist halts exits
    /cpu[2]: wait_hist halts exits
    /cpu[0]: wait_hist halts exits
    ");
}

#[test]
fn buckets_keep_their_order() {
    let results = registry().query_stats(&vcpu(None, None)).unwrap();
    assert_eq!(results[0].stats[0].value, StatsValue::List(vec![1, 2, 3]));
}

#[test]
fn vcpus_are_chosen_by_path() {
    insta::assert_snapshot!(ask(&vcpu(Some(&["/cpu[0]", "/nope", "/cpu[3]", "/cpu[0]"]), None)), @r"
    /cpu[3]: wait_hist halts exits
    /cpu[0]: wait_hist halts exits
    ");
    assert_eq!(ask(&vcpu(Some(&[]), None)), "");
    assert_eq!(ask(&vcpu(Some(&["/cpu"]), None)), "");
}

#[test]
fn names_select_and_never_order() {
    let names = |names: &[&str]| ask(&vm(Some(vec![request(Some(names))])));
    assert_eq!(names(&["flushes", "pages", "flushes"]), "-: pages flushes\n");
    assert_eq!(names(&["nope", "flushes"]), "-: flushes\n");
    assert_eq!(names(&["nope"]), "");
    assert_eq!(names(&[]), "");
    assert_eq!(names(&["exits"]), "");
}

#[test]
fn every_request_has_an_answer_of_its_own() {
    let twice = vec![request(Some(&["exits"])), request(Some(&[])), request(Some(&["halts", "exits"]))];
    insta::assert_snapshot!(ask(&vcpu(Some(&["/cpu[0]", "/cpu[2]"]), Some(twice))), @r"
    /cpu[2]: halts exits
    /cpu[0]: halts exits
    /cpu[2]: exits
    /cpu[0]: exits
    ");
    assert_eq!(ask(&vm(Some(vec![request(None)]))), ask(&vm(None)));
    assert_eq!(ask(&vm(Some(vec![]))), "");
}

#[test]
fn the_reply_is_bounded() {
    let error = registry().query_stats(&vm(Some(vec![request(None); 65]))).unwrap_err();
    insta::assert_snapshot!(error, @"Parameter 'providers' has 65 requests, at most 64 are accepted");
    assert_eq!(registry().query_stats(&vm(Some(vec![request(None); 64]))).unwrap().len(), 64);
}

#[test]
fn an_error_drops_everything() {
    let mut registry = Registry::new();
    registry.register(Arc::new(Made { broken: None }));
    registry.register(Arc::new(Made { broken: Some("/cpu[2]") }));
    let error = registry.query_stats(&vcpu(None, None)).unwrap_err();
    assert_eq!(error, Error::generic("KVM stats: failed to read data: expected 8 actual 0"));
    assert_eq!(registry.query_stats(&vcpu(Some(&["/cpu[0]"]), None)).unwrap().len(), 2);
}

#[test]
fn schemas_come_in_the_order_of_the_values() {
    let schemas = registry().query_stats_schemas(None).unwrap();
    let line = |schema: &qapi_schema::stats::StatsSchema| {
        let names: Vec<_> = schema.stats.iter().map(|stat| stat.name.as_str()).collect();
        format!("{:?}: {}\n", schema.target, names.join(" "))
    };
    insta::assert_snapshot!(schemas.iter().map(line).collect::<String>(), @r"
    Vcpu: wait_hist halts exits
    Vm: pages flushes
    ");
    assert_eq!(registry().query_stats_schemas(Some(StatsProvider::Kvm)).unwrap(), schemas);
}

#[test]
fn without_a_provider_there_is_nothing_and_no_error() {
    let empty = Registry::new();
    assert!(empty.query_stats(&vm(None)).unwrap().is_empty());
    assert!(empty.query_stats(&vcpu(None, Some(vec![request(None)]))).unwrap().is_empty());
    assert!(empty.query_stats_schemas(Some(StatsProvider::Kvm)).unwrap().is_empty());
}
