//! The data path: takes requests from the ring, has them done, answers each with its status byte.

use std::io::Write;

use virtio_core::{Chain, GuestMemory, Outcome, QueueError, RingError, Worker, WorkerContext};

use crate::request::{Executor, Status};

/// Bytes of the status at the end of every request.
const STATUS_SIZE: u64 = 1;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct BlockWorker {
    pub(crate) executor: Executor,
}

impl Worker for BlockWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve(queue, |chain, memory| answer(&mut self.executor, chain, memory))
    }
}

/// Does one request and says how many bytes the driver may look at, counted from the first writable one.
fn answer(executor: &mut Executor, chain: &Chain, memory: &GuestMemory) -> Result<Outcome, RingError> {
    let writable = chain.writable_len();
    // The status is the last writable byte, wherever the driver has cut its buffers (2.7.4).
    let Some(data_length) = writable.checked_sub(STATUS_SIZE) else {
        return Err(RingError::TooShort {
            head: chain.head(),
            part: "status",
            length: writable,
            wanted: STATUS_SIZE,
        });
    };
    let mut reader = chain.reader(memory);
    let mut writer = chain.writer(memory);
    let outcome = executor.execute(&mut reader, chain.readable_len(), &mut writer, data_length);
    let status = outcome.err().unwrap_or(Status::Ok);
    let data_written = writer.written();
    let left_out = writer.skip(writer.remaining().saturating_sub(STATUS_SIZE));
    // The chain was checked to lie in guest memory, which does not shrink: this write cannot fail.
    let _ = writer.write_all(&[status as u8]);
    // A length that reached over bytes left out would declare them written (2.7.8.2).
    let written = if left_out == 0 { writer.written() } else { data_written };
    Ok(if status == Status::Ok { Outcome::Done { written } } else { Outcome::Failed { written } })
}
