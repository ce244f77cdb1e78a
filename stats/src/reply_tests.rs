//! Order and filters of the queries of both shapes, over sources with known numbers.

use std::sync::{Arc, LazyLock};

use qapi_schema::runtime::{Decode, Error, Path, Reply, Style};
use qapi_schema::statistics::requests::QueryStatisticsSchemas;
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsReport, StatisticsTarget};
use qapi_schema::stats::{
    Stats, StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsResult, StatsUnit,
    StatsVCPUFilter, StatsValue,
};

use crate::{Descriptor, Descriptors, Object, Registry, Source};

static VM: LazyLock<Arc<Descriptors>> =
    LazyLock::new(|| Descriptors::new(["flushes", "pages"].map(|name| Descriptor::cumulative(name, ""))));
static VCPU: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    Descriptors::new([
        Descriptor::cumulative("exits", "times that the vCPU left the guest"),
        Descriptor::instant("halts", "").unit(StatsUnit::Bytes).scale(2, 10),
        Descriptor::log2_histogram("wait_hist", 3, "").unit(StatsUnit::Seconds).scale(10, -9),
    ])
});

/// The values count from 1.
struct Made(&'static LazyLock<Arc<Descriptors>>);

impl Source for Made {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(self.0)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        for (value, number) in values.iter_mut().zip(1..) {
            *value = number;
        }
        Ok(())
    }
}

struct Broken;

impl Source for Broken {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&VCPU)
    }

    fn read(&self, _: &mut [u64]) -> Result<(), Error> {
        Err(Error::generic("KVM stats: failed to read data: expected 8 actual 0"))
    }
}

const MACHINE: Object = Object::new(StatisticsProvider::Kvm, StatisticsTarget::Machine);

fn cpu(path: &str) -> Object {
    Object::new(StatisticsProvider::Kvm, StatisticsTarget::Vcpu).path(path)
}

/// A machine with three vCPUs, and a queue of which QEMU's queries know nothing.
fn registry() -> Registry {
    let registry = Registry::new();
    registry.add(MACHINE, Arc::new(Made(&VM))).keep();
    for path in ["/cpu[0]", "/cpu[2]", "/cpu[3]"] {
        registry.add(cpu(path), Arc::new(Made(&VCPU))).keep();
    }
    let queue = Object::new(StatisticsProvider::Virtio, StatisticsTarget::Queue).path("/disk").queue(7);
    registry.add(queue, Arc::new(Made(&VCPU))).keep();
    registry
}

/// What has been written, as the type that it has to be.
fn decoded<T: Decode>(reply: &Reply) -> T {
    T::decode(serde_json::from_slice(reply.as_bytes()).unwrap(), &Path::ROOT).unwrap()
}

fn query_stats(registry: &Registry, filter: &StatsFilter) -> Result<Vec<StatsResult>, Error> {
    let mut reply = Reply::new(Style::Line);
    registry.write_stats(filter, &mut reply)?;
    Ok(decoded(&reply))
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
    let results = query_stats(&registry(), filter).unwrap();
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
    let results = query_stats(&registry(), &vcpu(None, None)).unwrap();
    assert_eq!(results[0].stats[0].value, StatsValue::List(vec![3, 4, 5]));
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
    let error = query_stats(&registry(), &vm(Some(vec![request(None); 65]))).unwrap_err();
    insta::assert_snapshot!(error, @"Parameter 'providers' has 65 requests, at most 64 are accepted");
    assert_eq!(query_stats(&registry(), &vm(Some(vec![request(None); 64]))).unwrap().len(), 64);
}

#[test]
fn an_error_is_the_whole_answer() {
    let registry = registry();
    registry.add(cpu("/cpu[4]"), Arc::new(Broken)).keep();
    let error = query_stats(&registry, &vcpu(None, None)).unwrap_err();
    assert_eq!(error, Error::generic("KVM stats: failed to read data: expected 8 actual 0"));
    assert_eq!(query_stats(&registry, &vcpu(Some(&["/cpu[0]"]), None)).unwrap().len(), 1);
    registry.write_statistics(&everything(), &mut Reply::new(Style::Line)).unwrap_err();
}

