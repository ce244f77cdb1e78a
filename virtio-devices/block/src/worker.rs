//! The data path of one queue: takes requests from the ring, starts them on the storage, and answers each with its status
//! byte when the storage is done with it, in any order.

use std::io::{Read, Write};
use std::iter;
use std::sync::Arc;

use storage::{Channel, Completion, ErrorAction, GuestMemory, Operation, Request};
use virtio_core::{Chain, Queue, QueueError, RingError, Source, Worker, WorkerContext};

use crate::request::{HEADER_SIZE, RANGE_SIZE, Rules, Status, Wanted, kind_of};
use crate::shared::Shared;

/// Bytes of the status at the end of every request.
const STATUS_SIZE: u64 = 1;

/// The back half of the device, for one queue.
#[derive(Debug)]
pub(crate) struct BlockWorker {
    queue: u16,
    shared: Arc<Shared>,
    rules: Rules,
    memory: GuestMemory,
    channel: Channel,
    /// Requests that are not answered, by the tag that the channel knows them by.
    requests: Vec<Option<Pending>>,
    free: Vec<usize>,
    /// Those of them that wait for the machine to stop and go on.
    parked: Vec<usize>,
}

/// A request that was taken and not answered.
#[derive(Debug)]
struct Pending {
    chain: Chain,
    wanted: Wanted,
    /// Ranges that are done.
    ranges_done: u64,
}

impl BlockWorker {
    pub(crate) fn new(
        queue: u16,
        shared: Arc<Shared>,
        rules: Rules,
        memory: GuestMemory,
        channel: Channel,
    ) -> Self {
        let (requests, free, parked) = (Vec::new(), Vec::new(), Vec::new());
        Self { queue, shared, rules, memory, channel, requests, free, parked }
    }

    /// Takes one request, and answers it at once if the storage has no part in it.
    fn take(&mut self, chain: Chain, queue: &mut Queue) -> Result<(), QueueError> {
        let (readable, writable) = (chain.readable_len(), chain.writable_len());
        // The status is the last writable byte, wherever the driver has cut its buffers (2.7.4).
        let Some(room) = writable.checked_sub(STATUS_SIZE) else {
            let head = chain.head();
            let error = RingError::TooShort { head, part: "status", length: writable, wanted: STATUS_SIZE };
            return Err(QueueError { queue: self.queue, error });
        };
        let mut header = [0; 16];
        let wanted = match chain.reader(&self.memory).read_exact(&mut header) {
            Ok(()) => self.rules.judge(header, readable.saturating_sub(HEADER_SIZE), room),
            Err(_) => Err(Status::Error),
        };
        if let (Err(Status::Error), Some(kind)) = (wanted, kind_of(header)) {
            self.channel.count_refused(kind);
        }
        match wanted {
            Err(status) => answer(queue, chain, &self.memory, status, 0),
            Ok(Wanted::Id) => {
                // As much of it as there is room for.
                let mut room =
                    chain.writable_pieces(0, room).map(|(_, length)| u64::from(length)).sum::<u64>();
                room = room.min(self.shared.id.len() as u64);
                let id = self.shared.id.get(..usize::try_from(room).unwrap_or(0)).unwrap_or_default();
                // The chain was checked to lie in guest memory, which does not shrink.
                let _ = chain.writer(&self.memory).write_all(id);
                answer(queue, chain, &self.memory, Status::Ok, room)
            }
            Ok(wanted) => {
                let number = self.keep(Pending { chain, wanted, ranges_done: 0 });
                self.start(number, queue)
            }
        }
    }

    /// Keeps a request, under a number that no other has.
    fn keep(&mut self, pending: Pending) -> usize {
        let number = self.free.pop().unwrap_or_else(|| {
            self.requests.push(None);
            self.requests.len() - 1
        });
        if let Some(place) = self.requests.get_mut(number) {
            *place = Some(pending);
        }
        number
    }

    /// Starts what is to be done next for a request.
    fn start(&mut self, number: usize, queue: &mut Queue) -> Result<(), QueueError> {
        let Some(Pending { chain, wanted, ranges_done }) = self.requests.get(number).and_then(Option::as_ref)
        else {
            return Ok(());
        };
        let stable = self.shared.is_write_through();
        let request = |operation| Request { tag: number as u64, operation, stable };
        match *wanted {
            Wanted::Transfer(read @ Operation::Read { .. }, length) => {
                self.channel.start(request(read), chain.writable_pieces(0, length));
            }
            Wanted::Transfer(write, length) => {
                self.channel.start(request(write), chain.readable_pieces(HEADER_SIZE, length));
            }
            Wanted::Flush | Wanted::Id => self.channel.start(request(Operation::Flush), iter::empty()),
            Wanted::Ranges(kind, _) => {
                let mut range = [0; 16];
                let mut reader = chain.reader(&self.memory);
                reader.skip(HEADER_SIZE + RANGE_SIZE * ranges_done);
                let read = reader.read_exact(&mut range).map_err(|_| Status::Error);
                match read.and_then(|()| self.rules.range(kind, range)) {
                    Ok(operation) => self.channel.start(request(operation), iter::empty()),
                    Err(status) => {
                        self.channel.count_refused(kind.counts_as());
                        return self.end(number, status, queue);
                    }
                }
            }
        }
        Ok(())
    }

