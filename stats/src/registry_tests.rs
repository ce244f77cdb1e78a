//! What is in the registry, what a filter chooses, and what a visitor sees.

use std::sync::{Arc, LazyLock, Mutex};

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};

use super::Registry;
use crate::test_source::TestSource;
use crate::{Descriptor, Descriptors, Object, Source};

static QUEUE: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    Descriptors::new([
        Descriptor::cumulative("requests", ""),
        Descriptor::log2_histogram("latency", 3, ""),
        Descriptor::peak("longest", ""),
    ])
});

/// The values are this number and those behind it. Counts how often it is read.
struct Made(u64, Mutex<u32>);

impl Source for Made {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&QUEUE)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        *self.1.lock().unwrap() += 1;
        for (value, number) in values.iter_mut().zip(self.0..) {
            *value = number;
        }
        Ok(())
    }
}

fn made(first: u64) -> Arc<Made> {
    Arc::new(Made(first, Mutex::default()))
}

fn queue(path: &str, number: u16) -> Object {
    Object::new(StatisticsProvider::Virtio, StatisticsTarget::Queue).path(path).queue(number)
}

fn everything() -> StatisticsFilter {
    StatisticsFilter { targets: None, providers: None, paths: None, names: None }
}

/// One line an object: what it is, and each statistic with its values.
fn listing(registry: &Registry, filter: &StatisticsFilter) -> String {
    let mut text = String::new();
    let visited = registry.visit(filter, |view| {
        let Object { provider, target, path, queue, name } = view.object;
        let label = [path.clone(), queue.map(|queue| queue.to_string()), name.clone()];
        let label: Vec<_> = label.into_iter().flatten().collect();
        text += &format!("{provider} {target} {}:", label.join(" "));
        for statistic in view.statistics() {
            text += &format!(" {}={:?}", statistic.descriptor.name, statistic.values);
        }
        text.push('\n');
    });
    visited.unwrap();
    text
}

#[test]
fn objects_stand_by_their_sort_and_then_in_the_order_of_their_coming() {
    let registry = Registry::new();
    let process = Object::new(StatisticsProvider::Process, StatisticsTarget::Process).name("self");
    registry.add(process, made(70)).keep();
    registry.add(queue("/disk", 1), made(20)).keep();
    registry.add(queue("/disk", 0), made(10)).keep();
    registry.add(Object::new(StatisticsProvider::Kvm, StatisticsTarget::Vcpu).path("/cpu"), made(1)).keep();
    insta::assert_snapshot!(listing(&registry, &everything()), @r"
    kvm vcpu /cpu: requests=[1] latency=[2, 3, 4] longest=[5]
    virtio queue /disk 1: requests=[20] latency=[21, 22, 23] longest=[24]
    virtio queue /disk 0: requests=[10] latency=[11, 12, 13] longest=[14]
    process process self: requests=[70] latency=[71, 72, 73] longest=[74]
    ");
}

#[test]
fn a_filter_chooses_objects_and_statistics() {
    let registry = Registry::new();
    let (disk, net, process) = (made(10), made(20), made(30));
    registry.add(queue("/disk", 0), disk.clone()).keep();
    registry.add(queue("/net", 0), net.clone()).keep();
    let object = Object::new(StatisticsProvider::Process, StatisticsTarget::Process);
    registry.add(object, process.clone()).keep();
    let texts = |texts: &[&str]| Some(texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());

    let paths = StatisticsFilter { paths: texts(&["/net", "/nope", "/net"]), ..everything() };
    assert_eq!(
        listing(&registry, &paths),
        "virtio queue /net 0: requests=[20] latency=[21, 22, 23] longest=[24]\n"
    );
    let names = ["longest", "nope", "requests", "longest"];
    let names = StatisticsFilter {
        names: texts(&names),
        targets: Some(vec![StatisticsTarget::Process]),
        ..everything()
    };
    assert_eq!(listing(&registry, &names), "process process : requests=[30] longest=[34]\n");
    let provider = StatisticsFilter { providers: Some(vec![StatisticsProvider::Kvm]), ..everything() };
    assert_eq!(listing(&registry, &provider), "");
    for nothing in [
        StatisticsFilter { names: texts(&[]), ..everything() },
        StatisticsFilter { names: texts(&["nope"]), ..everything() },
        StatisticsFilter { paths: texts(&[]), ..everything() },
        StatisticsFilter { targets: Some(vec![]), ..everything() },
        StatisticsFilter { providers: Some(vec![]), ..everything() },
    ] {
        assert_eq!(listing(&registry, &nothing), "", "{nothing:?}");
    }
    let reads = [disk, net, process].map(|source| *source.1.lock().unwrap());
    assert_eq!(reads, [0, 1, 1], "nothing is read that nobody wants");
}

/// No kernel has two statistics of one name; one that had would be told of both.
#[test]
fn a_name_chooses_all_that_have_it() {
    static TWINS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
        Descriptors::new(["twin", "other", "twin"].map(|name| Descriptor::cumulative(name, "")))
    });
    struct Twins;
    impl Source for Twins {
        fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
            Ok(&TWINS)
        }
        fn read(&self, values: &mut [u64]) -> Result<(), Error> {
            values.copy_from_slice(&[1, 2, 3]);
            Ok(())
        }
    }
    let registry = Registry::new();
    registry.add(queue("/a", 0), Arc::new(Twins)).keep();
    let names = Some(["twin", "twin"].map(str::to_owned).to_vec());
    let filter = StatisticsFilter { names, ..everything() };
    assert_eq!(listing(&registry, &filter), "virtio queue /a 0: twin=[1] twin=[3]\n");
}

