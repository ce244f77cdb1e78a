//! Machines that are made up, at times that are made up.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

pub mod server;

use std::time::Duration;

use qapi_schema::statistics::{
    StatisticDescription, StatisticsObject, StatisticsProvider, StatisticsReport, StatisticsSchema,
    StatisticsTarget,
};
use qapi_schema::stats::{Stats, StatsType, StatsUnit, StatsValue};
use ringscope_top::{Introduction, Sample};

/// A statistic with its value at a time, in seconds since the machine began.
pub struct Made {
    description: StatisticDescription,
    at: Box<dyn Fn(u64) -> StatsValue>,
}

fn description(name: &str, type_: StatsType, about: &str) -> StatisticDescription {
    StatisticDescription {
        name: name.to_owned(),
        type_,
        unit: None,
        base: None,
        exponent: 0,
        bucket_size: None,
        length: 1,
        description: (!about.is_empty()).then(|| about.to_owned()),
    }
}

/// Something that happens so many times a second.
pub fn events(name: &str, rate: u64, about: &str) -> Made {
    let description = description(name, StatsType::Cumulative, about);
    Made { description, at: Box::new(move |seconds| StatsValue::Scalar(rate * seconds)) }
}

/// So many bytes a second.
pub fn bytes(name: &str, rate: u64) -> Made {
    let mut made = events(name, rate, "");
    made.description.unit = Some(StatsUnit::Bytes);
    made
}

/// So many thousandths of the time.
pub fn busy(name: &str, thousandths: u64) -> Made {
    let mut made = events(name, thousandths * 1_000_000, "");
    made.description.unit = Some(StatsUnit::Seconds);
    (made.description.base, made.description.exponent) = (Some(10), -9);
    made
}

/// What is always as much.
pub fn level(name: &str, value: u64) -> Made {
    let description = description(name, StatsType::Instant, "");
    Made { description, at: Box::new(move |_| StatsValue::Scalar(value)) }
}

/// Whether something holds.
pub fn holds(name: &str, value: bool) -> Made {
    let mut description = description(name, StatsType::Instant, "");
    description.unit = Some(StatsUnit::Boolean);
    Made { description, at: Box::new(move |_| StatsValue::Boolean(value)) }
}

/// Times, in nanoseconds, by the doubling bucket and how many a second fall into it.
pub fn times(name: &str, rates: &[(usize, u64)], about: &str) -> Made {
    let rates = rates.to_vec();
    let mut description = description(name, StatsType::Log2Histogram, about);
    description.unit = Some(StatsUnit::Seconds);
    (description.base, description.exponent, description.length) = (Some(10), -9, 40);
    let at = move |seconds| {
        let mut buckets = vec![0; 40];
        for &(bucket, rate) in &rates {
            buckets[bucket] = rate * seconds;
        }
        StatsValue::List(buckets)
    };
    Made { description, at: Box::new(at) }
}

/// An object and what is counted about it.
pub struct Thing {
    pub provider: StatisticsProvider,
    pub target: StatisticsTarget,
    pub path: Option<String>,
    pub queue: Option<u16>,
    pub name: Option<String>,
    pub statistics: Vec<Made>,
}

/// A machine of these objects.
pub struct MadeMachine {
    pub name: Option<&'static str>,
    pub vcpus: usize,
    pub things: Vec<Thing>,
}

pub fn vcpu_path(number: usize) -> String {
    format!("/machine/unattached/device[{number}]")
}

impl MadeMachine {
    pub fn introduction(&self) -> Introduction {
        let mut schemas: Vec<StatisticsSchema> = Vec::new();
        for thing in &self.things {
            if schemas.iter().all(|schema| (schema.provider, schema.target) != (thing.provider, thing.target))
            {
                let statistics = thing.statistics.iter().map(|made| made.description.clone()).collect();
                schemas.push(StatisticsSchema { provider: thing.provider, target: thing.target, statistics });
            }
        }
        Introduction { name: self.name.map(str::to_owned), schemas }
    }

    pub fn sample(&self, seconds: u64) -> Box<Sample> {
        let object = |thing: &Thing| StatisticsObject {
            provider: thing.provider,
            target: thing.target,
            path: thing.path.clone(),
            queue: thing.queue,
            name: thing.name.clone(),
            statistics: thing
                .statistics
                .iter()
                .map(|made| Stats { name: made.description.name.clone(), value: (made.at)(seconds) })
                .collect(),
        };
        Box::new(Sample {
            state: "running".to_owned(),
            vcpus: (0..self.vcpus).map(vcpu_path).collect(),
            schemas: None,
            report: StatisticsReport {
                time: Duration::from_secs(seconds).as_nanos().try_into().unwrap(),
                objects: self.things.iter().map(object).collect(),
            },
        })
    }
}

