//! `query-stats` and `query-stats-schemas` against a reading of the kernel's statistics that is the test's own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::{Duration, Instant};

use builtin_guest::layout::LEAST_MEMORY;
use qapi_schema::stats::requests::{QueryStats, QueryStatsSchemas};
use qapi_schema::stats::{
    Stats, StatsFilter, StatsFilterBranch, StatsSchemaValue, StatsTarget, StatsVCPUFilter, StatsValue,
};
use support::MachineInside;
use virtio_core::driver::skipped;
use vmm::accelerator::{self, Choice};
use vmm::payload::Payload;

/// Far longer than a vCPU takes to its first exit.
const PATIENCE: Duration = Duration::from_secs(60);

const HEADER: usize = 24;
/// Bytes of a descriptor before its name.
const DESCRIPTOR: usize = 16;

/// A statistic as the kernel describes it, in numbers.
#[derive(Debug, PartialEq)]
struct Described {
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

/// Everything in a statistics descriptor, by name, read with nothing but `pread` and the kernel's documentation.
fn read_directly(file: &File) -> BTreeMap<String, Described> {
    let mut header = [0; HEADER];
    file.read_exact_at(&mut header, 0).unwrap();
    let field = |at| usize::try_from(u32::from_ne_bytes(number(&header, at))).unwrap();
    let (name_size, count, descriptors, data) = (field(4), field(8), field(16), field(20));
    let mut table = BTreeMap::new();
    for index in 0..count {
        let mut bytes = vec![0; DESCRIPTOR + name_size];
        file.read_exact_at(&mut bytes, (descriptors + index * (DESCRIPTOR + name_size)) as u64).unwrap();
        let flags = u32::from_ne_bytes(number(&bytes, 0));
        let size = usize::from(u16::from_ne_bytes(number(&bytes, 6)));
        let offset = usize::try_from(u32::from_ne_bytes(number(&bytes, 8))).unwrap();
        let mut values = vec![0; size * 8];
        file.read_exact_at(&mut values, (data + offset) as u64).unwrap();
        let name = bytes[DESCRIPTOR..].split(|byte| *byte == 0).next().unwrap();
        let described = Described {
            kind: flags & 0xf,
            unit: flags >> 4 & 0xf,
            base: flags >> 8 & 0xf,
            exponent: i16::from_ne_bytes(number(&bytes, 4)),
            bucket_size: u32::from_ne_bytes(number(&bytes, 12)),
            values: values.chunks(8).map(|chunk| u64::from_ne_bytes(number(chunk, 0))).collect(),
        };
        table.insert(String::from_utf8(name.to_vec()).unwrap(), described);
    }
    table
}

/// What the machine says of a statistic, put back into the kernel's numbers.
fn described(schema: &StatsSchemaValue, value: &StatsValue) -> Described {
    let position =
        |all: &[&str], name: &str| u32::try_from(all.iter().position(|each| *each == name).unwrap()).unwrap();
    let kinds = ["cumulative", "instant", "peak", "linear-histogram", "log2-histogram"];
    let units = ["none", "bytes", "seconds", "cycles", "boolean"];
    let values = match value {
        StatsValue::Scalar(value) => vec![*value],
        StatsValue::Boolean(value) => vec![u64::from(*value)],
        StatsValue::List(values) => values.clone(),
    };
    Described {
        kind: position(&kinds, schema.type_.as_str()),
        unit: position(&units, schema.unit.map_or("none", |unit| unit.as_str())),
        base: u32::from(schema.base == Some(2)),
        exponent: schema.exponent,
        bucket_size: schema.bucket_size.unwrap_or(0),
        values,
    }
}

fn compare(what: &str, file: &File, schema: &[StatsSchemaValue], stats: &[Stats]) {
    let direct = read_directly(file);
    assert!(!direct.is_empty(), "{what}: the kernel describes statistics");
    let schema: BTreeMap<_, _> = schema.iter().map(|each| (each.name.clone(), each)).collect();
    let reported: BTreeMap<_, _> =
        stats.iter().map(|each| (each.name.clone(), described(schema[&each.name], &each.value))).collect();
    assert_eq!(reported, direct, "{what}");
    println!("{what}: {} statistics equal", direct.len());
}

fn filter(branch: StatsFilterBranch) -> QueryStats {
    QueryStats(StatsFilter { providers: None, branch })
}

/// Whether KVM works here; says so if not.
fn kvm_works() -> bool {
    let memory = vmm::memory::map(LEAST_MEMORY, vmm::memory::HugePages::Auto).unwrap();
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
    while read_directly(&vcpus[0])["exits"].values == [0] {
        assert!(start.elapsed() < PATIENCE, "the vCPU does not run");
        thread::yield_now();
    }
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
    let schemas = client.call(&QueryStatsSchemas { provider: None });
    let schema = |target: StatsTarget| {
        schemas.iter().find(|each| each.target == target).map(|each| each.stats.as_slice()).unwrap()
    };

    let vm = client.call(&filter(StatsFilterBranch::Vm));
    assert_eq!((vm.len(), vm[0].qom_path.as_deref()), (1, None));
    compare("vm", &files.vm, schema(StatsTarget::Vm), &vm[0].stats);

    let vcpus = client.call(&filter(StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus: None })));
    let paths: Vec<_> = vcpus.iter().map(|each| each.qom_path.as_deref().unwrap()).collect();
    assert_eq!(
        paths,
        ["/machine/unattached/device[1]", "/machine/unattached/device[0]"],
        "the last one first"
    );
    for (vcpu, file) in vcpus.iter().rev().zip(&files.vcpus) {
        compare(vcpu.qom_path.as_deref().unwrap(), file, schema(StatsTarget::Vcpu), &vcpu.stats);
    }
}
