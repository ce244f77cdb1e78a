//! What scrapers get, for people to look at and read back.

mod reader;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::{StatsType, StatsUnit};

use super::*;
use crate::test_source::TestSource;
use crate::{Descriptors, Object};

fn add(registry: &Registry, object: Object, descriptors: &Arc<Descriptors>, values: &[u64]) {
    registry.add(object, TestSource::new(descriptors, values)).keep();
}

fn vcpu(number: u32) -> Object {
    Object::new(StatisticsProvider::Kvm, StatisticsTarget::Vcpu)
        .path(format!("/machine/unattached/device[{number}]"))
}

/// One of everything.
fn machine() -> Registry {
    let registry = Registry::new();
    let nanoseconds = |descriptor: Descriptor| descriptor.unit(StatsUnit::Seconds).scale(10, -9);
    let undescribed = |descriptor: Descriptor| Descriptor { description: None, ..descriptor };
    let kvm = Descriptors::new([
        undescribed(Descriptor::cumulative("exits", "")),
        undescribed(nanoseconds(Descriptor::cumulative("halt_wait_ns", ""))),
        undescribed(nanoseconds(Descriptor::log2_histogram("halt_wait_hist", 5, ""))),
        undescribed(Descriptor::instant("guest_mode", "").unit(StatsUnit::Boolean)),
        undescribed(Descriptor {
            kind: StatsType::LinearHistogram,
            bucket_size: Some(10),
            ..Descriptor::log2_histogram("steps", 3, "")
        }),
    ]);
    let values = |first| vec![first, 2_120_409_833, 1, 2, 3, 4, 5, 7, 10, 20, 30];
    add(&registry, vcpu(0), &kvm, &values(74926));
    add(&registry, vcpu(1), &kvm, &values(u64::MAX));

    let queue = Descriptors::new([
        Descriptor::cumulative("requests", "requests that were answered"),
        Descriptor::cumulative("bytes-read", "what the device has read").unit(StatsUnit::Bytes),
        Descriptor::peak("depth", "most chains in flight at once"),
        nanoseconds(Descriptor::log2_histogram("latency", 2, "how long they took")),
        nanoseconds(Descriptor::cumulative("latency-sum", "how long all took together")),
        // There is no such histogram.
        Descriptor::cumulative("depth-sum", "all depths together"),
    ]);
    let disk =
        || Object::new(StatisticsProvider::Virtio, StatisticsTarget::Queue).path("/machine/peripheral/disk0");
    add(&registry, disk().queue(0), &queue, &[1, 512, 3, 4, 1, 5_000_000_000, 9]);
    let card = Descriptors::new([
        Descriptor::cumulative("filtered", "frames for others"),
        Descriptor::cumulative("requests", "requests that were answered"),
    ]);
    add(&registry, disk().queue(1), &card, &[5, 6]);
    let monitor = Object::new(StatisticsProvider::Monitor, StatisticsTarget::Monitor);
    let clients = Descriptors::new([Descriptor::instant("clients", "clients that are connected")]);
    add(&registry, monitor.name("unix:/run/a \"b\"\\c\n"), &clients, &[2]);
    let process = Object::new(StatisticsProvider::Process, StatisticsTarget::Process);
    add(&registry, process, &Descriptors::new([Descriptor::instant("threads", "its threads")]), &[]);
    registry
}