#[test]
fn schemas_come_in_the_order_of_the_values() {
    let schemas = registry().stats_schemas(None).unwrap();
    let line = |schema: &qapi_schema::stats::StatsSchema| {
        let names: Vec<_> = schema.stats.iter().map(|stat| stat.name.as_str()).collect();
        format!("{:?}: {}\n", schema.target, names.join(" "))
    };
    insta::assert_snapshot!(schemas.iter().map(line).collect::<String>(), @r"
    Vcpu: wait_hist halts exits
    Vm: pages flushes
    ");
    assert_eq!(registry().stats_schemas(Some(StatsProvider::Kvm)).unwrap(), schemas);
}

#[test]
fn without_a_provider_there_is_nothing_and_no_error() {
    let empty = Registry::new();
    assert!(query_stats(&empty, &vm(None)).unwrap().is_empty());
    assert!(query_stats(&empty, &vcpu(None, Some(vec![request(None)]))).unwrap().is_empty());
    assert!(empty.stats_schemas(Some(StatsProvider::Kvm)).unwrap().is_empty());
}

fn everything() -> StatisticsFilter {
    StatisticsFilter { targets: None, providers: None, paths: None, names: None }
}

#[test]
fn our_own_report_is_in_natural_order() {
    let before = super::now();
    let mut reply = Reply::new(Style::Line);
    registry().write_statistics(&everything(), &mut reply).unwrap();
    let report: StatisticsReport = decoded(&reply);
    assert!((before..=super::now()).contains(&report.time));
    let text = String::from_utf8(reply.into_bytes()).unwrap();
    let objects = text.split_once("\"objects\": ").unwrap().1.replace("}]}, ", "}]},\n");
    insta::assert_snapshot!(objects);
}

#[test]
fn our_own_schemas_tell_length_and_meaning() {
    let schemas = registry().schemas(&QueryStatisticsSchemas { providers: None, targets: None }).unwrap();
    let targets: Vec<_> = schemas.iter().map(|schema| schema.target.as_str()).collect();
    assert_eq!(targets, ["machine", "vcpu", "queue"]);
    let mut reply = Reply::new(Style::Line);
    reply.write(&schemas[1].statistics).unwrap();
    insta::assert_snapshot!(String::from_utf8(reply.into_bytes()).unwrap().replace("}, ", "},\n"));
    let only = QueryStatisticsSchemas {
        providers: Some(vec![StatisticsProvider::Virtio, StatisticsProvider::Kvm]),
        targets: Some(vec![StatisticsTarget::Queue, StatisticsTarget::Process]),
    };
    assert_eq!(registry().schemas(&only).unwrap(), schemas[2..]);
}

/// What is streamed is laid out as an encoded value is, to the byte.
#[test]
fn a_streamed_reply_is_what_the_value_would_be_encoded_as() {
    for filter in [vm(None), vcpu(None, None), vcpu(Some(&["/cpu[2]"]), None), vm(Some(vec![]))] {
        let (mut streamed, mut encoded) = (Reply::new(Style::Line), Reply::new(Style::Line));
        registry().write_stats(&filter, &mut streamed).unwrap();
        encoded.write(&decoded::<Vec<StatsResult>>(&streamed)).unwrap();
        assert_eq!(streamed.as_bytes(), encoded.as_bytes());
    }
    let (mut streamed, mut encoded) = (Reply::new(Style::Line), Reply::new(Style::Line));
    registry().write_statistics(&everything(), &mut streamed).unwrap();
    encoded.write(&decoded::<StatisticsReport>(&streamed)).unwrap();
    assert_eq!(streamed.as_bytes(), encoded.as_bytes());
}

/// A statistic may have any name, and any number of values.
#[test]
fn odd_descriptors_are_written_as_values_are() {
    static ODD: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
        Descriptors::new([
            Descriptor::log2_histogram("empty", 0, ""),
            Descriptor::log2_histogram("one \"\u{fffd}\\", 1, ""),
            Descriptor::log2_histogram("flags", 2, "").unit(StatsUnit::Boolean),
            Descriptor::log2_histogram("no flag", 0, "").unit(StatsUnit::Boolean),
        ])
    });
    let registry = Registry::new();
    registry.add(MACHINE, Arc::new(Made(&ODD))).keep();
    let results = query_stats(&registry, &vm(None)).unwrap();
    let stat = |name: &str, value| Stats { name: name.to_owned(), value };
    let expected = [
        stat("no flag", StatsValue::Boolean(false)),
        stat("flags", StatsValue::Boolean(true)),
        stat("one \"\u{fffd}\\", StatsValue::Scalar(1)),
        stat("empty", StatsValue::List(vec![])),
    ];
    assert_eq!(results[0].stats, expected);
}
