//! What is told, how often, and in which order.

use std::sync::Arc;

use proptest::prelude::*;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};

use super::*;
use crate::test_source::TestSource;
use crate::{Descriptor, Descriptors, Registration};

const EVERYTHING: StatisticsFilter =
    StatisticsFilter { targets: None, providers: None, paths: None, names: None };

fn table() -> Arc<Descriptors> {
    Descriptors::new([
        Descriptor::cumulative("requests", ""),
        Descriptor::instant("busy", "").unit(StatsUnit::Boolean),
        Descriptor::log2_histogram("latency", 3, ""),
    ])
}

fn add(registry: &Registry, path: &str, values: &[u64]) -> (Arc<TestSource>, Registration) {
    let source = TestSource::new(&table(), values);
    let object = Object::new(StatisticsProvider::Virtio, StatisticsTarget::Device).path(path);
    let registration = registry.add(object, Arc::clone(&source) as _);
    (source, registration)
}

/// One line an object: its path, and its statistics with their values.
fn look(changes: &mut Changes, registry: &Registry, most_values: usize) -> String {
    let line = |object: StatisticsObject| {
        let values = object.statistics.iter().map(|stat| match &stat.value {
            StatsValue::Scalar(value) => format!(" {}={value}", stat.name),
            StatsValue::Boolean(value) => format!(" {}={value}", stat.name),
            StatsValue::List(values) => format!(" {}={values:?}", stat.name),
        });
        format!("{}:{}\n", object.path.unwrap_or_default(), values.collect::<String>())
    };
    changes.take(registry, &EVERYTHING, most_values).into_iter().map(line).collect()
}

#[test]
fn first_everything_then_what_has_changed() {
    let registry = Registry::new();
    let (disk, _disk) = add(&registry, "/disk", &[1, 0, 2, 3, 4]);
    let (card, _card) = add(&registry, "/card", &[0, 0, 0, 0, 0]);
    let mut changes = Changes::new();
    insta::assert_snapshot!(look(&mut changes, &registry, 100), @r"
    /disk: requests=1 busy=false latency=[2, 3, 4]
    /card: requests=0 busy=false latency=[0, 0, 0]
    ");
    assert_eq!(look(&mut changes, &registry, 100), "");
    card.set(&[0, 1, 0, 0, 0]);
    assert_eq!(look(&mut changes, &registry, 100), "/card: busy=true\n");
    disk.set(&[2, 0, 2, 3, 5]);
    card.set(&[0, 0, 0, 0, 0]);
    assert_eq!(
        look(&mut changes, &registry, 100),
        "/disk: requests=2 latency=[2, 3, 5]\n/card: busy=false\n"
    );
}

#[test]
fn objects_come_and_go() {
    let registry = Registry::new();
    let (_, disk) = add(&registry, "/disk", &[1; 5]);
    let mut changes = Changes::new();
    look(&mut changes, &registry, 100);
    let (_, _card) = add(&registry, "/card", &[1; 5]);
    drop(disk);
    insta::assert_snapshot!(look(&mut changes, &registry, 100), @r"
    /card: requests=1 busy=true latency=[1, 1, 1]
    /disk:
    ");
    assert_eq!(look(&mut changes, &registry, 100), "");
    // Another object at the same path is another object.
    let (_, _disk) = add(&registry, "/disk", &[1; 5]);
    assert!(look(&mut changes, &registry, 100).starts_with("/disk: requests=1"));
}

#[test]
fn more_than_is_wanted_is_left_out_until_there_is_room() {
    let registry = Registry::new();
    let (_, disk) = add(&registry, "/disk", &[1; 5]);
    let (_, _card) = add(&registry, "/card", &[1; 5]);
    let mut changes = Changes::new();
    assert_eq!(look(&mut changes, &registry, 9), "/disk: requests=1 busy=true latency=[1, 1, 1]\n");
    drop(disk);
    assert_eq!(look(&mut changes, &registry, 9), "/card: requests=1 busy=true latency=[1, 1, 1]\n/disk:\n");
    assert_eq!(registry.count_values(&EVERYTHING), Ok(5));
}

#[test]
fn what_cannot_be_read_is_not_taken_for_gone() {
    let registry = Registry::new();
    let (disk, _disk) = add(&registry, "/disk", &[1; 5]);
    let (_, _card) = add(&registry, "/card", &[1; 5]);
    let mut changes = Changes::new();
    look(&mut changes, &registry, 100);
    disk.set(&[]);
    assert_eq!(look(&mut changes, &registry, 100), "");
    assert!(registry.count_values(&EVERYTHING).is_err());
    disk.set(&[2, 1, 1, 1, 1]);
    assert_eq!(look(&mut changes, &registry, 100), "/disk: requests=2\n");
}

proptest! {
    #[test]
    fn whoever_applies_the_changes_knows_the_values(steps in prop::collection::vec([0u64..3, 0..2, 0..3, 0..3, 0..3], 1..20)) {
        let registry = Registry::new();
        let (disk, _disk) = add(&registry, "/disk", &[1; 5]);
        let (mut changes, mut applied) = (Changes::new(), HashMap::new());
        for values in steps {
            disk.set(&values);
            for object in changes.take(&registry, &EVERYTHING, 100) {
                prop_assert!(!object.statistics.is_empty());
                applied.extend(object.statistics.into_iter().map(|stat| (stat.name, stat.value)));
            }
            let mut now = HashMap::new();
            registry.visit(&EVERYTHING, |view| {
                now.extend(view.statistics().map(stats).map(|stat| (stat.name, stat.value)));
            }).unwrap();
            prop_assert_eq!(&applied, &now);
        }
    }
}
