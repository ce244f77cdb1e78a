//! Clients that follow statistics, over real sockets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use qapi_schema::runtime::{Decode, Error, Path};
use qapi_schema::statistics::{StatisticsObject, StatisticsProvider, StatisticsTarget};
use qapi_schema::statistics_push::requests::{
    QueryStatisticsSubscriptions, SubscribeStatistics, UnsubscribeStatistics,
};
use qapi_schema::statistics_push::{Statistics, StatisticsSubscriptionInfo, StatisticsSubscriptionRequest};
use qapi_schema::stats::StatsValue;
use stats::{Descriptor, Descriptors, Object, Registration, Source};
use support::{MachineInside, QmpClient};

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A counter, and a histogram beside it that counts how often it was read.
struct Made {
    descriptors: Arc<Descriptors>,
    counter: AtomicU64,
    reads: AtomicU64,
}

impl Source for Made {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&self.descriptors)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        values.fill(self.reads.fetch_add(1, Ordering::Relaxed));
        values[0] = self.counter.load(Ordering::Relaxed);
        Ok(())
    }
}

/// A machine of which the test counts something itself: as the object `/made`, with that many buckets.
fn machine(buckets: u16) -> (MachineInside, Arc<Made>, Registration) {
    let inside = MachineInside::new(&["--accel", "none"]);
    let descriptors = Descriptors::new([
        Descriptor::cumulative("requests", "what the test says"),
        Descriptor::log2_histogram("reads", buckets, "how often this was read"),
    ]);
    let made = Arc::new(Made { descriptors, counter: AtomicU64::new(7), reads: AtomicU64::new(0) });
    let object = Object::new(StatisticsProvider::Virtio, StatisticsTarget::Device).path("/made");
    let registration = inside.machine.statistics().add(object, Arc::clone(&made) as _);
    (inside, made, registration)
}

/// What asks for these statistics of `/made`.
fn following(names: &[&str]) -> SubscribeStatistics {
    SubscribeStatistics(StatisticsSubscriptionRequest {
        targets: None,
        providers: None,
        paths: Some(vec!["/made".to_owned()]),
        names: Some(names.iter().map(|&name| name.to_owned()).collect()),
        interval: 100,
    })
}

/// The next event.
fn event(client: &mut QmpClient) -> Statistics {
    let (name, data) = client.event();
    assert_eq!(name, "STATISTICS");
    Statistics::decode(data, &Path::ROOT).unwrap()
}

/// The values in an event, as text.
fn told(objects: &[StatisticsObject]) -> String {
    let value = |value: &StatsValue| match value {
        StatsValue::Scalar(value) => value.to_string(),
        other => panic!("{other:?}"),
    };
    let object = |object: &StatisticsObject| {
        let statistics =
            object.statistics.iter().map(|stat| format!(" {}={}", stat.name, value(&stat.value)));
        format!("{}{}", object.path.as_deref().unwrap(), statistics.collect::<String>())
    };
    objects.iter().map(object).collect()
}

#[test]
fn a_client_is_told_of_changes_and_nobody_else_is() {
    let (inside, made, registration) = machine(1);
    let (mut client, mut other) = (inside.qmp(), inside.qmp());
    let number = client.call(&following(&["requests"])).subscription;

    let first = event(&mut client);
    assert_eq!((first.subscription, first.sequence, first.dropped), (number, 0, None));
    assert_eq!(told(&first.objects), "/made requests=7");
    made.counter.store(9, Ordering::Relaxed);
    let second = event(&mut client);
    assert_eq!((second.sequence, told(&second.objects)), (1, "/made requests=9".to_owned()));
    assert!(first.time < second.time);
    let info = StatisticsSubscriptionInfo { subscription: number, interval: 100, events: 2, dropped: 0 };
    assert_eq!(client.call(&QueryStatisticsSubscriptions), [info]);
    drop(registration);
    assert_eq!(told(&event(&mut client).objects), "/made");

    assert!(other.call(&QueryStatisticsSubscriptions).is_empty());
    let (_, text) = other.refused(&UnsubscribeStatistics { subscription: number });
    assert_eq!(
        text,
        format!("Parameter 'subscription' is {number}, which is no subscription of this connection")
    );
    client.call(&UnsubscribeStatistics { subscription: number });
    assert!(client.call(&QueryStatisticsSubscriptions).is_empty());
    // The next event that either of them gets is another one.
    inside.machine.pause();
    inside.machine.resume().unwrap();
    assert_eq!(client.event().0, other.event().0);
}

#[test]
fn limits_are_named() {
    let (inside, _made, _registration) = machine(20000);
    let mut client = inside.qmp();
    let mut too_fast = following(&["requests"]);
    too_fast.0.interval = 99;
    let (class, text) = client.refused(&too_fast);
    assert_eq!((&*class, &*text), ("GenericError", "Parameter 'interval' is 99, at least 100 is accepted"));
    let (_, text) = client.refused(&following(&["requests", "reads"]));
    assert_eq!(text, "The filter wants 20001 values, at most 16384 are accepted");

    let nothing = following(&[]);
    let mut clients: Vec<_> = (0..8).map(|_| inside.qmp()).collect();
    for client in &mut clients {
        (0..8).for_each(|_| assert!(client.try_call(&nothing).is_ok()));
        let (_, text) = client.refused(&nothing);
        assert_eq!(text, "This connection has 8 subscriptions already, which is the most that is accepted");
    }
    let (_, text) = client.refused(&nothing);
    assert_eq!(
        text,
        "All connections together have 64 subscriptions already, which is the most that is accepted"
    );
    // Who leaves makes room.
    drop(clients);
    let start = Instant::now();
    while client.try_call(&nothing).is_err() {
        assert!(start.elapsed() < PATIENCE, "the subscriptions are still there");
    }
}

#[test]
fn a_client_that_reads_late_is_told_what_it_missed_and_holds_up_nobody() {
    let (inside, made, _registration) = machine(16000);
    let (mut late, mut client) = (inside.qmp(), inside.qmp());
    // Every reading is a change of 16000 values: more than the socket holds.
    late.call(&following(&["requests", "reads"]));
    client.call(&following(&["requests"]));
    for step in 0..20 {
        let event = event(&mut client);
        assert_eq!((event.sequence, event.dropped), (step, None));
        made.counter.fetch_add(1, Ordering::Relaxed);
    }
    let mut sequence = 0;
    let dropped = loop {
        let event = event(&mut late);
        assert_eq!(event.sequence, sequence, "no event is lost");
        sequence += 1;
        if let Some(dropped) = event.dropped {
            break dropped;
        }
    };
    assert!(dropped > 1);
    assert!(sequence < 20, "events piled up");
}
