//! A subscription on the test's own time, with a receiver that reads when the test wants.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsValue;
use stats::{Descriptor, Descriptors, Object, Source};

use super::*;

const INTERVAL: Duration = Duration::from_millis(100);

/// One counter.
struct Counter {
    descriptors: Arc<Descriptors>,
    value: AtomicU64,
}

impl Source for Counter {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&self.descriptors)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        values.fill(self.value.load(Ordering::Relaxed));
        Ok(())
    }
}

/// A client that stands as the test says.
struct Reader {
    reception: Cell<Reception>,
    events: RefCell<Vec<Statistics>>,
}

impl Receiver for &Reader {
    fn reception(&self) -> Reception {
        self.reception.get()
    }

    fn send(&self, event: &Statistics) -> Reception {
        self.events.borrow_mut().push(event.clone());
        self.reception.get()
    }
}

impl Reader {
    fn new() -> Self {
        Self { reception: Cell::new(Reception::Ready), events: RefCell::default() }
    }

    /// The events since the last call, as lines: number, value, what was dropped.
    fn events(&self) -> Vec<String> {
        let line = |event: Statistics| {
            let StatsValue::Scalar(value) = event.objects[0].statistics[0].value else { panic!("{event:?}") };
            format!("{}: {value}, dropped {:?}", event.sequence, event.dropped)
        };
        self.events.take().into_iter().map(line).collect()
    }
}

/// A registry with the counter, and the counter.
fn counting() -> (Registry, Arc<Counter>) {
    let (registry, descriptors) =
        (Registry::new(), Descriptors::new([Descriptor::cumulative("requests", "")]));
    let counter = Arc::new(Counter { descriptors, value: AtomicU64::new(0) });
    let object = Object::new(StatisticsProvider::Process, StatisticsTarget::Process);
    registry.add(object, Arc::clone(&counter) as _).keep();
    (registry, counter)
}

fn subscription(reader: &Reader, start: Instant) -> Subscription<&Reader> {
    let request = StatisticsSubscriptionRequest {
        targets: None,
        providers: None,
        paths: None,
        names: None,
        interval: 100,
    };
    let mut subscription = Subscription::new(1, 1, reader, request);
    assert!(subscription.tick(start, &Registry::new()), "it has not begun");
    subscription.due = Some(start);
    subscription
}

#[test]
fn it_reads_once_an_interval_and_tells_only_of_changes() {
    let ((registry, counter), reader, start) = (counting(), Reader::new(), Instant::now());
    let mut subscription = subscription(&reader, start);
    for now in [start, start, start + INTERVAL / 2, start + INTERVAL] {
        assert!(subscription.tick(now, &registry));
    }
    assert_eq!(reader.events(), ["0: 0, dropped None"]);
    counter.value.store(5, Ordering::Relaxed);
    assert!(subscription.tick(start + INTERVAL * 3 / 2, &registry));
    assert_eq!(reader.events().len(), 0, "not yet");
    assert!(subscription.tick(start + INTERVAL * 2, &registry));
    assert_eq!(reader.events(), ["1: 5, dropped None"]);
    // Late by several intervals: the next is due an interval after now.
    let late = start + INTERVAL * 10;
    assert!(subscription.tick(late, &registry));
    assert_eq!(subscription.due, Some(late + INTERVAL));
}

#[test]
fn a_client_that_does_not_read_misses_no_change_and_is_told_what_was_dropped() {
    let ((registry, counter), reader, start) = (counting(), Reader::new(), Instant::now());
    let mut subscription = subscription(&reader, start);
    subscription.tick(start, &registry);
    reader.reception.set(Reception::Behind);
    for step in 1..=3 {
        counter.value.store(step.into(), Ordering::Relaxed);
        assert!(subscription.tick(start + INTERVAL * step, &registry));
    }
    reader.reception.set(Reception::Ready);
    assert!(subscription.tick(start + INTERVAL * 4, &registry));
    assert_eq!(reader.events(), ["0: 0, dropped None", "1: 3, dropped Some(3)"]);
    counter.value.store(4, Ordering::Relaxed);
    subscription.tick(start + INTERVAL * 5, &registry);
    assert_eq!(reader.events(), ["2: 4, dropped None"]);
    let info = subscription.info();
    assert_eq!((info.events, info.dropped), (3, 3));
}

#[test]
fn a_client_that_never_reads_again_is_given_up_after_a_while() {
    let ((registry, _), reader, start) = (counting(), Reader::new(), Instant::now());
    let mut subscription = subscription(&reader, start);
    reader.reception.set(Reception::Behind);
    assert!(subscription.tick(start, &registry));
    // Reading something in between begins a new while.
    let again = start + PATIENCE - INTERVAL;
    reader.reception.set(Reception::Ready);
    assert!(subscription.tick(again, &registry));
    reader.reception.set(Reception::Behind);
    assert!(subscription.tick(again + INTERVAL, &registry));
    assert!(subscription.tick(again + PATIENCE, &registry));
    assert!(!subscription.tick(again + PATIENCE + INTERVAL, &registry));
}

#[test]
fn a_client_that_has_left_ends_it() {
    let ((registry, _), reader, start) = (counting(), Reader::new(), Instant::now());
    let mut subscription = subscription(&reader, start);
    reader.reception.set(Reception::Gone);
    assert!(!subscription.tick(start, &registry));
    assert_eq!(reader.events().len(), 0);
}
