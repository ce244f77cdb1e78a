//! The data path: fills cups.

use std::io::Write;

use virtio_core::{QueueError, Worker, WorkerContext};

/// The device's back half.
#[derive(Debug)]
pub(crate) struct Kettle;

impl Worker for Kettle {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve(queue, |chain, memory| {
            let mut cup = chain.writer(memory);
            // A cup that is too small gets nothing; the driver sees a length of 0.
            Ok(cup.write_all(b"tea").map_or(0, |()| cup.written()))
        })
    }
}
