//! The data path: packets of the guest to the switchboard, and those that it has into the guest's buffers.

use std::io::{Read, Write};

use virtio_core::{Chain, GuestMemory, QueueError, Source, Worker, WorkerContext};

use crate::config::{EVENTS, RECEIVE, TRANSMIT};
use crate::packet::{HEADER_SIZE, Header};
use crate::switchboard::Switchboard;

/// The only source: something has happened on the host.
const HOST: u32 = 0;
/// Most data of one packet for the guest. Drivers' buffers are smaller.
const MAX_DATA: usize = 64 << 10;
/// The event that all connections are gone (5.10.6.7): a number of 32 bits.
const TRANSPORT_RESET: [u8; 4] = [0; 4];

/// The device's back half.
#[derive(Debug)]
pub(crate) struct VsockWorker {
    switchboard: Switchboard,
    data: Box<[u8]>,
    /// The guest is to be told that all connections are gone.
    owes_event: bool,
}

impl VsockWorker {
    pub(crate) fn new(switchboard: Switchboard) -> Self {
        Self { switchboard, data: vec![0; MAX_DATA].into_boxed_slice(), owes_event: false }
    }

    /// Takes packets of the guest, as long as there is room for answers. Tells whether there was any.
    fn transmit(&mut self, context: &mut WorkerContext) -> Result<bool, QueueError> {
        let memory = GuestMemory::clone(context.memory());
        let Some(queue) = context.queue(TRANSMIT) else { return Ok(false) };
        let mut any = false;
        while self.switchboard.can_take() {
            let Some(chain) = queue.pop()? else { break };
            any = true;
            if self.take(&chain, &memory) {
                queue.complete(chain, 0)?;
            } else {
                queue.complete_failed(chain, 0)?;
            }
        }
        queue.interrupt()?;
        Ok(any)
    }

    /// Takes one packet. What is too short for a header, or for the data that it promises, means nothing.
    fn take(&mut self, chain: &Chain, memory: &GuestMemory) -> bool {
        let mut reader = chain.reader(memory);
        let mut header = [0; HEADER_SIZE];
        if reader.read_exact(&mut header).is_err() {
            return false;
        }
        let header = Header::parse(&header);
        if u64::from(header.length) > reader.remaining() {
            return false;
        }
        self.switchboard.take(&header, &mut reader.take(header.length.into()))
    }

    /// Fills the guest's buffers.
    fn receive(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        if context.queue(RECEIVE).is_none() {
            return Ok(());
        }
        context.serve_source(HOST, RECEIVE, |queue, memory| {
            while let Some(chain) = queue.pop()? {
                let Some(room) =
                    usize::try_from(chain.writable_len()).unwrap_or(usize::MAX).checked_sub(HEADER_SIZE)
                else {
                    queue.complete_failed(chain, 0)?;
                    continue;
                };
                let data = self.data.get_mut(..room.min(MAX_DATA)).unwrap_or_default();
                let Some((header, length)) = self.switchboard.next(data) else {
                    queue.undo_pop(chain)?;
                    break;
                };
                let mut writer = chain.writer(memory);
                // The chain was checked to lie in guest memory and to have the room: these writes cannot fail.
                let _ = writer.write_all(&header.bytes());
                let _ = writer.write_all(data.get(..length).unwrap_or_default());
                let written = writer.written();
                queue.complete(chain, written)?;
            }
            // There may be packets left, but the kernel has more to say than that: the source stays.
            Ok(true)
        })
    }

    /// Both ways, until neither makes room for the other any more.
    fn exchange(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        loop {
            let was_full = !self.switchboard.can_take();
            let any = self.transmit(context)?;
            self.receive(context)?;
            if !self.switchboard.can_take() || !(any || was_full) {
                return self.tell_event(context);
            }
        }
    }

    fn tell_event(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = GuestMemory::clone(context.memory());
        let Some(queue) = context.queue(EVENTS).filter(|_| self.owes_event) else { return Ok(()) };
        let Some(chain) = queue.pop()? else { return Ok(()) };
        let mut writer = chain.writer(&memory);
        // A buffer without room for it holds its beginning; the driver chose it so.
        let _ = writer.write_all(&TRANSPORT_RESET);
        let written = writer.written();
        queue.complete(chain, written)?;
        self.owes_event = false;
        queue.interrupt()
    }
}

impl Worker for VsockWorker {
    fn queue_ready(&mut self, _: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        self.exchange(context)
    }

    /// Packets may have been lost with the queue, and streams do not lose anything: the connections end.
    fn queue_stopped(&mut self, queue: u16) {
        if queue != EVENTS {
            self.owes_event |= self.switchboard.clear();
        }
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: HOST, fd: self.switchboard.fd() }]
    }

    fn source_ready(&mut self, _: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        self.switchboard.look();
        self.exchange(context)
    }
}
