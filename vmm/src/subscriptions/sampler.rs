//! All subscriptions, and the thread that reads for them.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use monitor_qmp::Client;
use qapi_schema::runtime::Error;
use qapi_schema::statistics::StatisticsFilter;
use qapi_schema::statistics_push::{StatisticsSubscriptionInfo, StatisticsSubscriptionRequest};
use stats::Registry;

use super::subscription::Subscription;
use super::{LEAST_INTERVAL, MOST, MOST_PER_CONNECTION, MOST_VALUES, Refused, Subscriber};

/// The subscriptions of all connections. Clones are the same.
#[derive(Clone)]
pub struct Subscriptions(Arc<Shared>);

struct Shared {
    registry: Registry,
    state: Mutex<State>,
    /// Something may be due earlier than the sampler thinks.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    all: Vec<Subscription<Client>>,
    /// Whether the thread is there.
    sampling: bool,
    last_subscription: u64,
    last_connection: u64,
}

impl Subscriptions {
    /// Nobody follows anything of `registry` yet.
    pub fn new(registry: Registry) -> Self {
        Self(Arc::new(Shared { registry, state: Mutex::default(), changed: Condvar::new() }))
    }

    /// A client has connected.
    pub fn connect(&self, client: Client) -> Subscriber {
        let mut state = self.0.lock();
        state.last_connection += 1;
        Subscriber::new(self.clone(), state.last_connection, client)
    }

    /// Adds a subscription, which begins when it is started; its number.
    pub(super) fn add(
        &self,
        connection: u64,
        client: &Client,
        request: StatisticsSubscriptionRequest,
    ) -> Result<u64, Error> {
        self.check(&request)?;
        let mut state = self.0.lock();
        let own = state.all.iter().filter(|each| each.connection == connection).count();
        if own >= MOST_PER_CONNECTION {
            return Err(refused(&Refused::Connection));
        }
        if state.all.len() >= MOST {
            return Err(refused(&Refused::Server));
        }
        state.last_subscription += 1;
        let number = state.last_subscription;
        state.all.push(Subscription::new(number, connection, client.clone(), request));
        Ok(number)
    }

    /// Begins with the subscriptions of a connection that have not begun.
    pub(super) fn start(&self, connection: u64) {
        let mut state = self.0.lock();
        let now = Instant::now();
        for subscription in state.all.iter_mut().filter(|each| each.connection == connection) {
            subscription.due.get_or_insert(now);
        }
        self.0.changed.notify_one();
        if !state.sampling {
            let shared = Arc::clone(&self.0);
            let thread = thread::Builder::new().name("statistics".to_owned());
            // Without a thread to spare the next subscription tries again.
            state.sampling = thread.spawn(move || shared.sample()).is_ok();
        }
    }

    /// Ends a subscription of the connection.
    pub(super) fn remove(&self, connection: u64, number: u64) -> Result<(), Error> {
        let mut state = self.0.lock();
        let mine = |each: &Subscription<_>| each.connection == connection && each.number == number;
        match state.all.iter().position(mine) {
            Some(place) => drop(state.all.remove(place)),
            None => return Err(refused(&Refused::Unknown { subscription: number })),
        }
        self.0.changed.notify_one();
        Ok(())
    }

    /// Ends all subscriptions of the connection.
    pub(super) fn remove_all(&self, connection: u64) {
        self.0.lock().all.retain(|each| each.connection != connection);
        self.0.changed.notify_one();
    }

    /// How the subscriptions of the connection are doing.
    pub(super) fn info(&self, connection: u64) -> Vec<StatisticsSubscriptionInfo> {
        let state = self.0.lock();
        state.all.iter().filter(|each| each.connection == connection).map(Subscription::info).collect()
    }

    fn check(&self, request: &StatisticsSubscriptionRequest) -> Result<(), Error> {
        let interval = request.interval;
        if Duration::from_millis(interval.into()) < LEAST_INTERVAL {
            return Err(refused(&Refused::Interval { interval }));
        }
        let StatisticsSubscriptionRequest { targets, providers, paths, names, .. } = request.clone();
        let values = self.0.registry.count_values(&StatisticsFilter { targets, providers, paths, names })?;
        if values > MOST_VALUES {
            return Err(refused(&Refused::Values { values }));
        }
        Ok(())
    }
}

impl Shared {
    /// Reads and sends whenever something is due, until nobody follows anything.
    fn sample(&self) {
        let mut state = self.lock();
        while !state.all.is_empty() {
            let now = Instant::now();
            state = match state.all.iter().filter_map(|each| each.due).min() {
                Some(due) if due <= now => {
                    state.all.retain_mut(|each| each.tick(now, &self.registry));
                    state
                }
                Some(due) => {
                    let waited = self.changed.wait_timeout(state, due - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
        state.sampling = false;
    }

    /// A reader that panicked has left a subscription that misses something at the worst.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(reason: &Refused) -> Error {
    Error::generic(reason.to_string())
}
