//! One subscription, at the instants that the sampler gives it: it has no clock and no thread of its own.

use std::time::{Duration, Instant};

use monitor_qmp::{Client, Reception};
use qapi_schema::statistics::StatisticsFilter;
use qapi_schema::statistics_push::{Statistics, StatisticsSubscriptionInfo, StatisticsSubscriptionRequest};
use stats::{Changes, Registry};

use super::{MOST_VALUES, PATIENCE};

/// Who gets the events.
pub(super) trait Receiver {
    /// Whether an event would be sent now.
    fn reception(&self) -> Reception;
    /// Sends an event, if so.
    fn send(&self, event: &Statistics) -> Reception;
}

impl Receiver for Client {
    fn reception(&self) -> Reception {
        Client::reception(self)
    }

    fn send(&self, event: &Statistics) -> Reception {
        Client::send(self, event)
    }
}

/// A subscription.
pub(super) struct Subscription<R> {
    pub(super) number: u64,
    /// The connection's number.
    pub(super) connection: u64,
    /// When the statistics are read next; `None` until the client knows the subscription's number.
    pub(super) due: Option<Instant>,
    receiver: R,
    filter: StatisticsFilter,
    interval: u32,
    changes: Changes,
    events: u64,
    /// Readings that were left out since the last event, and before it.
    dropped: u64,
    dropped_before: u64,
    /// Since when the client has left events unread.
    behind_since: Option<Instant>,
}

impl<R: Receiver> Subscription<R> {
    pub(super) fn new(
        number: u64,
        connection: u64,
        receiver: R,
        request: StatisticsSubscriptionRequest,
    ) -> Self {
        let StatisticsSubscriptionRequest { targets, providers, paths, names, interval } = request;
        Self {
            number,
            connection,
            due: None,
            receiver,
            filter: StatisticsFilter { targets, providers, paths, names },
            interval,
            changes: Changes::new(),
            events: 0,
            dropped: 0,
            dropped_before: 0,
            behind_since: None,
        }
    }

    /// How it is doing.
    pub(super) fn info(&self) -> StatisticsSubscriptionInfo {
        StatisticsSubscriptionInfo {
            subscription: self.number,
            interval: self.interval,
            events: self.events,
            dropped: self.dropped_before + self.dropped,
        }
    }

    /// Sends what has changed if it is due at `now`; tells whether the subscription goes on.
    pub(super) fn tick(&mut self, now: Instant, registry: &Registry) -> bool {
        let Some(due) = self.due.filter(|due| *due <= now) else { return true };
        let interval = Duration::from_millis(self.interval.into());
        // Whoever comes late does not hurry afterwards.
        self.due = Some(Some(due + interval).filter(|next| *next > now).unwrap_or(now + interval));
        match self.receiver.reception() {
            Reception::Ready => {
                self.behind_since = None;
                self.send(registry) != Reception::Gone
            }
            Reception::Behind => {
                self.dropped += 1;
                let since = *self.behind_since.get_or_insert(now);
                now.saturating_duration_since(since) < PATIENCE
            }
            Reception::Gone => false,
        }
    }

    fn send(&mut self, registry: &Registry) -> Reception {
        let time = stats::now();
        let objects = self.changes.take(registry, &self.filter, MOST_VALUES);
        if objects.is_empty() {
            return Reception::Ready;
        }
        let dropped = (self.dropped > 0).then_some(self.dropped);
        let event = Statistics { subscription: self.number, sequence: self.events, time, objects, dropped };
        let reception = self.receiver.send(&event);
        if reception == Reception::Ready {
            self.events += 1;
            self.dropped_before += std::mem::take(&mut self.dropped);
        } else {
            // What was to be told must not get lost.
            self.changes = Changes::new();
        }
        reception
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