fn vcpu(number: usize, load: u64) -> Thing {
    Thing {
        provider: StatisticsProvider::Kvm,
        target: StatisticsTarget::Vcpu,
        path: Some(vcpu_path(number)),
        queue: None,
        name: None,
        statistics: vec![
            events("exits", 1200 * load, ""),
            events("io_exits", 300 * load, ""),
            events("mmio_exits", 410 * load, ""),
            events("irq_injections", 95 * load, ""),
            events("halt_exits", 88 * load, ""),
            events("halt_successful_poll", 7 * load, ""),
            events("nested_run", 0, ""),
            busy("halt_wait_ns", 1000 - 90 * load),
            busy("halt_poll_fail_ns", load),
            times("halt_wait_hist", &[(18, 80 * load), (22, 8 * load)], ""),
            holds("guest_mode", number == 0),
        ],
    }
}

fn device_statistics(load: u64) -> Vec<Made> {
    vec![
        events("requests", 150 * load, "chains taken from the driver"),
        bytes("bytes-read", 4096 * 20 * load),
        bytes("bytes-written", 4096 * 130 * load),
        events("kicks", 110 * load, "kicks received"),
        events("kicks-suppressed", 40 * load, "kicks that the driver was told to save"),
        events("interrupts", 120 * load, "interrupts sent"),
        events("interrupts-suppressed", 30 * load, "interrupts that the driver does not want"),
        events("errors", load / 20, "requests that failed"),
        events("queue-full", load / 10, "times the ring was full"),
        events("out-of-buffers", load / 30, "times there was no buffer for the driver's data"),
        times(
            "kick-to-pop",
            &[(12, 149 * load), (15, load)],
            "from the driver's kick until the chain is taken",
        ),
        times(
            "pop-to-completion",
            &[(17, 147 * load), (24, 3 * load)],
            "from there until the request is done",
        ),
        times("completion-to-interrupt", &[(11, 120 * load)], "from there until the driver is told"),
        busy("total-sum", 26 * load),
        times("total", &[(17, 146 * load), (24, 4 * load)], "all of it"),
    ]
}

fn virtio(id: &str, queue: Option<u16>, load: u64) -> Thing {
    Thing {
        provider: StatisticsProvider::Virtio,
        target: if queue.is_some() { StatisticsTarget::Queue } else { StatisticsTarget::Device },
        path: Some(format!("/machine/peripheral/{id}")),
        queue,
        name: None,
        statistics: device_statistics(load),
    }
}

/// A machine with so many vCPUs, each a little busier than the one before, and devices with so many requests.
pub fn machine(name: &'static str, vcpus: usize, load: u64) -> MadeMachine {
    let mut things = vec![Thing {
        provider: StatisticsProvider::Kvm,
        target: StatisticsTarget::Machine,
        path: None,
        queue: None,
        name: None,
        statistics: vec![events("remote_tlb_flush", 12, ""), level("pages_4k", 61_440), level("pages_1g", 0)],
    }];
    things.extend((0..vcpus).map(|number| vcpu(number, u64::try_from(number).unwrap() % 10 + 1)));
    for (id, queues, load) in [("net0", 2, 2 * load), ("disk0", 2, 40 * load), ("rng0", 1, 0)] {
        things.push(virtio(id, None, load));
        things.extend((0..queues).map(|queue| virtio(id, Some(queue), load / u64::from(queues))));
    }
    things.push(Thing {
        provider: StatisticsProvider::Monitor,
        target: StatisticsTarget::Monitor,
        path: None,
        queue: None,
        name: Some("unix:/run/web.qmp".to_owned()),
        statistics: vec![events("commands", 3, "commands that were run"), level("clients", 1)],
    });
    things.push(Thing {
        provider: StatisticsProvider::Process,
        target: StatisticsTarget::Process,
        path: None,
        queue: None,
        name: None,
        statistics: vec![busy("user-time", 1730), busy("system-time", 240), level("threads", 14)],
    });
    MadeMachine { name: Some(name), vcpus, things }
}
