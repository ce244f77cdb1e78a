//! What the transport wants of the device's thread.

use std::ops::ControlFlow;
use std::sync::mpsc::{SyncSender, TryRecvError};

use vhost::vhost_user::message::VhostUserProtocolFeatures;
use virtio_core::DevicePlace;
use virtio_core::back_end::BackEndQueue;

use super::events::Event;
use super::{Started, WorkerThread};
use crate::connection::PATIENCE;
use crate::error::VhostUserError;
use crate::rings::Ring;

/// What the transport wants. That it wants the thread to end, it says by dropping its end of the channel.
pub(crate) enum Command {
    /// The device has its place in the machine.
    Attached(DevicePlace),
    /// The driver is ready.
    Start(Box<Started>),
    /// One more queue is to be worked on.
    StartQueue(BackEndQueue),
    /// Nobody is to work on this queue any more; say when that is so.
    StopQueue(u16, SyncSender<()>),
    /// Nobody is to work on any queue; say when that is so.
    Pause(SyncSender<()>),
    /// As before the pause.
    Resume,
    /// The driver writes the configuration space; say when that is done.
    WriteConfiguration(u32, Vec<u8>, SyncSender<()>),
    /// As it was before the driver came; say when that is so.
    Reset(SyncSender<()>),
}

impl WorkerThread {
    pub(super) fn handle(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Command => return self.obey(),
            Event::Connection => self.check_connection(),
            Event::Request => self.serve_requests(),
            Event::Call(queue) => self.forward_call(queue),
            Event::RingError(queue) => self.ring_failed(queue),
        }
        ControlFlow::Continue(())
    }

    fn obey(&mut self) -> ControlFlow<()> {
        // Nothing to read means that it was read for an earlier event.
        let _ = self.wake.read();
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.execute(command),
                Err(TryRecvError::Empty) => return ControlFlow::Continue(()),
                Err(TryRecvError::Disconnected) => return ControlFlow::Break(()),
            }
        }
    }

    fn execute(&mut self, command: Command) {
        // Whoever waits may have given up; that is his business.
        let say = |done: SyncSender<()>| {
            let _ = done.send(());
        };
        match command {
            Command::Attached(place) => self.place = Some(place),
            Command::Start(started) => self.start(*started),
            Command::StartQueue(queue) => self.start_queue(queue),
            Command::StopQueue(queue, done) => {
                self.stop_queue(queue);
                say(done);
            }
            Command::Pause(done) => {
                self.take_back();
                self.paused = true;
                say(done);
            }
            Command::Resume => {
                self.paused = false;
                self.hand_over();
            }
            Command::WriteConfiguration(offset, bytes, done) => {
                self.write_configuration(offset, &bytes);
                say(done);
            }
            Command::Reset(done) => {
                self.reset();
                say(done);
            }
        }
    }

    fn start(&mut self, started: Started) {
        for ring in &started.rings {
            if let Err(error) = self.events.watch_ring(ring) {
                return started.driver.fail(error.into());
            }
        }
        self.started = Some(started);
        self.hand_over();
    }

    fn start_queue(&mut self, queue: BackEndQueue) {
        self.drop_queue(queue.index);
        let Some(started) = &mut self.started else { return };
        let ring = match Ring::new(queue).and_then(|ring| self.events.watch_ring(&ring).map(|()| ring)) {
            Ok(ring) => ring,
            Err(error) => return started.driver.fail(error.into()),
        };
        started.rings.push(ring);
        started.rings.sort_by_key(Ring::index);
        if let (true, Some(connection)) = (self.running, &mut self.connection) {
            connection.messages.begin(PATIENCE);
            let Started { rings, in_flight, activation, .. } = started;
            let mut new = rings.iter_mut().filter(|ring| ring.is_ours());
            let given = new.try_for_each(|ring| {
                ring.hand_over(connection, &activation.memory, in_flight.as_ref())?;
                connection.messages.wait_until_done()?;
                ring.kick();
                Ok(())
            });
            if let Err(error) = given {
                self.lose(error);
            }
        }
        self.show_rings();
    }

    fn stop_queue(&mut self, index: u16) {
        let Some(started) = &mut self.started else { return };
        if let (true, Some(connection), Some(ring)) =
            (self.running, &mut self.connection, started.ring(index))
        {
            connection.messages.begin(PATIENCE);
            if let Err(error) = ring.take_back(connection) {
                self.lose(error);
            }
        }
        self.drop_queue(index);
        self.show_rings();
    }

    fn drop_queue(&mut self, index: u16) {
        let Some(started) = &mut self.started else { return };
        if let Some(place) = started.rings.iter().position(|ring| ring.index() == index) {
            let ring = started.rings.remove(place);
            self.drop_rings([ring]);
        }
    }

    fn write_configuration(&mut self, offset: u32, bytes: &[u8]) {
        let Some(connection) = &mut self.connection else { return };
        if !connection.has(VhostUserProtocolFeatures::CONFIG) {
            return;
        }
        connection.messages.begin(PATIENCE);
        match connection.messages.set_configuration(offset, bytes) {
            // What can be written, and what becomes of it, only the back end knows; one that refuses keeps what it had.
            Ok(()) | Err(VhostUserError::Refused { .. }) => self.fetch_configuration(),
            Err(error) => self.lose(error),
        }
    }

    fn reset(&mut self) {
        self.take_back();
        // A driver that has not begun yet resets the device, too; the back end has nothing to do with that.
        let Some(started) = self.started.take() else { return };
        self.drop_rings(started.rings);
        if let Some(connection) = self
            .connection
            .as_mut()
            .filter(|connection| connection.has(VhostUserProtocolFeatures::RESET_DEVICE))
        {
            connection.messages.begin(PATIENCE);
            if let Err(error) = connection.messages.reset_device() {
                self.lose(error);
            }
        }
        self.published.change(|back_end| {
            back_end.running = false;
            back_end.acknowledged_features = 0;
            back_end.memory_regions = 0;
            back_end.queues.clear();
        });
    }
}
