//! The data path: fills buffers with random bytes.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};

use rate_limits::{Direction, Wait, Waiter};
use virtio_core::{Chain, GuestMemory, Outcome, QueueError, Source, Worker, WorkerContext};

/// Most bytes for one request; the specification lets a device give less than was asked for (5.4.6.2). Making
/// 64 KiB takes a fraction of a millisecond, so that no driver can keep the device from pausing, and is more
/// than drivers ask for.
pub(crate) const MAX_REQUEST: usize = 64 << 10;

/// The only queue.
const QUEUE: u16 = 0;
/// The only source: what a limit has held back may go on.
const LIMIT: u32 = 0;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct RngWorker {
    source: File,
    buffer: Box<[u8]>,
    waiter: Waiter,
    /// There while the queue waits for a limit.
    held: Option<Wait>,
}

impl RngWorker {
    pub(crate) fn new(source: File, waiter: Waiter) -> Self {
        Self { source, buffer: vec![0; MAX_REQUEST].into_boxed_slice(), waiter, held: None }
    }
}

/// Fills the chain as far as `buffer` goes, and says how many bytes it got.
fn fill(mut source: &File, buffer: &mut [u8], chain: &Chain, memory: &GuestMemory) -> Outcome {
    let mut writer = chain.writer(memory);
    let length = wanted(chain);
    let bytes = buffer.get_mut(..length).unwrap_or_default();
    let mut filled = 0;
    while let Some(rest @ [_, ..]) = bytes.get_mut(filled..) {
        match source.read(rest) {
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

/// How many bytes a request gets.
fn wanted(chain: &Chain) -> usize {
    usize::try_from(chain.writable_len()).unwrap_or(usize::MAX).min(MAX_REQUEST)
}

impl Worker for RngWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Self { source, buffer, waiter, held } = self;
        let may_pass =
            |chain: &Chain| waiter.pass_or_hold(held, Direction::ToGuest, Some(wanted(chain) as u64));
        context.serve_while(queue, may_pass, |chain, memory| Ok(fill(source, buffer, chain, memory)))
    }

    fn queue_stopped(&mut self, _queue: u16) {
        self.held = None;
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: LIMIT, fd: self.waiter.source() }]
    }

    fn source_ready(&mut self, _token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        self.waiter.put_off();
        self.queue_ready(QUEUE, context)
    }
}
