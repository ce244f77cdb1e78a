//! Both shapes of the statistics queries against a reading of the kernel's statistics that is the test's own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::{Duration, Instant};

use builtin_guest::layout::LEAST_MEMORY;
use qapi_schema::statistics::requests::{QueryStatistics, QueryStatisticsSchemas};
use qapi_schema::statistics::{StatisticDescription, StatisticsFilter, StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::requests::{QueryStats, QueryStatsSchemas};
use qapi_schema::stats::{
    Stats, StatsFilter, StatsFilterBranch, StatsSchemaValue, StatsTarget, StatsVCPUFilter, StatsValue,
};
use support::{MachineInside, QmpClient};
use virtio_core::driver::skipped;
use vmm::accelerator::{self, Choice, StatisticsFiles};
use vmm::payload::Payload;

/// Far longer than a vCPU takes to its first exit.
const PATIENCE: Duration = Duration::from_secs(60);

const FIRST: &str = "/machine/unattached/device[0]";
const SECOND: &str = "/machine/unattached/device[1]";

const HEADER: usize = 24;
/// Bytes of a descriptor before its name.
const DESCRIPTOR: usize = 16;

/// A statistic as the kernel describes it, in numbers.
#[derive(Debug, PartialEq)]
struct Described {
    name: String,
    kind: u32,
    unit: u32,
    base: u32,
    exponent: i16,
    bucket_size: u32,
    values: Vec<u64>,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().unwrap()
}

/// Everything in a statistics file, in its order, read with nothing but `pread` and the kernel's documentation.
fn read_directly(file: &File) -> Vec<Described> {
    let mut header = [0; HEADER];
    file.read_exact_at(&mut header, 0).unwrap();
    let field = |at| usize::try_from(u32::from_ne_bytes(number(&header, at))).unwrap();
    let (name_size, count, descriptors, data) = (field(4), field(8), field(16), field(20));
    let mut table = Vec::new();
    for index in 0..count {
        let mut bytes = vec![0; DESCRIPTOR + name_size];
        file.read_exact_at(&mut bytes, (descriptors + index * (DESCRIPTOR + name_size)) as u64).unwrap();
        let flags = u32::from_ne_bytes(number(&bytes, 0));
        let size = usize::from(u16::from_ne_bytes(number(&bytes, 6)));
        let offset = usize::try_from(u32::from_ne_bytes(number(&bytes, 8))).unwrap();
        let mut values = vec![0; size * 8];
        file.read_exact_at(&mut values, (data + offset) as u64).unwrap();
        let name = bytes[DESCRIPTOR..].split(|byte| *byte == 0).next().unwrap();
        table.push(Described {
            name: String::from_utf8(name.to_vec()).unwrap(),
            kind: flags & 0xf,
            unit: flags >> 4 & 0xf,
            base: flags >> 8 & 0xf,
            exponent: i16::from_ne_bytes(number(&bytes, 4)),
            bucket_size: u32::from_ne_bytes(number(&bytes, 12)),
            values: values.chunks(8).map(|chunk| u64::from_ne_bytes(number(chunk, 0))).collect(),
        });
    }
    table
}

/// What the machine says of a statistic, put back into the kernel's numbers.
fn described(schema: &StatsSchemaValue, stat: &Stats) -> Described {
    assert_eq!(schema.name, stat.name, "schema and values are in the same order");
    let position =
        |all: &[&str], name: &str| u32::try_from(all.iter().position(|each| *each == name).unwrap()).unwrap();
    let kinds = ["cumulative", "instant", "peak", "linear-histogram", "log2-histogram"];
    let units = ["none", "bytes", "seconds", "cycles", "boolean"];
    let values = match &stat.value {
        StatsValue::Scalar(value) => vec![*value],
        StatsValue::Boolean(value) => vec![u64::from(*value)],
        StatsValue::List(values) => values.clone(),
    };
    Described {
        name: stat.name.clone(),
        kind: position(&kinds, schema.type_.as_str()),
        unit: position(&units, schema.unit.map_or("none", |unit| unit.as_str())),
        base: u32::from(schema.base == Some(2)),
        exponent: schema.exponent,
        bucket_size: schema.bucket_size.unwrap_or(0),
        values,
    }
}

/// Compares what a query says with the kernel's file, in the file's order.
fn compare<'a>(
    what: &str,
    file: &File,
    schema: impl ExactSizeIterator<Item = &'a StatsSchemaValue>,
    stats: impl ExactSizeIterator<Item = &'a Stats>,
) {
    assert_eq!(schema.len(), stats.len(), "{what}");
    let direct = read_directly(file);
    assert!(!direct.is_empty(), "{what}: the kernel describes statistics");
    let reported: Vec<_> = schema.zip(stats).map(|(schema, stat)| described(schema, stat)).collect();
    assert_eq!(reported, direct, "{what}");
    println!("{what}: {} statistics equal", direct.len());
}

