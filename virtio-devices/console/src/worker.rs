//! The device's thread: who has to do what when a queue, a client or the timer calls.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::sync::Arc;

use virtio_core::{DevicePlace, QueueError, Source, Worker, WorkerContext};

use crate::config::{CONTROL_RECEIVE, CONTROL_TRANSMIT, QueueRole, receive_queue};
use crate::control::{FromDriver, MESSAGE_SIZE, Owed, removal};
use crate::port_worker::{BUFFER_SIZE, PortWorker};
use crate::ports::Ports;
use crate::watch::{Happened, Watch};

/// Something has happened at a port.
const AT_PORTS: u32 = 0;
/// Ports have come or gone.
const CHANGED: u32 = 1;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct ConsoleWorker {
    /// The ports that there are.
    known: Arc<Ports>,
    /// Those of them that the driver can use, by number, as they were when this thread looked last.
    ports: BTreeMap<usize, PortWorker>,
    /// The driver uses several ports.
    multiport: bool,
    /// It has asked which there are, and is told of changes.
    is_curious: bool,
    /// Ports of which it has heard, and of which it is still to hear that they are gone.
    gone: BTreeSet<usize>,
    place: Option<DevicePlace>,
    watch: Watch,
    buffer: Box<[u8]>,
}

impl ConsoleWorker {
    /// # Errors
    /// The host is out of descriptors.
    pub(crate) fn new(
        known: &Arc<Ports>,
        multiport: bool,
        place: Option<DevicePlace>,
    ) -> std::io::Result<Self> {
        let mut new = Self {
            known: Arc::clone(known),
            ports: BTreeMap::new(),
            multiport,
            is_curious: false,
            gone: BTreeSet::new(),
            place,
            watch: Watch::new()?,
            buffer: vec![0; BUFFER_SIZE].into_boxed_slice(),
        };
        (0..new.usable()).for_each(|number| new.take_in(number));
        new.ports.values_mut().for_each(|port| port.update_watch(&new.watch));
        Ok(new)
    }

    /// The numbers below this one are ports that the driver can use.
    fn usable(&self) -> usize {
        if self.multiport { self.known.room() } else { 1 }
    }

    /// The port with this number, if there is one, is new.
    fn take_in(&mut self, number: usize) {
        let Some(port) = self.known.get(number) else { return };
        let mut port = PortWorker::new(port, number, self.multiport);
        if self.is_curious {
            port.owed = Owed::existence();
        }
        self.ports.insert(number, port);
    }

    /// Looks which ports have come or gone.
    fn look_at_ports(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        self.known.note_change();
        for number in 0..self.usable() {
            let now = self.known.get(number);
            let before = self.ports.get(&number).map(|port| &port.port);
            let is_same = match (before, &now) {
                (Some(before), Some(now)) => Arc::ptr_eq(before, now),
                (before, now) => before.is_none() && now.is_none(),
            };
            if is_same {
                continue;
            }
            // Before the other goes: it may be the last to hold a port that is gone.
            drop(now);
            self.let_go(number, context)?;
            self.take_in(number);
        }
        Ok(())
    }

    /// The port with this number is gone.
    fn let_go(&mut self, number: usize, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Some(mut port) = self.ports.remove(&number) else { return Ok(()) };
        port.let_go(context.queue(receive_queue(number).saturating_add(1)), &self.watch)?;
        port.port.set_guest_open(false, self.place.as_ref());
        if self.is_curious && !port.owed.has_existence() {
            self.gone.insert(number);
        }
        Ok(())
    }

    fn transmit(&mut self, number: usize, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = Arc::clone(context.memory());
        let queue = context.queue(receive_queue(number).saturating_add(1));
        let (Some(queue), Some(port)) = (queue, self.ports.get_mut(&number)) else { return Ok(()) };
        port.transmit(queue, &memory, &self.watch, &mut self.buffer)
    }

    fn receive(&mut self, number: usize, context: &mut WorkerContext) -> Result<(), QueueError> {
        let index = receive_queue(number);
        let (Some(_), Some(port)) = (context.queue(index), self.ports.get_mut(&number)) else {
            return Ok(());
        };
        let mut closed = false;
        context.serve_source(AT_PORTS, index, |queue, memory| {
            closed = port.receive(queue, memory, &mut self.buffer)?;
            Ok(true)
        })?;
        if closed {
            port.hang_up(&self.watch);
        }
        Ok(())
    }

    /// Whatever has happened, both directions may go on.
    fn at_port(&mut self, number: usize, context: &mut WorkerContext) -> Result<(), QueueError> {
        if let Some(port) = self.ports.get_mut(&number) {
            port.accept(&self.watch);
        }
        self.transmit(number, context)?;
        self.receive(number, context)
    }

