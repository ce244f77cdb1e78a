//! The data path: characters from the transmit queue to the output, and from the input to the receive queue.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsRawFd;

use virtio_core::{Chain, GuestMemory, Outcome, Queue, QueueError, Source, Worker, WorkerContext};

use crate::config::{RECEIVE, TRANSMIT};
use crate::patience::{PART, Patience};

/// The name of the only source.
const INPUT: u32 = 0;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct ConsoleWorker {
    output: File,
    /// `None` when there never was any.
    input: Option<File>,
    /// The input's other end has gone. Its descriptor stays open, for the context still knows it.
    input_ended: bool,
    buffer: [u8; PART],
}

impl ConsoleWorker {
    pub(crate) fn new(output: File, input: Option<File>) -> Self {
        Self { output, input, input_ended: false, buffer: [0; PART] }
    }

    /// Prints the chain's characters; nothing is written into the chain.
    fn print(&mut self, chain: &Chain, memory: &GuestMemory, patience: &mut Patience) -> Outcome {
        let mut reader = chain.reader(memory);
        while let Ok(length @ 1..) = reader.read(&mut self.buffer) {
            let text = self.buffer.get(..length).unwrap_or_default();
            // What the output does not take is lost, as with a terminal that is off; the guest goes on.
            if patience.write(&mut self.output, text).is_err() {
                return Outcome::Failed { written: 0 };
            }
        }
        Outcome::Done { written: 0 }
    }

    /// Moves what one read of the input gives into the next buffer: a second read might block. Says whether
    /// the input is to be watched further.
    fn receive(&mut self, queue: &mut Queue, memory: &GuestMemory) -> Result<bool, QueueError> {
        let Some(input) = &mut self.input else { return Ok(false) };
        // A buffer first: characters that were read could not be put back.
        let Some(chain) = queue.pop()? else { return Ok(false) };
        let room = usize::try_from(chain.writable_len()).unwrap_or(usize::MAX).min(PART);
        if room == 0 {
            queue.complete(chain, 0)?;
            return Ok(true);
        }
        match input.read(self.buffer.get_mut(..room).unwrap_or_default()) {
            Ok(length @ 1..) => {
                let mut writer = chain.writer(memory);
                // The chain was checked to lie in guest memory and to have the room: this write cannot fail.
                let _ = writer.write_all(self.buffer.get(..length).unwrap_or_default());
                let written = writer.written();
                queue.complete(chain, written)?;
                Ok(true)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                queue.undo_pop(chain)?;
                Ok(true)
            }
            Ok(_) | Err(_) => {
                queue.undo_pop(chain)?;
                self.input_ended = true;
                Ok(false)
            }
        }
    }
}

impl Worker for ConsoleWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        if queue == TRANSMIT {
            let mut patience = Patience::default();
            return context.serve(TRANSMIT, |chain, memory| Ok(self.print(chain, memory, &mut patience)));
        }
        // New buffers: the input may be read again.
        context.watch(INPUT, !self.input_ended);
        Ok(())
    }

    fn sources(&self) -> Vec<Source> {
        self.input.iter().map(|input| Source { token: INPUT, fd: input.as_raw_fd() }).collect()
    }

    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve_source(token, RECEIVE, |queue, memory| self.receive(queue, memory))
    }
}