/// A description of our own in the older shape, which has all of it but the number of values.
fn in_the_older_shape(description: &StatisticDescription) -> StatsSchemaValue {
    let StatisticDescription { name, type_, unit, base, exponent, bucket_size, .. } = description.clone();
    assert_eq!(description.description, None, "the kernel tells no more than a name");
    StatsSchemaValue { name, type_, unit, base, exponent, bucket_size }
}

fn filter(branch: StatsFilterBranch) -> QueryStats {
    QueryStats(StatsFilter { providers: None, branch })
}

/// Whether KVM works here; says so if not.
fn kvm_works() -> bool {
    let memory =
        vmm::memory::map(LEAST_MEMORY, vmm::memory::HugePages::Auto, vmm::memory::Sharing::Private).unwrap();
    match accelerator::open(Choice::Kvm, memory, 1, &Payload::BuiltIn) {
        Ok(_) => true,
        Err(reason) => {
            skipped(reason);
            false
        }
    }
}

/// Waits until the first vCPU has left the guest once, so that there is something to count. The built-in guest starts no
/// other.
fn wait_for_exits(vcpus: &[File]) {
    let start = Instant::now();
    while exits(&vcpus[0]) == [0] {
        assert!(start.elapsed() < PATIENCE, "the vCPU does not run");
        thread::yield_now();
    }
}

fn exits(file: &File) -> Vec<u64> {
    read_directly(file).into_iter().find(|each| each.name == "exits").unwrap().values
}

#[test]
fn what_the_machine_reports_is_what_the_kernel_counts() {
    if !kvm_works() {
        return;
    }
    let inside = MachineInside::new(&["--accel", "kvm", "--cpus", "2", "--device", "blk"]);
    inside.machine.start().unwrap();
    let Some(files) = inside.machine.accelerator().statistics().unwrap() else {
        skipped("this kernel has no binary statistics");
        return;
    };
    wait_for_exits(&files.vcpus);
    // Nothing must count between the two readings.
    inside.machine.pause();
    let mut client = inside.qmp();
    compare_the_older_shape(&mut client, &files);
    compare_our_own_shape(&mut client, &files);
}

/// What QEMU's clients ask: everything backwards.
fn compare_the_older_shape(client: &mut QmpClient, files: &StatisticsFiles) {
    let schemas = client.call(&QueryStatsSchemas { provider: None });
    let schema =
        |target: StatsTarget| schemas.iter().find(|each| each.target == target).unwrap().stats.iter().rev();

    let vm = client.call(&filter(StatsFilterBranch::Vm));
    assert_eq!((vm.len(), vm[0].qom_path.as_deref()), (1, None));
    compare("vm", &files.vm, schema(StatsTarget::Vm), vm[0].stats.iter().rev());

    let vcpus = client.call(&filter(StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus: None })));
    let paths: Vec<_> = vcpus.iter().map(|each| each.qom_path.as_deref().unwrap()).collect();
    assert_eq!(paths, [SECOND, FIRST], "the last one first");
    for (vcpu, file) in vcpus.iter().rev().zip(&files.vcpus) {
        compare("vcpu", file, schema(StatsTarget::Vcpu), vcpu.stats.iter().rev());
    }
}

/// What our own clients ask: everything in its order.
fn compare_our_own_shape(client: &mut QmpClient, files: &StatisticsFiles) {
    let providers = Some(vec![StatisticsProvider::Kvm]);
    let schemas = client.call(&QueryStatisticsSchemas { providers: providers.clone(), targets: None });
    let targets: Vec<_> = schemas.iter().map(|schema| schema.target).collect();
    assert_eq!(targets, [StatisticsTarget::Machine, StatisticsTarget::Vcpu]);
    let everything = StatisticsFilter { providers, targets: None, paths: None, names: None };
    let report = client.call(&QueryStatistics(everything));
    let labels: Vec<_> = report.objects.iter().map(|each| (each.target, each.path.as_deref())).collect();
    let vcpu = StatisticsTarget::Vcpu;
    assert_eq!(labels, [(StatisticsTarget::Machine, None), (vcpu, Some(FIRST)), (vcpu, Some(SECOND))]);
    for (object, file) in report.objects.iter().zip(std::iter::once(&files.vm).chain(&files.vcpus)) {
        let schema = schemas.iter().find(|schema| schema.target == object.target).unwrap();
        let older: Vec<_> = schema.statistics.iter().map(in_the_older_shape).collect();
        compare(object.target.as_str(), file, older.iter(), object.statistics.iter());
        let lengths: Vec<_> = schema.statistics.iter().map(|each| usize::from(each.length)).collect();
        let direct: Vec<_> = read_directly(file).iter().map(|each| each.values.len()).collect();
        assert_eq!(lengths, direct);
    }
}
