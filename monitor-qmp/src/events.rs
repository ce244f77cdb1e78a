//! Events: from whoever emits them to every client that has negotiated.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use qapi_schema::runtime::{AnyEvent, Error, Reply, Style};

use crate::limiter::{KindName, Limiter};
use crate::outbox::Outbox;

/// Where events go out. Emitting one never waits for a client.
#[derive(Default)]
pub struct Events {
    hub: Arc<Hub>,
}

#[derive(Default)]
struct Hub {
    clients: Mutex<Vec<Weak<Outbox>>>,
    limited: Mutex<Limited>,
    changed: Condvar,
}

/// The kinds of events that are limited, and whether a thread watches over those that are held back.
#[derive(Default)]
struct Limited {
    limiter: Limiter,
    watched: bool,
}

impl Events {
    /// A hub without clients.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells every client of `event`. Of events that come faster than their kind's interval allows (and are about the same, where
    /// they say about whom they are), the last one is told when the interval is over.
    pub fn emit(&self, event: &dyn AnyEvent) {
        // Data that is no JSON could not be told to anybody.
        let Ok(line) = line(event, SystemTime::now()) else { return };
        match event.interval() {
            None => self.hub.tell(&line),
            Some(interval) => {
                self.hub.tell_limited((event.name(), event.about().map(str::to_owned)), interval, line);
            }
        }
    }

    /// Sends all further events to `client`, as long as it is there.
    pub(crate) fn subscribe(&self, client: &Arc<Outbox>) {
        let mut clients = lock(&self.hub.clients);
        clients.retain(|client| client.strong_count() > 0);
        clients.push(Arc::downgrade(client));
    }
}

impl Hub {
    fn tell(&self, line: &[u8]) {
        for client in lock(&self.clients).iter().filter_map(Weak::upgrade) {
            client.push_event(line);
        }
    }

    fn tell_limited(self: &Arc<Self>, name: KindName, interval: Duration, line: Vec<u8>) {
        let mut limited = lock(&self.limited);
        if let Some(line) = limited.limiter.admit(name, interval, line, Instant::now()) {
            return self.tell(&line);
        }
        self.changed.notify_all();
        if !limited.watched {
            let hub = Arc::clone(self);
            let thread = thread::Builder::new().name("qmp-events".to_owned());
            limited.watched = thread.spawn(move || hub.watch()).is_ok();
        }
    }

    /// Tells of events that were held back when their time has come; ends when none is left.
    fn watch(&self) {
        let mut limited = lock(&self.limited);
        while let Some(due) = limited.limiter.next_due() {
            let wait = due.saturating_duration_since(Instant::now());
            limited = self.changed.wait_timeout(limited, wait).unwrap_or_else(PoisonError::into_inner).0;
            for line in limited.limiter.take_due(Instant::now()) {
                self.tell(&line);
            }
        }
        limited.watched = false;
    }
}

/// The line that tells of `event`, which happened at `time`.
pub(crate) fn line(event: &dyn AnyEvent, time: SystemTime) -> Result<Vec<u8>, Error> {
    let mut line = Reply::new(Style::Line);
    line.write_raw(&timestamp(time));
    line.write(event.name())?;
    if event.has_data() {
        line.write_raw(", \"data\": ");
        event.write_data(&mut line)?;
    }
    line.write_raw("}\r\n");
    Ok(line.into_bytes())
}

/// The start of the line. A clock that stands before 1970 has failed, which is told as -1.
fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).ok();
    let seconds = since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(-1);
    let microseconds = since.map_or(-1, |since| i64::from(since.subsec_micros()));
    format!("{{\"timestamp\": {{\"seconds\": {seconds}, \"microseconds\": {microseconds}}}, \"event\": ")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;