    fn time_is_up(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let numbers: Vec<_> = self.ports.keys().copied().collect();
        for number in numbers {
            if let Some(port) = self.ports.get_mut(&number) {
                port.time_is_up(&self.watch);
            }
            self.transmit(number, context)?;
        }
        Ok(())
    }

    /// Hears what the driver says of the ports.
    fn listen(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let mut opened = Vec::new();
        context.serve(CONTROL_TRANSMIT, |chain, memory| {
            let mut message = [0; MESSAGE_SIZE];
            let length = chain.reader(memory).read(&mut message).unwrap_or(0);
            let message = FromDriver::parse(message.get(..length).unwrap_or_default());
            opened.extend(message.and_then(|message| self.hear(message)));
            Ok(0_u32)
        })?;
        // Somebody who has just opened a port may have input waiting for them. A driver may open one again and again, and
        // each is looked after once.
        opened.sort_unstable();
        opened.dedup();
        opened.into_iter().try_for_each(|number| self.receive(number, context))
    }

    /// Gives the number of a port that the guest has opened.
    fn hear(&mut self, message: FromDriver) -> Option<usize> {
        match message {
            FromDriver::DeviceReady => {
                self.is_curious = true;
                self.gone.clear();
                for port in self.ports.values_mut() {
                    port.is_ready = false;
                    port.owed = Owed::existence();
                }
            }
            FromDriver::PortReady { port, ready } => {
                let port = self.ports.get_mut(&port)?;
                port.is_ready = ready;
                port.owed = if ready { Owed::everything(&port.port) } else { Owed::default() };
            }
            FromDriver::PortOpen { port: number, open } => {
                let port = self.ports.get(&number)?;
                port.port.set_guest_open(open, self.place.as_ref());
                return open.then_some(number);
            }
        }
        None
    }

    /// Tells the driver what it is still to be told, as far as it has buffers for that.
    fn tell(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = Arc::clone(context.memory());
        let Some(queue) = context.queue(CONTROL_RECEIVE) else { return Ok(()) };
        let mut tell = |message: Vec<u8>| {
            let Some(chain) = queue.pop()? else { return Ok::<_, QueueError>(false) };
            let mut writer = chain.writer(&memory);
            // A buffer without room for the message holds its beginning; the driver chose it so.
            let _ = writer.write_all(&message);
            let written = writer.written();
            queue.complete(chain, written)?;
            Ok(true)
        };
        // Of a port that is gone first: another may have its number.
        while let Some(number) = self.gone.first().copied()
            && tell(removal(number))?
        {
            self.gone.remove(&number);
        }
        for (number, port) in self.ports.iter_mut().filter(|_| self.gone.is_empty()) {
            loop {
                let mut rest = port.owed;
                let Some(message) = rest.next(*number, &port.port) else { break };
                if !tell(message)? {
                    return queue.interrupt();
                }
                port.owed = rest;
            }
        }
        queue.interrupt()
    }

    /// After anything that may have changed something: the driver is told, and what is waited for is up to date.
    fn catch_up(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        if self.multiport {
            self.tell(context)?;
        }
        for port in self.ports.values_mut() {
            port.leave(&self.watch);
            port.update_watch(&self.watch);
        }
        Ok(())
    }
}

impl Worker for ConsoleWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        match QueueRole::of(queue) {
            QueueRole::Receive(port) => self.receive(port, context)?,
            QueueRole::Transmit(port) => self.transmit(port, context)?,
            QueueRole::ControlTransmit if self.multiport => self.listen(context)?,
            QueueRole::ControlTransmit | QueueRole::ControlReceive => {}
        }
        self.catch_up(context)
    }

    fn queue_stopped(&mut self, queue: u16) {
        if let QueueRole::Transmit(port) = QueueRole::of(queue)
            && let Some(port) = self.ports.get_mut(&port)
        {
            port.transmit_stopped();
        }
    }

    fn sources(&self) -> Vec<Source> {
        let changed = Source { token: CHANGED, fd: self.known.changed() };
        vec![Source { token: AT_PORTS, fd: self.watch.fd() }, changed]
    }

    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        if token == CHANGED {
            self.look_at_ports(context)?;
            return self.catch_up(context);
        }
        for happened in self.watch.happened() {
            match happened {
                Happened::TimeIsUp => self.time_is_up(context)?,
                Happened::AtPort { port: number, writable, hung_up } => {
                    if let Some(port) = self.ports.get_mut(&number).filter(|_| writable) {
                        port.hear_again();
                    }
                    self.at_port(number, context)?;
                    if let Some(port) = self.ports.get_mut(&number).filter(|_| hung_up) {
                        port.notice_hang_up(&self.watch);
                    }
                }
            }
        }
        self.catch_up(context)
    }
}
