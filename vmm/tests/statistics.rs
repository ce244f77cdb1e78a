//! Our own statistics of a whole program whose guest keeps a disk busy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::machine::requests::Stop;
use qapi_schema::statistics::requests::{QueryStatistics, QueryStatisticsSchemas};
use qapi_schema::statistics::{StatisticsFilter, StatisticsObject, StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsValue;
use qapi_schema::virtio::requests::XQueryVirtioQueueStatus;
use stats::openmetrics::{self, Format};
use support::{MachineInside, Program, QmpClient, accelerators};

const DISK: &str = "/machine/peripheral/disk";
/// Far longer than the guest takes for its requests.
const PATIENCE: Duration = Duration::from_secs(60);
/// Requests that the guest has to have done before the test looks.
const BUSY: u64 = 50;
const STAGES: [&str; 3] = ["kick-to-pop", "pop-to-completion", "completion-to-interrupt"];

/// An object's statistics by name.
struct Statistics(BTreeMap<String, StatsValue>);

impl Statistics {
    fn of(object: StatisticsObject) -> Self {
        Self(object.statistics.into_iter().map(|statistic| (statistic.name, statistic.value)).collect())
    }

    fn number(&self, name: &str) -> u64 {
        match self.0[name] {
            StatsValue::Scalar(number) => number,
            ref other => panic!("{name} is {other:?}"),
        }
    }

    fn buckets(&self, name: &str) -> &[u64] {
        match &self.0[name] {
            StatsValue::List(buckets) => buckets,
            other => panic!("{name} is {other:?}"),
        }
    }

    /// Of a histogram: how many values it holds, and their exact sum.
    fn histogram(&self, name: &str) -> (u64, u64) {
        (self.buckets(name).iter().sum(), self.number(&format!("{name}-sum")))
    }

    /// The sum of a histogram's values lies between these two, by its buckets alone.
    fn bounds(&self, name: &str) -> (u64, u64) {
        let buckets = self.buckets(name);
        let first = |bucket: usize| if bucket == 0 { 0 } else { 1_u64 << (bucket - 1) };
        let sum = |bound: &dyn Fn(usize) -> u64| {
            buckets.iter().enumerate().map(|(bucket, count)| count * bound(bucket)).sum()
        };
        // The last bucket has no end.
        let most = if buckets.last() == Some(&0) { sum(&|bucket| (1 << bucket) - 1) } else { u64::MAX };
        (sum(&first), most)
    }
}

/// All objects of this provider and target.
fn read(
    qmp: &mut QmpClient,
    provider: StatisticsProvider,
    target: StatisticsTarget,
) -> Vec<StatisticsObject> {
    let filter = StatisticsFilter {
        targets: Some(vec![target]),
        providers: Some(vec![provider]),
        paths: None,
        names: None,
    };
    qmp.call(&QueryStatistics(filter)).objects
}

/// The only object of its sort.
fn read_one(qmp: &mut QmpClient, provider: StatisticsProvider, target: StatisticsTarget) -> Statistics {
    let objects = read(qmp, provider, target);
    let [object] = <[_; 1]>::try_from(objects).unwrap();
    Statistics::of(object)
}

fn queue(qmp: &mut QmpClient) -> Statistics {
    read_one(qmp, StatisticsProvider::Virtio, StatisticsTarget::Queue)
}

/// Lets the guest work on the disk, and stops it.
fn keep_busy(qmp: &mut QmpClient) -> Statistics {
    let start = Instant::now();
    while queue(qmp).number("requests") < BUSY {
        assert!(start.elapsed() < PATIENCE, "the guest does not use its disk");
        std::thread::yield_now();
    }
    qmp.call(&Stop);
    queue(qmp)
}

#[test]
fn the_stages_of_a_busy_disk_add_up_to_its_requests_and_to_the_total() {
    for accelerator in accelerators() {
        for packed in ["off", "on"] {
            let disk = format!("blk,id=disk,packed={packed}");
            let program = Program::start(&["--accel", accelerator, "--device", &disk]);
            let mut qmp = program.qmp();
            let queue = keep_busy(&mut qmp);

            let requests = queue.number("requests");
            if packed == "off" {
                // The ring itself counts as well.
                let arguments = XQueryVirtioQueueStatus { path: DISK.to_owned(), queue: 0 };
                assert_eq!(u64::from(qmp.call(&arguments).used_idx), requests % (1 << 16));
            }
            let kicked = requests - queue.number("kicks-suppressed");
            let counts = STAGES.map(|stage| queue.histogram(stage).0);
            assert_eq!(counts, [kicked, requests, requests], "{accelerator}, packed={packed}");
            let (count, total) = queue.histogram("total");
            assert_eq!(count, requests);
            let sums = STAGES.map(|stage| queue.histogram(stage).1);
            assert_eq!(sums.iter().sum::<u64>(), total);
            for name in STAGES.into_iter().chain(["total"]) {
                let ((_, sum), (least, most)) = (queue.histogram(name), queue.bounds(name));
                assert!((least..=most).contains(&sum), "{name}: {sum} is not within its buckets");
            }
            assert_eq!(queue.histogram("descriptors-per-chain").0, requests);
            let told = queue.number("interrupts") + queue.number("interrupts-suppressed");
            assert!((1..=requests).contains(&told) && queue.number("kicks") > 0);
            assert_eq!(queue.number("errors"), 0);

            let device = read_one(&mut qmp, StatisticsProvider::Virtio, StatisticsTarget::Device);
            let (own, of_queues): (BTreeMap<_, _>, BTreeMap<_, _>) =
                device.0.into_iter().partition(|(name, _)| name.starts_with("held-back"));
            assert_eq!((own.len(), of_queues), (3, queue.0), "a disk has one queue");
        }
    }
}

#[test]
fn people_see_the_stages_in_units_of_their_own() {
    let program = Program::start(&["--accel", "none", "--device", "blk,id=disk"]);
    let mut qmp = program.qmp();
    let requests = keep_busy(&mut qmp).number("requests");
    let command_line = "info statistics queue requests,total,errors".to_owned();
    let text = qmp.call(&HumanMonitorCommand { command_line, cpu_index: None });
    let lines: Vec<_> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let expected = [format!("queue 0 of {DISK}"), format!("requests {requests}"), "errors 0".to_owned()];
    assert_eq!((&lines[..3], lines.len()), (&expected[..], 4), "{text}");
    assert!(lines[3].starts_with(&format!("total {requests}, mean ")), "{text}");
}

#[test]
fn without_stage_clocks_there_are_counts_and_no_times() {
    let program = Program::start(&["--accel", "none", "--device", "blk,id=disk", "--stage-clocks", "off"]);
    let queue = keep_busy(&mut program.qmp());
    assert_eq!(queue.histogram("descriptors-per-chain").0, queue.number("requests"));
    for name in STAGES.into_iter().chain(["total"]) {
        assert_eq!(queue.histogram(name), (0, 0));
    }
}

#[test]
fn exits_are_counted_for_each_vcpu() {
    for accelerator in accelerators() {
        let program = Program::start(&["--accel", accelerator, "--cpus", "2", "--device", "blk,id=disk"]);
        let mut qmp = program.qmp();
        keep_busy(&mut qmp);
        let vcpus = read(&mut qmp, StatisticsProvider::Vcpu, StatisticsTarget::Vcpu);
        let paths: Vec<_> = vcpus.iter().map(|vcpu| vcpu.path.as_deref().unwrap()).collect();
        assert_eq!(paths, ["/machine/unattached/device[0]", "/machine/unattached/device[1]"]);
        let [first, second] = <[_; 2]>::try_from(vcpus).unwrap().map(Statistics::of);
        for access in ["mmio-read", "mmio-write"] {
            assert!(
                first.number(&format!("{access}-exits")) > 0 && first.number(&format!("{access}-time")) > 0
            );
            assert_eq!(second.number(&format!("{access}-exits")), 0, "only the first vCPU has work");
        }
    }
}

#[test]
fn the_process_has_memory_threads_and_descriptors() {
    let program = Program::start(&["--accel", "none", "--memory", "64M", "--device", "rng,id=random"]);
    let mut qmp = program.qmp();
    let descriptors = || std::fs::read_dir(format!("/proc/{}/fd", program.id())).unwrap().count();
    // Devices open more of them as the guest's driver starts them: what is told has to be compared with one number.
    let (descriptors, process) = loop {
        let before = descriptors();
        let process = read_one(&mut qmp, StatisticsProvider::Process, StatisticsTarget::Process);
        if descriptors() == before {
            break (before, process);
        }
    };
    assert!(process.number("resident-memory") > 1 << 20);
    // At least the vCPU, the device, the monitors' listeners and this client.
    assert!(process.number("threads") >= 5);
    assert_eq!(process.number("file-descriptors"), u64::try_from(descriptors).unwrap());
}

#[test]
fn each_monitor_counts_for_itself() {
    let program = Program::start(&["--accel", "none", "--device", "rng,id=random"]);
    let mut qmp = program.qmp();
    qmp.refused(&XQueryVirtioQueueStatus { path: DISK.to_owned(), queue: 0 });
    let monitors = read(&mut qmp, StatisticsProvider::Monitor, StatisticsTarget::Monitor);
    let addresses: Vec<_> = monitors.iter().map(|monitor| monitor.name.clone().unwrap()).collect();
    let address = |name: &str| format!("unix:{}", program.path(name).display());
    assert_eq!(addresses, [address("qmp"), address("hmp")]);
    let [served, idle] = <[_; 2]>::try_from(monitors).unwrap().map(Statistics::of);
    // Negotiation and the refused command; the query itself is under way.
    assert_eq!((served.number("clients"), served.number("commands"), served.number("errors")), (1, 2, 1));
    let (count, sum) = served.histogram("command-time");
    assert_eq!(count, 2);
    assert!(sum > 0 && served.number("bytes-in") > 0 && served.number("bytes-out") > 0);
    assert!(idle.0.values().all(|value| match value {
        StatsValue::Scalar(number) => *number == 0,
        StatsValue::List(values) => values.iter().all(|value| *value == 0),
        StatsValue::Boolean(_) => false,
    }));
}

/// Each device is one entry with what every device counts and with what only this one does; all of that is described, and
/// Prometheus gets it.
#[test]
fn what_only_some_devices_count_stands_in_their_entries() {
    let devices = [
        ("block", "blk,id=block", "held-back"),
        ("balloon", "balloon,id=balloon", "balloon-released"),
        ("random", "rng,id=random", "held-back"),
        ("console", "console,id=console,output=null", "requests"),
    ];
    let arguments: Vec<&str> = devices.iter().flat_map(|(_, device, _)| ["--device", device]).collect();
    let inside = MachineInside::new(&[&["--accel", "none"], &arguments[..]].concat());
    let mut qmp = inside.qmp();
    let page = openmetrics::write(inside.machine.statistics(), None, Format::OpenMetrics);
    let objects = read(&mut qmp, StatisticsProvider::Virtio, StatisticsTarget::Device);
    assert_eq!(objects.len(), devices.len());
    let meanings = QueryStatisticsSchemas {
        providers: Some(vec![StatisticsProvider::Virtio]),
        targets: Some(vec![StatisticsTarget::Device]),
    };
    let [schema] = <[_; 1]>::try_from(qmp.call(&meanings)).unwrap();
    let described: BTreeSet<_> = schema.statistics.iter().map(|each| each.name.as_str()).collect();
    for (object, (id, _, own)) in objects.into_iter().zip(devices) {
        assert_eq!(object.path, Some(format!("/machine/peripheral/{id}")));
        let statistics = Statistics::of(object).0;
        assert!(statistics.contains_key("kicks") && statistics.contains_key(own), "{id}: {statistics:?}");
        let mut names = statistics.keys().map(String::as_str);
        assert!(names.all(|name| described.contains(name)), "{id}: {statistics:?}");
        let family = format!("ringscope_virtio_device_{}", own.replace('-', "_"));
        let label = format!("device=\"/machine/peripheral/{id}\"");
        let mut lines = page.lines().filter(|line| line.starts_with(&family));
        assert!(lines.any(|line| line.contains(&label)), "{family} of {id} is not on the page:\n{page}");
    }
}
