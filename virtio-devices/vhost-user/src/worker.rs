//! The device's thread: keeps a back end at work.
//!
//! It does what the transport wants, hands interrupts on, notices when the back end goes away, and seeks it again. It alone
//! talks to the back end, and only for one of these reasons.

mod commands;
mod events;
mod retry;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Receiver;

use qapi_schema::vhost_user::{VhostUserConnected, VhostUserDisconnected};
use vhost::vhost_user::message::VhostUserProtocolFeatures;
use virtio_core::back_end::DriverEnd;
use virtio_core::{Activation, DevicePlace};
use vmm_sys_util::eventfd::EventFd;

pub(crate) use commands::Command;

use crate::connection::{Connection, PATIENCE};
use crate::counters::Counters;
use crate::error::VhostUserError;
use crate::features;
use crate::in_flight::InFlight;
use crate::published::Published;
use crate::rings::Ring;
use events::Events;
use retry::Retry;

/// What the device has promised to its driver, and every back end has to keep.
#[derive(Debug)]
pub(crate) struct Promise {
    pub(crate) socket: PathBuf,
    /// The features of the first back end.
    pub(crate) features: u64,
    pub(crate) queue_sizes: Vec<u16>,
}

/// A device whose driver is ready.
pub(crate) struct Started {
    activation: Activation,
    driver: DriverEnd,
    /// In the order of their numbers.
    rings: Vec<Ring>,
    in_flight: Option<InFlight>,
}

impl Started {
    pub(crate) fn new(activation: Activation, rings: Vec<Ring>, driver: DriverEnd) -> Self {
        Self { activation, driver, rings, in_flight: None }
    }

    fn ring(&mut self, index: u16) -> Option<&mut Ring> {
        self.rings.iter_mut().find(|ring| ring.index() == index)
    }

    /// There is a ring that the back end had, and nobody knows where it was.
    fn is_lost(&self) -> bool {
        self.in_flight.is_none() && self.rings.iter().any(|ring| ring.is_packed() && !ring.is_ours())
    }

    /// Interrupts the driver: the back end has used buffers of this queue.
    fn used_buffer(&mut self, queue: u16) {
        if let Some(ring) = self.rings.iter_mut().find(|ring| ring.index() == queue) {
            self.driver.count_requests(queue, ring.newly_used(&self.activation.memory));
            self.driver.used_buffer(queue);
        }
    }

    /// Requests that the driver waits for and a back end that has gone was given.
    fn waiting(&self) -> u64 {
        let of_back_end = self.rings.iter().filter(|ring| !ring.is_ours());
        of_back_end.map(|ring| u64::from(ring.waiting(&self.activation.memory))).sum()
    }

    /// The bits that the driver has chosen and a back end with these `features` cannot do.
    fn missing(&self, features: u64) -> u64 {
        features::for_back_end(self.activation.features, 0) & !features
    }
}

pub(crate) struct WorkerThread {
    promise: Promise,
    published: Arc<Published>,
    counters: Arc<Counters>,
    commands: Receiver<Command>,
    wake: EventFd,
    events: Events,
    place: Option<DevicePlace>,
    connection: Option<Connection>,
    started: Option<Started>,
    paused: bool,
    /// The back end has the rings.
    running: bool,
    retry: Retry,
    /// Clients have been told that the back end has gone, and not that there is one again.
    told_gone: bool,
}

impl WorkerThread {
    pub(crate) fn new(
        promise: Promise,
        connection: Connection,
        (published, counters): (Arc<Published>, Arc<Counters>),
        commands: Receiver<Command>,
        wake: EventFd,
    ) -> Result<Self, VhostUserError> {
        let events = Events::new(&wake)?;
        events.watch_connection(&connection)?;
        Ok(Self {
            promise,
            published,
            counters,
            commands,
            wake,
            events,
            place: None,
            connection: Some(connection),
            started: None,
            paused: false,
            running: false,
            retry: Retry::default(),
            told_gone: false,
        })
    }

    /// Works until the transport drops its end.
    pub(crate) fn run(mut self) {
        loop {
            let wait = self.connection.is_none().then(|| self.retry.left());
            let Ok(events) = self.events.wait(wait) else { return };
            for event in events {
                if self.handle(event).is_break() {
                    return;
                }
            }
            if self.connection.is_none() && self.retry.is_due() {
                self.seek();
            }
        }
    }