    /// The storage is done with a step of a request.
    fn step_done(&mut self, completion: Completion, queue: &mut Queue) -> Result<(), QueueError> {
        let number = usize::try_from(completion.tag).unwrap_or(usize::MAX);
        if let Err(error) = completion.result {
            match self.shared.action(completion.operation, &error) {
                ErrorAction::Report => return self.end(number, Status::Error, queue),
                ErrorAction::Ignore => {}
                ErrorAction::Stop => {
                    self.parked.push(number);
                    return Ok(());
                }
            }
        }
        let Some(pending) = self.requests.get_mut(number).and_then(Option::as_mut) else { return Ok(()) };
        if let Wanted::Ranges(_, count) = pending.wanted {
            pending.ranges_done += 1;
            if pending.ranges_done < count {
                return self.start(number, queue);
            }
        }
        self.end(number, Status::Ok, queue)
    }

    /// Answers a request.
    fn end(&mut self, number: usize, status: Status, queue: &mut Queue) -> Result<(), QueueError> {
        let Some(pending) = self.requests.get_mut(number).and_then(Option::take) else { return Ok(()) };
        self.free.push(number);
        let read = match pending.wanted {
            Wanted::Transfer(Operation::Read { .. }, length) if status == Status::Ok => length,
            _ => 0,
        };
        answer(queue, pending.chain, &self.memory, status, read)
    }

    /// Answers all that is done.
    fn collect(&mut self, queue: &mut Queue) -> Result<(), QueueError> {
        while let Some(completion) = self.channel.next_done() {
            self.step_done(completion, queue)?;
        }
        self.channel.submit();
        Ok(())
    }
}

impl Worker for BlockWorker {
    fn queue_ready(&mut self, index: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Some(queue) = context.queue(index) else { return Ok(()) };
        while let Some(chain) = queue.pop()? {
            self.take(chain, queue)?;
        }
        self.channel.submit();
        self.collect(queue)?;
        queue.interrupt()
    }

    fn sources(&self) -> Vec<Source> {
        (0..).zip(self.channel.sources()).map(|(token, fd)| Source { token, fd }).collect()
    }

    fn source_ready(&mut self, _token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Some(queue) = context.queue(self.queue) else { return Ok(()) };
        self.collect(queue)?;
        queue.interrupt()
    }

    fn settle(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Some(queue) = context.queue(self.queue) else { return Ok(()) };
        while let Some(completion) = self.channel.wait() {
            self.step_done(completion, queue)?;
        }
        queue.interrupt()
    }

    fn resumed(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Some(queue) = context.queue(self.queue) else { return Ok(()) };
        for number in std::mem::take(&mut self.parked) {
            self.start(number, queue)?;
        }
        self.channel.submit();
        self.collect(queue)?;
        queue.interrupt()
    }

    fn queue_stopped(&mut self, _queue: u16) {
        // Nothing is under way; what waits for the machine to go on, or for a limit, is not wanted any more.
        self.channel.give_up_held();
        self.parked.clear();
        self.free.clear();
        self.requests.clear();
    }
}

/// Gives a chain back with its status. The driver may look at the first `data` bytes of the room for data.
fn answer(
    queue: &mut Queue,
    chain: Chain,
    memory: &GuestMemory,
    status: Status,
    data: u64,
) -> Result<(), QueueError> {
    let room = chain.writable_len().saturating_sub(STATUS_SIZE);
    let mut writer = chain.writer(memory);
    writer.skip(room);
    // The chain was checked to lie in guest memory, which does not shrink: this write cannot fail.
    let _ = writer.write_all(&[status as u8]);
    // A length that reached over bytes left out would declare them written (2.7.8.2).
    let written = if data == room { data + STATUS_SIZE } else { data };
    let written = u32::try_from(written).unwrap_or(u32::MAX);
    match status {
        Status::Ok => queue.complete(chain, written),
        Status::Error | Status::Unsupported => queue.complete_failed(chain, written),
    }
}
