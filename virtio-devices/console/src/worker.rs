//! The device's thread: who has to do what when a queue, a client or the timer calls.

use std::io::{Read, Write};
use std::sync::Arc;

use virtio_core::{DevicePlace, QueueError, Source, Worker, WorkerContext};

use crate::config::{CONTROL_RECEIVE, CONTROL_TRANSMIT, QueueRole, receive_queue};
use crate::control::{FromDriver, MESSAGE_SIZE, Owed};
use crate::port::Port;
use crate::port_worker::{BUFFER_SIZE, PortWorker};
use crate::watch::{Happened, Watch};

/// The only source: something has happened at a port.
const AT_PORTS: u32 = 0;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct ConsoleWorker {
    ports: Vec<PortWorker>,
    /// The driver uses several ports.
    multiport: bool,
    place: Option<DevicePlace>,
    watch: Watch,
    buffer: Box<[u8]>,
}

impl ConsoleWorker {
    /// # Errors
    /// The host is out of descriptors.
    pub(crate) fn new(
        ports: &[Arc<Port>],
        multiport: bool,
        place: Option<DevicePlace>,
    ) -> std::io::Result<Self> {
        let known = if multiport { ports } else { ports.get(..1).unwrap_or(ports) };
        let worker =
            |(number, port): (usize, &Arc<Port>)| PortWorker::new(Arc::clone(port), number, multiport);
        let mut new = Self {
            ports: known.iter().enumerate().map(worker).collect(),
            multiport,
            place,
            watch: Watch::new()?,
            buffer: vec![0; BUFFER_SIZE].into_boxed_slice(),
        };
        new.ports.iter_mut().for_each(|port| port.update_watch(&new.watch));
        Ok(new)
    }

    fn transmit(&mut self, number: usize, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = Arc::clone(context.memory());
        let queue = context.queue(receive_queue(number).saturating_add(1));
        let (Some(queue), Some(port)) = (queue, self.ports.get_mut(number)) else { return Ok(()) };
        port.transmit(queue, &memory, &self.watch, &mut self.buffer)
    }

    fn receive(&mut self, number: usize, context: &mut WorkerContext) -> Result<(), QueueError> {
        let index = receive_queue(number);
        let (Some(_), Some(port)) = (context.queue(index), self.ports.get_mut(number)) else { return Ok(()) };
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
        if let Some(port) = self.ports.get_mut(number) {
            port.accept(&self.watch);
        }
        self.transmit(number, context)?;
        self.receive(number, context)
    }

    fn time_is_up(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        for number in 0..self.ports.len() {
            if let Some(port) = self.ports.get_mut(number) {
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
                for port in &mut self.ports {
                    port.is_ready = false;
                    port.owed = Owed::existence();
                }
            }
            FromDriver::PortReady { port, ready } => {
                let port = self.ports.get_mut(port)?;
                port.is_ready = ready;
                port.owed = if ready { Owed::everything(&port.port) } else { Owed::default() };
            }
            FromDriver::PortOpen { port: number, open } => {
                let port = self.ports.get(number)?;
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
        for (number, port) in self.ports.iter_mut().enumerate() {
            loop {
                let mut rest = port.owed;
                let Some(message) = rest.next(number, &port.port) else { break };
                let Some(chain) = queue.pop()? else { return queue.interrupt() };
                let mut writer = chain.writer(&memory);
                // A buffer without room for the message holds its beginning; the driver chose it so.
                let _ = writer.write_all(&message);
                let written = writer.written();
                queue.complete(chain, written)?;
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
        for port in &mut self.ports {
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
            && let Some(port) = self.ports.get_mut(port)
        {
            port.transmit_stopped();
        }
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: AT_PORTS, fd: self.watch.fd() }]
    }

    fn source_ready(&mut self, _: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        for happened in self.watch.happened() {
            match happened {
                Happened::TimeIsUp => self.time_is_up(context)?,
                Happened::AtPort { port: number, writable, hung_up } => {
                    if let Some(port) = self.ports.get_mut(number).filter(|_| writable) {
                        port.hear_again();
                    }
                    self.at_port(number, context)?;
                    if let Some(port) = self.ports.get_mut(number).filter(|_| hung_up) {
                        port.notice_hang_up(&self.watch);
                    }
                }
            }
        }
        self.catch_up(context)
    }
}