    /// The back end has hung up.
    fn check_connection(&mut self) {
        let Some(connection) = &self.connection else { return };
        if let Err(error) = connection.messages.socket().check_silence() {
            self.lose(error);
        }
    }

    fn serve_requests(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        let Some(requests) = &mut connection.requests else { return };
        match requests.serve() {
            Ok(true) => self.fetch_configuration(),
            Ok(false) => {}
            // It has nothing to say to us. That does not keep it from its work.
            Err(VhostUserError::HungUp) => connection.requests = None,
            Err(error) => self.lose(error),
        }
    }

    /// The configuration space may be another. The driver is told if it is.
    fn fetch_configuration(&mut self) {
        let length = self.published.configuration_length();
        let Some(connection) = &mut self.connection else { return };
        if length == 0 || !connection.has(VhostUserProtocolFeatures::CONFIG) {
            return;
        }
        connection.messages.begin(PATIENCE);
        match connection.messages.configuration_of(length) {
            Ok(Some(bytes)) => self.configuration_is(&bytes),
            Ok(None) => {}
            Err(error) => self.lose(error),
        }
    }

    fn configuration_is(&self, bytes: &[u8]) {
        if self.published.set_configuration(bytes)
            && let Some(started) = &self.started
        {
            started.driver.config_changed();
        }
    }

    /// The back end has used buffers of a queue.
    fn forward_call(&mut self, queue: u16) {
        let Some(started) = &mut self.started else { return };
        let Some(ring) = started.ring(queue) else { return };
        if ring.call().read().is_ok() {
            started.used_buffer(queue);
        }
    }

    /// The back end cannot go on with a queue.
    fn ring_failed(&mut self, queue: u16) {
        let Some(started) = &mut self.started else { return };
        let Some(ring) = started.ring(queue) else { return };
        if ring.error().read().is_ok() {
            started.driver.fail(VhostUserError::RingRefused { queue }.into());
        }
    }

    /// The back end gets everything that it needs to work, if it is there and has something to do.
    fn hand_over(&mut self) {
        let (Some(connection), Some(started)) = (&mut self.connection, &mut self.started) else { return };
        if self.paused || self.running || started.is_lost() {
            return;
        }
        connection.messages.begin(PATIENCE);
        // From the first message on it may have the rings; if there is an error, nobody knows which.
        self.running = true;
        let waiting = started.waiting();
        match give_everything(connection, started, &self.promise) {
            Ok(()) => {
                self.counters.handed_on.add(waiting);
                self.show_rings();
            }
            Err(error) => self.lose(error),
        }
    }

    /// The back end lets go of the rings, if it has them.
    fn take_back(&mut self) {
        let (Some(connection), Some(started)) = (&mut self.connection, &mut self.started) else { return };
        if !std::mem::take(&mut self.running) {
            return;
        }
        connection.messages.begin(PATIENCE);
        match started.rings.iter_mut().try_for_each(|ring| ring.take_back(connection)) {
            Ok(()) => self.published.change(|back_end| back_end.running = false),
            Err(error) => self.lose(error),
        }
        // What it has said before it let go is handed on now, and nothing later.
        let queues = self.started.iter().flat_map(|started| started.rings.iter().map(Ring::index));
        queues.collect::<Vec<_>>().into_iter().for_each(|queue| self.forward_call(queue));
        self.count_answers();
    }

    /// Counts what was given back without a word, for a driver that does not want to know.
    fn count_answers(&mut self) {
        let Some(Started { rings, activation, driver, .. }) = &mut self.started else { return };
        for ring in rings {
            driver.count_requests(ring.index(), ring.newly_used(&activation.memory));
        }
    }

    /// Rings that nobody works on any more. (The events have to be forgotten by name: the back end may keep them open.)
    fn drop_rings(&self, rings: impl IntoIterator<Item = Ring>) {
        rings.into_iter().for_each(|ring| self.events.forget_ring(&ring));
    }

    fn show_rings(&self) {
        let Some(started) = &self.started else { return };
        let offered = self.connection.as_ref().map_or(0, |connection| connection.features);
        self.published.change(|back_end| {
            back_end.running = self.running;
            back_end.acknowledged_features = features::for_back_end(started.activation.features, offered);
            back_end.memory_regions = vm_memory::GuestMemoryBackend::num_regions(&*started.activation.memory);
            back_end.queues = started.rings.iter().map(Ring::shown).collect();
        });
    }

