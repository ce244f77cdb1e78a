//! The data path: frames from the transmit queue to the link, and from the link to the receive queue.

use std::io::{Read, Write};

use virtio_core::{Chain, GuestMemory, Outcome, Queue, QueueError, RingError, Source, Worker, WorkerContext};

use crate::config::{RECEIVE, TRANSMIT};
use crate::link::{HEADER_SIZE, Link, MAX_FRAME};

/// The name of the only source.
const LINK: u32 = 0;
/// The header in front of a frame without offloads, as the device has to write it (5.1.6.4.1): all zero but
/// `num_buffers`, 1.
const RECEIVED_HEADER: [u8; HEADER_SIZE] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
/// The header as the host's tap wants to see it: no offloads were offered, so none is asked for, whatever the
/// driver wrote.
const SENT_HEADER: [u8; HEADER_SIZE] = [0; HEADER_SIZE];

/// The device's back half.
#[derive(Debug)]
pub(crate) struct NetWorker {
    link: Link,
    /// Header and frame on their way, in either direction. The host may not see guest memory that the guest
    /// can still change.
    frame: Box<[u8]>,
}

impl NetWorker {
    pub(crate) fn new(link: Link) -> Self {
        Self { link, frame: vec![0; MAX_FRAME].into_boxed_slice() }
    }

    /// Sends the chain's frame; nothing is written into the chain.
    fn send(&mut self, chain: &Chain, memory: &GuestMemory) -> Result<Outcome, RingError> {
        let mut reader = chain.reader(memory);
        let length = usize::try_from(reader.remaining()).unwrap_or(usize::MAX);
        if length < HEADER_SIZE {
            let (length, wanted) = (reader.remaining(), HEADER_SIZE as u64);
            return Err(RingError::TooShort { head: chain.head(), part: "header", length, wanted });
        }
        // A frame longer than any link carries is lost, as is one that cannot be read.
        let Some(frame) = self.frame.get_mut(..length) else { return Ok(Outcome::Failed { written: 0 }) };
        if reader.read_exact(frame).is_err() {
            return Ok(Outcome::Failed { written: 0 });
        }
        set_header(frame, SENT_HEADER);
        self.link.send(frame);
        Ok(Outcome::Done { written: 0 })
    }

    /// Moves waiting frames into the receive queue. Says whether the link is to be watched further.
    fn receive(&mut self, queue: &mut Queue, memory: &GuestMemory) -> Result<bool, QueueError> {
        // A buffer first: a frame that was taken from the link could not be put back.
        while let Some(chain) = queue.pop()? {
            match self.link.receive(&mut self.frame) {
                Ok(Some(length)) => self.deliver(length, chain, queue, memory)?,
                Ok(None) => {
                    queue.undo_pop(chain)?;
                    return Ok(true);
                }
                Err(_) => {
                    // The interface is down or gone. The driver's next buffers are the next occasion to look.
                    queue.undo_pop(chain)?;
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }

    fn deliver(
        &mut self,
        length: usize,
        chain: Chain,
        queue: &mut Queue,
        memory: &GuestMemory,
    ) -> Result<(), QueueError> {
        let frame = self.frame.get_mut(..length).unwrap_or_default();
        set_header(frame, RECEIVED_HEADER);
        let mut writer = chain.writer(memory);
        let fits = length >= HEADER_SIZE && writer.remaining() >= length as u64;
        if fits && writer.write_all(frame).is_ok() {
            let written = writer.written();
            return queue.complete(chain, written);
        }
        // The frame is lost; the buffer waits for one that fits.
        queue.undo_pop(chain)
    }
}

impl Worker for NetWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        if queue == TRANSMIT {
            return context.serve(TRANSMIT, |chain, memory| self.send(chain, memory));
        }
        // New buffers: the link may be read again, which happens at once if a frame waits.
        context.watch(LINK, true);
        Ok(())
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: LINK, fd: self.link.input_fd() }]
    }

    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve_source(token, RECEIVE, |queue, memory| self.receive(queue, memory))
    }
}

fn set_header(frame: &mut [u8], header: [u8; HEADER_SIZE]) {
    frame.iter_mut().zip(header).for_each(|(place, byte)| *place = byte);
}
