//! A device's counters as statistics: what each means, in the order in which they are read.

use super::Introspect;
use crate::queue::{DESCRIPTOR_BUCKETS, QueueCounters, Stages, TIME_BUCKETS, TimeHistogram};
use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsUnit;
use stats::{Counter, Descriptor, Descriptors, Joined, Object, Registration, Registry, Source};
use std::sync::{Arc, LazyLock};

/// Adds a device and each of its queues to `registry`; what `own` counts beyond what all devices do belongs to the device. They
/// stay there for as long as what this returns is kept.
pub fn add_device(
    registry: &Registry,
    path: &str,
    device: &Arc<dyn Introspect>,
    own: Option<&Arc<dyn Source>>,
) -> Vec<Registration> {
    let add = |target: Object, source| registry.add(target.path(path), source);
    let object = |target| Object::new(StatisticsProvider::Virtio, target);
    let source = |queues| Arc::new(DeviceSource { device: Arc::clone(device), queues });
    let all: Arc<dyn Source> = match own {
        Some(own) => Arc::new(Joined::new(source(Queues::All), Arc::clone(own))),
        None => source(Queues::All),
    };
    let whole = add(object(StatisticsTarget::Device), all);
    let queues = 0..device.status().queue_count;
    let each =
        queues.map(|queue| add(object(StatisticsTarget::Queue).queue(queue), source(Queues::One(queue))));
    std::iter::once(whole).chain(each).collect()
}

/// A queue, or all of a device's together.
struct DeviceSource {
    device: Arc<dyn Introspect>,
    queues: Queues,
}

enum Queues {
    One(u16),
    All,
}

impl Source for DeviceSource {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        values.fill(0);
        match self.queues {
            Queues::One(queue) => {
                self.device.counters(queue).into_iter().for_each(|queue| add(queue, values))
            }
            Queues::All => {
                (0..).map_while(|queue| self.device.counters(queue)).for_each(|queue| add(queue, values));
            }
        }
        Ok(())
    }
}

/// Adds the values of a queue to those that are there.
fn add(queue: &QueueCounters, mut values: &mut [u64]) {
    for row in &ROWS {
        let length = usize::from(row.descriptor.length);
        let Some((own, rest)) = values.split_at_mut_checked(length) else { break };
        match row.from {
            Origin::Counter(counter) => add_each(own, [counter(queue).get()]),
            Origin::Times(times) => add_each(own, times(&queue.stages).buckets()),
            Origin::TimeSum(times) => add_each(own, [times(&queue.stages).sum()]),
            Origin::Descriptors => add_each(own, queue.descriptors_per_chain.buckets()),
            Origin::DescriptorSum => add_each(own, [queue.descriptors_per_chain.sum()]),
        }
        values = rest;
    }
}

