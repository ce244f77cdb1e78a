//! A device's counters as statistics: what each means, in the order in which they are read.

use super::Introspect;
use crate::queue::{DESCRIPTOR_BUCKETS, QueueCounters, TIME_BUCKETS};
use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsUnit;
use stats::{Counter, Descriptor, Descriptors, Log2Histogram, Object, Registration, Registry, Source};
use std::sync::{Arc, LazyLock};

/// Adds a device and each of its queues to `registry`. They stay there for as long as what this returns is kept.
pub fn add_device(registry: &Registry, path: &str, device: &Arc<dyn Introspect>) -> Vec<Registration> {
    let add = |object: Object, queues: Queues| {
        registry.add(object.path(path), Arc::new(DeviceSource { device: Arc::clone(device), queues }))
    };
    let object = |target| Object::new(StatisticsProvider::Virtio, target);
    let whole = add(object(StatisticsTarget::Device), Queues::All);
    let queues = 0..device.status().queue_count;
    let each = queues.map(|queue| add(object(StatisticsTarget::Queue).queue(queue), Queues::One(queue)));
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
        (row.add)(queue, own);
        values = rest;
    }
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> =
    LazyLock::new(|| Descriptors::new(ROWS.iter().map(|row| row.descriptor.clone())));

/// A statistic, and how its values come from a queue's counters.
struct Row {
    descriptor: Descriptor,
    add: fn(&QueueCounters, &mut [u64]),
}

const fn row(descriptor: Descriptor, add: fn(&QueueCounters, &mut [u64])) -> Row {
    Row { descriptor, add }
}

fn count(counter: &Counter, values: &mut [u64]) {
    values.iter_mut().for_each(|value| *value = value.wrapping_add(counter.get()));
}

fn buckets<const BUCKETS: usize>(histogram: &Log2Histogram<BUCKETS>, values: &mut [u64]) {
    for (value, bucket) in values.iter_mut().zip(histogram.buckets()) {
        *value = value.wrapping_add(bucket);
    }
}

fn sum<const BUCKETS: usize>(histogram: &Log2Histogram<BUCKETS>, values: &mut [u64]) {
    values.iter_mut().for_each(|value| *value = value.wrapping_add(histogram.sum()));
}

/// A histogram of times. The cast loses nothing: there are fewer buckets than a `u16` can count.
#[expect(clippy::cast_possible_truncation, reason = "the number of buckets is a small constant")]
const fn times(name: &'static str, description: &'static str) -> Descriptor {
    Descriptor::log2_histogram(name, TIME_BUCKETS as u16, description).unit(StatsUnit::Seconds).scale(10, -9)
}

/// The exact sum of what a histogram of times holds.
const fn time(name: &'static str, description: &'static str) -> Descriptor {
    Descriptor::cumulative(name, description).unit(StatsUnit::Seconds).scale(10, -9)
}

const fn bytes(name: &'static str, description: &'static str) -> Descriptor {
    Descriptor::cumulative(name, description).unit(StatsUnit::Bytes)
}

#[expect(clippy::cast_possible_truncation, reason = "the number of buckets is a small constant")]
const DESCRIPTORS_PER_CHAIN: Descriptor = Descriptor::log2_histogram(
    "descriptors-per-chain",
    DESCRIPTOR_BUCKETS as u16,
    "Requests by the number of buffers that their chains of descriptors held.",
);

/// The whole list. A histogram's exact sum stands behind it, called as it is with `-sum`.
static ROWS: [Row; 20] = [
    row(
        Descriptor::cumulative("requests", "Requests that the device has given back to the driver."),
        |queue, to| count(&queue.requests, to),
    ),
    row(
        bytes("bytes-read", "Bytes in the buffers of these requests that the device may read."),
        |queue, to| count(&queue.bytes_read, to),
    ),
    row(
        bytes("bytes-written", "Bytes that the device has written into the buffers of these requests."),
        |queue, to| count(&queue.bytes_written, to),
    ),
    row(
        Descriptor::cumulative(
            "errors",
            "Requests that failed, and mistakes of the driver that stopped the device.",
        ),
        |queue, to| count(&queue.errors, to),
    ),
    row(Descriptor::cumulative("kicks", "Kicks of the driver that reached the device."), |queue, to| {
        count(&queue.kicks, to)
    }),
    row(
        Descriptor::cumulative("kicks-suppressed", "Requests that the device took without a kick for them."),
        |queue, to| count(&queue.kicks_suppressed, to),
    ),
    row(
        Descriptor::cumulative("interrupts", "Interrupts sent because requests had been given back."),
        |queue, to| count(&queue.interrupts, to),
    ),
    row(
        Descriptor::cumulative(
            "interrupts-suppressed",
            "Interrupts left out, requests having been given back, because the driver did not want them.",
        ),
        |queue, to| count(&queue.interrupts_suppressed, to),
    ),
    row(
        Descriptor::cumulative(
            "queue-full",
            "Times that the device turned to the queue and found every entry of its ring in use.",
        ),
        |queue, to| count(&queue.queue_full, to),
    ),
    row(
        Descriptor::cumulative(
            "out-of-buffers",
            "Times that the device was moving data to the driver and found no buffer left for more.",
        ),
        |queue, to| count(&queue.out_of_buffers, to),
    ),
    row(DESCRIPTORS_PER_CHAIN, |queue, to| buckets(&queue.descriptors_per_chain, to)),
    row(
        Descriptor::cumulative("descriptors-per-chain-sum", "Buffers of all requests together."),
        |queue, to| sum(&queue.descriptors_per_chain, to),
    ),
    row(
        times(
            "kick-to-pop",
            "Requests by the time from when the device woke up for their kick until it took them.",
        ),
        |queue, to| buckets(&queue.stages.kick_to_pop, to),
    ),
    row(time("kick-to-pop-sum", "Time from kick to pop, of all requests together."), |queue, to| {
        sum(&queue.stages.kick_to_pop, to)
    }),
    row(
        times(
            "pop-to-completion",
            "Requests by the time from when the device took them until it gave them back.",
        ),
        |queue, to| buckets(&queue.stages.pop_to_completion, to),
    ),
    row(
        time("pop-to-completion-sum", "Time from pop to completion, of all requests together."),
        |queue, to| sum(&queue.stages.pop_to_completion, to),
    ),
    row(
        times(
            "completion-to-interrupt",
            "Requests by the time from when they were given back until the interrupt was sent or found unwanted.",
        ),
        |queue, to| buckets(&queue.stages.completion_to_interrupt, to),
    ),
    row(
        time("completion-to-interrupt-sum", "Time from completion to interrupt, of all requests together."),
        |queue, to| sum(&queue.stages.completion_to_interrupt, to),
    ),
    row(
        times(
            "total",
            "Requests by the time from their kick (without one, from when they were taken) to the interrupt.",
        ),
        |queue, to| buckets(&queue.stages.total, to),
    ),
    row(time("total-sum", "Time from kick to interrupt, of all requests together."), |queue, to| {
        sum(&queue.stages.total, to)
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::Stages;

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