#[test]
fn openmetrics_of_one_of_everything() {
    let text = write(&machine(), Some("web 1"), Format::OpenMetrics);
    reader::read(&text).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn the_older_text_of_one_of_everything() {
    insta::assert_snapshot!(write(&machine(), None, Format::Text));
}

#[test]
fn nothing_is_a_text_too() {
    assert_eq!(
        write(&Registry::new(), Some("m"), Format::OpenMetrics),
        "# TYPE ringscope_provider_up gauge\n# HELP ringscope_provider_up Whether all statistics of the provider could \
         be read\n# EOF\n"
    );
}

#[test]
fn objects_and_statistics_that_look_alike_stay_readable() {
    let registry = Registry::new();
    let twins = Descriptors::new([Descriptor::cumulative("a", ""), Descriptor::cumulative("a", "")]);
    let other = Descriptors::new([
        Descriptor::instant("A", "").unit(StatsUnit::Seconds),
        Descriptor::cumulative("a", ""),
    ]);
    add(&registry, vcpu(0), &twins, &[1, 2]);
    add(&registry, vcpu(0), &twins, &[3, 4]);
    add(&registry, vcpu(1), &other, &[5, 6]);
    let families = reader::read(&write(&registry, None, Format::OpenMetrics)).unwrap();
    let values = |name: &str| families[name].samples.iter().map(|sample| sample.2).collect::<Vec<_>>();
    assert_eq!(values("ringscope_kvm_vcpu_a"), [1.0, 6.0]);
    assert_eq!(values("ringscope_kvm_vcpu_a_2"), [2.0]);
    assert_eq!(values("ringscope_kvm_vcpu_a_seconds"), [5.0]);
}

#[test]
fn limits_of_buckets_grow_whatever_the_scale() {
    for exponent in [i16::MIN, -320, 300, i16::MAX] {
        let registry = Registry::new();
        let table = Descriptors::new([Descriptor::log2_histogram("h", 70, "").scale(10, exponent)]);
        add(&registry, vcpu(0), &table, &[1; 70]);
        let families = reader::read(&write(&registry, None, Format::OpenMetrics)).unwrap();
        assert_eq!(families["ringscope_kvm_vcpu_h"].samples.last().unwrap().2, 70.0);
    }
}

fn any_descriptor() -> impl Strategy<Value = Descriptor> {
    let unit = prop::option::of(prop::sample::select(StatsUnit::ALL.to_vec()));
    let kind = prop::sample::select(StatsType::ALL.to_vec());
    let base = prop::sample::select(vec![None, Some(2), Some(10)]);
    (any::<String>(), kind, unit, base, any::<i16>(), any::<u32>(), 0u16..70).prop_map(
        |(name, kind, unit, base, exponent, width, length)| {
            let bucket_size = (kind == StatsType::LinearHistogram).then_some(width);
            let exponent = if base.is_some() { exponent } else { 0 };
            let description = Some(name.chars().rev().collect::<String>().into());
            Descriptor { name: name.into(), kind, unit, base, exponent, bucket_size, length, description }
        },
    )
}

proptest! {
    #[test]
    fn whatever_there_is_can_be_read_back(
        table in prop::collection::vec(any_descriptor(), 0..8),
        objects in prop::collection::vec((any::<String>(), any::<u64>()), 1..4),
    ) {
        let registry = Registry::new();
        let table = Descriptors::new(table);
        for (path, value) in objects {
            add(&registry, vcpu(0).path(path), &table, &vec![value; table.value_count().max(1)][..table.value_count()]);
        }
        let text = write(&registry, Some("\u{1b}\"\\"), Format::OpenMetrics);
        prop_assert!(reader::read(&text).is_ok(), "{:?}\n{text}", reader::read(&text));
    }

    #[test]
    fn labels_come_back_as_they_were(machine: String, path: String, value: u64) {
        let registry = Registry::new();
        let table = Descriptors::new([Descriptor::instant("value", "")]);
        add(&registry, vcpu(0).path(path.clone()), &table, &[value]);
        let families = reader::read(&write(&registry, Some(&machine), Format::OpenMetrics)).unwrap();
        let clean = |text: &str| text.replace(|each: char| each.is_control() && each != '\n', "\u{fffd}");
        let expected: BTreeMap<_, _> =
            [("machine".to_owned(), clean(&machine)), ("vcpu".to_owned(), clean(&path))].into();
        let (suffix, labels, read) = &families["ringscope_kvm_vcpu_value"].samples[0];
        prop_assert_eq!((suffix.as_str(), labels, *read), ("", &expected, value as f64));
    }
}