#[test]
fn objects_come_and_go() {
    let registry = Registry::new();
    let first = registry.add(queue("/a", 0), made(1));
    let second = registry.add(queue("/b", 0), made(2));
    drop(first);
    let again = registry.clone().add(queue("/a", 0), made(3));
    let mut seen = Vec::new();
    registry.visit(&everything(), |view| seen.push((view.id, view.object.path.clone().unwrap()))).unwrap();
    assert_eq!(seen, [(1, "/b".to_owned()), (2, "/a".to_owned())], "a number is used once");
    drop((second, again));
    assert_eq!(listing(&registry, &everything()), "");
}

#[test]
fn a_visitor_may_query_and_change_the_registry() {
    let registry = Registry::new();
    let mut registration = Some(registry.add(queue("/a", 0), made(1)));
    registry.add(queue("/b", 0), made(2)).keep();
    let mut seen = 0;
    registry
        .visit(&everything(), |view| {
            drop(registration.take());
            assert_eq!(listing(&registry, &everything()).lines().count(), 1);
            assert_eq!(view.values.len(), 5, "the buffers of the outer query are its own");
            seen += 1;
        })
        .unwrap();
    assert_eq!(seen, 2, "a query sees what there was when it began");
}

#[test]
fn schemas_are_told_once_for_each_sort() {
    let registry = Registry::new();
    registry.add(queue("/a", 0), made(1)).keep();
    registry.add(queue("/b", 0), made(2)).keep();
    registry.add(Object::new(StatisticsProvider::Kvm, StatisticsTarget::Machine), made(2)).keep();
    let mut sorts = Vec::new();
    registry.visit_schemas(|provider, target, table| sorts.push((provider, target, table.len()))).unwrap();
    let kvm = (StatisticsProvider::Kvm, StatisticsTarget::Machine, 3);
    assert_eq!(sorts, [kvm, (StatisticsProvider::Virtio, StatisticsTarget::Queue, 3)]);
}

#[test]
fn the_schema_of_a_sort_has_what_any_of_its_objects_has_once() {
    let registry = Registry::new();
    let source = |names: &[&'static str]| {
        let table = Descriptors::new(names.iter().map(|name| Descriptor::instant(name, "")));
        TestSource::new(&table, &vec![0; names.len()])
    };
    registry.add(queue("/a", 0), source(&["requests", "pages"])).keep();
    registry.add(queue("/b", 0), source(&["held-back", "requests"])).keep();
    registry.add(queue("/c", 0), source(&["pages"])).keep();
    let mut told = Vec::new();
    let visitor = |_, _, meanings: &[&Descriptor]| {
        told.push(meanings.iter().map(|meaning| meaning.name.to_string()).collect::<Vec<_>>());
    };
    registry.visit_schemas(visitor).unwrap();
    assert_eq!(told, [["requests", "pages", "held-back"]]);
}