    /// The back end is of no use any more. What is in the rings waits for the next one.
    fn lose(&mut self, error: VhostUserError) {
        self.connection = None;
        self.running = false;
        self.counters.connected.store(false, Relaxed);
        let reason = error.to_string();
        self.published.change(|back_end| {
            back_end.connected = false;
            back_end.running = false;
            back_end.lost = Some(reason.clone());
        });
        if let Some(started) = self.started.as_ref().filter(|started| started.is_lost()) {
            started.driver.fail(VhostUserError::PositionUnknown.into());
        }
        self.retry.lost();
        if let Some(place) = self.place.as_ref().filter(|_| !std::mem::replace(&mut self.told_gone, true)) {
            place.emit(&VhostUserDisconnected { device: id(place), path: place.path().to_owned(), reason });
        }
    }

    /// Looks whether there is a back end again.
    fn seek(&mut self) {
        match self.meet() {
            Ok(connection) => self.met(connection),
            Err(error) => {
                self.published.change(|back_end| back_end.lost = Some(error.to_string()));
                self.counters.attempts_failed.add(1);
                self.retry.again();
            }
        }
    }

    fn meet(&self) -> Result<Connection, VhostUserError> {
        let connection = Connection::open(&self.promise.socket)?;
        connection.check_queues(self.promise.queue_sizes.len())?;
        // A driver that has not chosen yet may choose anything that it was offered.
        let unkept = features::promised(self.promise.features) & !connection.features;
        let missing = self.started.as_ref().map_or(unkept, |started| started.missing(connection.features));
        if missing != 0 {
            return Err(VhostUserError::FeaturesGone { missing });
        }
        let notes = self.started.as_ref().is_some_and(|started| started.in_flight.is_some());
        if notes && !connection.has(VhostUserProtocolFeatures::INFLIGHT_SHMFD) {
            return Err(VhostUserError::NotesUnread);
        }
        self.events.watch_connection(&connection)?;
        Ok(connection)
    }

    /// The back end is there again: all as it was.
    fn met(&mut self, connection: Connection) {
        let socket = self.promise.socket.display().to_string();
        self.published.change(|back_end| *back_end = connection.shown(socket, back_end.connections + 1));
        let configuration = connection.configuration.clone();
        self.connection = Some(connection);
        self.counters.connected.store(true, Relaxed);
        self.retry.met();
        if let Some(bytes) = configuration {
            self.configuration_is(&bytes);
        }
        self.hand_over();
        if let Some(started) = self.started.as_mut().filter(|_| self.running) {
            // The one before may have used buffers and not said so.
            let queues: Vec<u16> = started.rings.iter().map(Ring::index).collect();
            queues.into_iter().for_each(|queue| started.used_buffer(queue));
        }
        // Told when it is at work again, and not if it was of no use.
        if let Some(place) = self.place.as_ref().filter(|_| self.connection.is_some()) {
            self.told_gone = false;
            self.counters.reconnections.add(1);
            place.emit(&VhostUserConnected { device: id(place), path: place.path().to_owned() });
        }
    }
}

/// The driver's choice of features, memory and rings.
fn give_everything(
    connection: &Connection,
    started: &mut Started,
    promise: &Promise,
) -> Result<(), VhostUserError> {
    let Activation { features, memory } = &started.activation;
    let messages = &connection.messages;
    messages.set_features(features::for_back_end(*features, connection.features))?;
    messages.set_memory(memory)?;
    if connection.has(VhostUserProtocolFeatures::INFLIGHT_SHMFD) {
        if started.in_flight.is_none() {
            let count = u16::try_from(promise.queue_sizes.len()).unwrap_or(u16::MAX);
            let size = promise.queue_sizes.iter().copied().max().unwrap_or(0);
            started.in_flight = Some(InFlight::ask(messages, count, size)?);
        }
        started.in_flight.iter().try_for_each(|in_flight| in_flight.give(messages))?;
    }
    let Started { rings, in_flight, .. } = started;
    rings.iter_mut().try_for_each(|ring| ring.hand_over(connection, memory, in_flight.as_ref()))?;
    messages.wait_until_done()?;
    rings.iter().for_each(Ring::kick);
    Ok(())
}

fn id(place: &DevicePlace) -> Option<String> {
    place.id().map(str::to_owned)
}
