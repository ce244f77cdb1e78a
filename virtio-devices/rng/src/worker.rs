//! The data path: fills buffers with random bytes.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};

use virtio_core::{Chain, GuestMemory, Outcome, QueueError, Worker, WorkerContext};

/// Most bytes for one request; the specification lets a device give less than was asked for (5.4.6.2). Making
/// 64 KiB takes a fraction of a millisecond, so that no driver can keep the device from pausing, and is more
/// than drivers ask for.
pub(crate) const MAX_REQUEST: usize = 64 << 10;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct RngWorker {
    source: File,
    buffer: Box<[u8]>,
}

impl RngWorker {
    pub(crate) fn new(source: File) -> Self {
        Self { source, buffer: vec![0; MAX_REQUEST].into_boxed_slice() }
    }

    /// Fills the chain as far as it goes and says how many bytes it got.
    fn fill(&mut self, chain: &Chain, memory: &GuestMemory) -> Outcome {
        let mut writer = chain.writer(memory);
        let length = usize::try_from(writer.remaining()).unwrap_or(usize::MAX).min(MAX_REQUEST);
        let bytes = self.buffer.get_mut(..length).unwrap_or_default();
        let mut filled = 0;
        while let Some(rest @ [_, ..]) = bytes.get_mut(filled..) {
            match self.source.read(rest) {
                Ok(more @ 1..) => filled += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => break,
            }
        }
        // Without randomness the driver gets nothing and sees that: a length of 0.
        match writer.write_all(bytes.get(..filled).unwrap_or_default()) {
            Ok(()) if filled > 0 || length == 0 => Outcome::Done { written: writer.written() },
            _ => Outcome::Failed { written: 0 },
        }
    }
}

impl Worker for RngWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve(queue, |chain, memory| Ok(self.fill(chain, memory)))
    }
}