fn add_each<const N: usize>(values: &mut [u64], more: [u64; N]) {
    values.iter_mut().zip(more).for_each(|(value, more)| *value = value.wrapping_add(more));
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> =
    LazyLock::new(|| Descriptors::new(ROWS.iter().map(|row| row.descriptor.clone())));

/// A statistic, and where its values come from.
struct Row {
    descriptor: Descriptor,
    from: Origin,
}

/// What of a queue's counters a statistic shows.
enum Origin {
    Counter(fn(&QueueCounters) -> &Counter),
    Times(fn(&Stages) -> &TimeHistogram),
    TimeSum(fn(&Stages) -> &TimeHistogram),
    Descriptors,
    DescriptorSum,
}

const fn count(
    name: &'static str,
    counter: fn(&QueueCounters) -> &Counter,
    description: &'static str,
) -> Row {
    Row { descriptor: Descriptor::cumulative(name, description), from: Origin::Counter(counter) }
}

const fn bytes(
    name: &'static str,
    counter: fn(&QueueCounters) -> &Counter,
    description: &'static str,
) -> Row {
    let descriptor = Descriptor::cumulative(name, description).unit(StatsUnit::Bytes);
    Row { descriptor, from: Origin::Counter(counter) }
}

#[expect(clippy::cast_possible_truncation, reason = "there are few buckets")]
const fn times(name: &'static str, times: fn(&Stages) -> &TimeHistogram, description: &'static str) -> Row {
    let descriptor = Descriptor::log2_histogram(name, TIME_BUCKETS as u16, description);
    Row { descriptor: descriptor.unit(StatsUnit::Seconds).scale(10, -9), from: Origin::Times(times) }
}

const fn time_sum(
    name: &'static str,
    times: fn(&Stages) -> &TimeHistogram,
    description: &'static str,
) -> Row {
    let descriptor = Descriptor::cumulative(name, description);
    Row { descriptor: descriptor.unit(StatsUnit::Seconds).scale(10, -9), from: Origin::TimeSum(times) }
}

#[expect(clippy::cast_possible_truncation, reason = "there are few buckets")]
const DESCRIPTORS_PER_CHAIN: Row = Row {
    descriptor: Descriptor::log2_histogram(
        "descriptors-per-chain",
        DESCRIPTOR_BUCKETS as u16,
        "Requests by the number of buffers that their chains of descriptors held.",
    ),
    from: Origin::Descriptors,
};

const DESCRIPTOR_SUM: Row = Row {
    descriptor: Descriptor::cumulative("descriptors-per-chain-sum", "Buffers of all requests together."),
    from: Origin::DescriptorSum,
};

/// The whole list. A histogram's exact sum stands behind it, called as it is with `-sum`.
static ROWS: [Row; 20] = [
    count("requests", |queue| &queue.requests, "Requests that the device has given back to the driver."),
    bytes(
        "bytes-read",
        |queue| &queue.bytes_read,
        "Bytes in the buffers of these requests that the device may read.",
    ),
    bytes(
        "bytes-written",
        |queue| &queue.bytes_written,
        "Bytes that the device has written into the buffers of these requests.",
    ),
    count(
        "errors",
        |queue| &queue.errors,
        "Requests that failed, what was lost on the way to the driver, and mistakes of the driver that stopped the device.",
    ),
    count("kicks", |queue| &queue.kicks, "Kicks of the driver that reached the device."),
    count(
        "kicks-suppressed",
        |queue| &queue.kicks_suppressed,
        "Requests that the device took without a kick for them.",
    ),
    count("interrupts", |queue| &queue.interrupts, "Interrupts sent because requests had been given back."),
    count(
        "interrupts-suppressed",
        |queue| &queue.interrupts_suppressed,
        "Interrupts left out, requests having been given back, because the driver did not want them.",
    ),
    count(
        "queue-full",
        |queue| &queue.queue_full,
        "Times that the device turned to the queue and found every entry of its ring in use.",
    ),
    count(
        "out-of-buffers",
        |queue| &queue.out_of_buffers,
        "Times that the device was moving data to the driver and found no buffer left for more.",
    ),
    DESCRIPTORS_PER_CHAIN,
    DESCRIPTOR_SUM,
    times(
        "kick-to-pop",
        |stages| &stages.kick_to_pop,
        "Requests by the time from when the device woke up for their kick until it took them.",
    ),
    time_sum(
        "kick-to-pop-sum",
        |stages| &stages.kick_to_pop,
        "Time from kick to pop, all requests together.",
    ),
    times(
        "pop-to-completion",
        |stages| &stages.pop_to_completion,
        "Requests by the time from when the device took them until it gave them back.",
    ),
    time_sum(
        "pop-to-completion-sum",
        |stages| &stages.pop_to_completion,
        "Time from pop to completion, all requests together.",
    ),
    times(
        "completion-to-interrupt",
        |stages| &stages.completion_to_interrupt,
        "Requests by the time from when they were given back until the interrupt was sent or found unwanted.",
    ),
    time_sum(
        "completion-to-interrupt-sum",
        |stages| &stages.completion_to_interrupt,
        "Time from completion to interrupt, all requests together.",
    ),
    times(
        "total",
        |stages| &stages.total,
        "Requests by the time from their kick (without one, from when they were taken) to the interrupt.",
    ),
    time_sum("total-sum", |stages| &stages.total, "Time from kick to interrupt, all requests together."),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Every counter has a different value: what stands in another's place is seen.
    #[test]
    fn each_value_stands_where_its_descriptor_says() {
        let counters = QueueCounters::default();
        let QueueCounters {
            requests,
            bytes_read,
            bytes_written,
            kicks,
            kicks_suppressed,
            interrupts,
            interrupts_suppressed,
            errors,
            queue_full,
            out_of_buffers,
            descriptors_per_chain,
            stages,
        } = &counters;
        let Stages { kick_to_pop, pop_to_completion, completion_to_interrupt, total } = stages;
        let plain = [
            (requests, "requests"),
            (bytes_read, "bytes-read"),
            (bytes_written, "bytes-written"),
            (kicks, "kicks"),
            (kicks_suppressed, "kicks-suppressed"),
            (interrupts, "interrupts"),
            (interrupts_suppressed, "interrupts-suppressed"),
            (errors, "errors"),
            (queue_full, "queue-full"),
            (out_of_buffers, "out-of-buffers"),
        ];
        let mut expected = Vec::new();
        for (value, (counter, name)) in (1..).zip(plain) {
            counter.add(value);
            expected.push((name.to_owned(), vec![value]));
        }
        descriptors_per_chain.record(3);
        expected.push(("descriptors-per-chain".to_owned(), vec![2, 1]));
        expected.push(("descriptors-per-chain-sum".to_owned(), vec![3]));
        let histograms = [
            (kick_to_pop, "kick-to-pop"),
            (pop_to_completion, "pop-to-completion"),
            (completion_to_interrupt, "completion-to-interrupt"),
            (total, "total"),
        ];
        for (bucket, (histogram, name)) in (5_u32..).zip(histograms) {
            let value = 1_u64 << (bucket - 1);
            histogram.record(value);
            // The place of the only bucket that is not empty, and what it holds.
            expected.push((name.to_owned(), vec![u64::from(bucket), 1]));
            expected.push((format!("{name}-sum"), vec![value]));
        }

        let mut values = vec![0; DESCRIPTORS.value_count()];
        add(&counters, &mut values);
        let mut read = Vec::new();
        for (index, descriptor) in DESCRIPTORS.as_slice().iter().enumerate() {
            let own = &values[DESCRIPTORS.range(index)];
            let kept = match own {
                [single] => vec![*single],
                buckets => {
                    let place = buckets.iter().position(|bucket| *bucket > 0).unwrap();
                    vec![u64::try_from(place).unwrap(), buckets[place]]
                }
            };
            read.push((descriptor.name.to_string(), kept));
        }
        read.sort();
        expected.sort();
        assert_eq!(read, expected);

        add(&counters, &mut values);
        assert_eq!(values[0], 2, "a device's queues are added up");
    }
}
