//! The worker of a request queue: takes requests from the ring, has units answer them, and has their images do what they
//! ask for, as many at once as the driver sends.

use std::io;
use std::sync::Arc;

use storage::{Completion, ErrorAction, Operation as ImageOperation, Request as ImageRequest};
use virtio_core::{Chain, GuestMemory, Queue, QueueError, RingError, Source, Worker, WorkerContext};

use crate::answering::{Answering, Buffers, Refusal};
use crate::disk::Disk;
use crate::host::Host;
use crate::lanes::Lanes;
use crate::management::{Inbox, Summons};
use crate::request::{ANSWER_SIZE, Answer, HEADER_SIZE, Request, Response};
use crate::scratch;
use crate::target::sense::Sense;
use crate::target::unit::{ByteRange, Operation};
use crate::tasks::{Data, Task, Tasks};

/// The sources: what the worker of the control queue wants, and requests to images that are done.
const SUMMONS: u32 = 0;
const DONE: u32 = 1;

/// Lives on a thread of its own and has one request queue.
pub(crate) struct RequestWorker {
    queue: u16,
    summons: Inbox,
    answering: Answering,
    lanes: Lanes,
    tasks: Tasks,
    /// Tasks that could not even begin, or that have ended before.
    stillborn: Vec<u64>,
}

/// What has become of a request that was just taken.
enum Begun {
    /// It is answered.
    Answered { chain: Chain, answer: Answer, data: u32, sense_size: u32 },
    /// Its image works on it.
    UnderWay,
}

impl Worker for RequestWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        while let Some(chain) = context.queue(queue).map_or(Ok(None), Queue::pop)? {
            let memory = Arc::clone(context.memory());
            let begun = self.begin(chain, &memory).map_err(|error| QueueError { queue, error })?;
            if let Begun::Answered { chain, answer, data, sense_size } = begun {
                give_back(context, queue, chain, answer, data, sense_size)?;
            }
        }
        self.lanes.submit();
        self.finish_done(context)
    }

    fn settle(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        while let Some(done) = self.lanes.wait() {
            self.one_done(done, context)?;
        }
        context.queue(self.queue).map_or(Ok(()), Queue::interrupt)
    }

    fn resumed(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        for request in self.tasks.take_parked() {
            self.launch(request);
        }
        self.lanes.submit();
        self.finish_done(context)
    }

    fn queue_stopped(&mut self, _: u16) {
        self.lanes.give_up_held();
        self.tasks.clear();
    }

    fn sources(&self) -> Vec<Source> {
        vec![
            Source { token: SUMMONS, fd: self.summons.source() },
            Source { token: DONE, fd: self.lanes.source() },
        ]
    }

    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        if token == DONE {
            return self.finish_done(context);
        }
        let summons: Vec<Summons> = self.summons.take().collect();
        // What the driver has made available before it asked has to be a task, for it may be meant.
        self.queue_ready(self.queue, context)?;
        summons.iter().for_each(|summons| self.tasks.summon(summons));
        self.cancel_held();
        self.lanes.forget_unplugged();
        self.finish_done(context)
    }
}

impl RequestWorker {
    pub(crate) fn new(queue: u16, host: Arc<Host>, summons: Inbox, lanes: Lanes) -> Self {
        let answering = Answering { host, parameters: Vec::new() };
        Self { queue, summons, answering, lanes, tasks: Tasks::default(), stillborn: Vec::new() }
    }

    /// Answers a request, or has its image begin.
    fn begin(&mut self, chain: Chain, memory: &GuestMemory) -> Result<Begun, RingError> {
        let sizes = &self.answering.host.sizes;
        let (sense_size, cdb_size) = (sizes.sense(), sizes.cdb());
        let (answer_size, request_size) =
            (ANSWER_SIZE + u64::from(sense_size), HEADER_SIZE as u64 + u64::from(cdb_size));
        require(&chain, "answer", chain.writable_len(), answer_size)?;
        require(&chain, "request", chain.readable_len(), request_size)?;
        let mut buffers = Buffers { output: chain.reader(memory), input: chain.writer(memory) };
        buffers.input.skip(answer_size);
        // There are as many bytes, and the chain was checked to lie in guest memory: this cannot fail.
        let Ok(request) = Request::read(&mut buffers.output, cdb_size) else {
            let answer = Answer::undelivered(Response::Failure);
            return Ok(Begun::Answered { chain, answer, data: 0, sense_size });
        };
        let mut decided = self.answering.decide(&request, &mut buffers);
        if let Ok(Some((disk, operation))) = &decided {
            let parameters = &self.answering.parameters;
            if let Some(result) = scratch::carry_out(disk, operation, parameters, &mut buffers) {
                decided = result.map(|()| None).map_err(Refusal::Sense);
            }
        }
        let residual = buffers.output.remaining() + buffers.input.remaining();
        let data = buffers.input.written().saturating_sub(u32::try_from(answer_size).unwrap_or(u32::MAX));
        let answer = match decided {
            Ok(Some((disk, operation))) => {
                let task = Task::new(chain, request.id, disk, sense_size);
                let skip = (request_size, answer_size);
                return Ok(self.start(task, &operation, skip, residual));
            }
            Ok(None) => Answer { response: Response::Ok, sense: None, residual },
            Err(Refusal::Sense(sense)) => Answer { response: Response::Ok, sense: Some(sense), residual },
            Err(Refusal::Undelivered(response)) => Answer::undelivered(response),
        };
        Ok(Begun::Answered { chain, answer, data, sense_size })
    }

    /// Has the image begin; `skip` is what stands in front of the driver's data, from the driver and for the driver, and
    /// `room` what of these nobody has looked at.
    fn start(&mut self, mut task: Task, operation: &Operation, skip: (u64, u64), room: u64) -> Begun {
        let (length, stable) = match *operation {
            Operation::Read { length, .. } => (length, false),
            Operation::Write { length, stable, .. } => (length, stable),
            Operation::Unmap { stable, .. } | Operation::WriteZeroes { stable, .. } => (0, stable),
            _ => (0, false),
        };
        let input = matches!(operation, Operation::Read { .. });
        task.data = Data { skip: if input { skip.1 } else { skip.0 }, length, room, input };
        task.left = requests(operation).count();
        if task.left == 0 {
            let (answer, data, sense_size) = (task.answer(), task.written(), task.sense_size);
            return Begun::Answered { chain: task.chain, answer, data, sense_size };
        }
        task.stable = stable;
        let tag = self.tasks.insert(task);
        requests(operation).for_each(|operation| self.launch(ImageRequest { tag, operation, stable }));
        Begun::UnderWay
    }

    /// Gives the image a request of a task.
    fn launch(&mut self, request: ImageRequest) {
        let Some(task) = self.tasks.get(request.tag) else { return };
        let Data { skip, length, input, .. } = task.data;
        let started = match input {
            true => self.lanes.start(&task.disk, request, task.chain.writable_pieces(skip, length.into())),
            false => self.lanes.start(&task.disk, request, task.chain.readable_pieces(skip, length.into())),
        };
        if let Err(error) = started {
            task.left -= 1;
            task.failed = Some(sense_of(&task.disk, request.operation, &error));
            if task.left == 0 {
                self.stillborn.push(request.tag);
            }
        }
    }

    /// What is to end does not wait for a limit first.
    fn cancel_held(&mut self) {
        for (tag, task) in self.tasks.ending() {
            let cancelled = self.lanes.cancel(&task.disk, tag);
            task.left -= cancelled;
            if cancelled > 0 && task.left == 0 {
                self.stillborn.push(tag);
            }
        }
    }

    /// Finishes what is done.
    fn finish_done(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        while let Some(done) = self.lanes.next_done() {
            self.one_done(done, context)?;
        }
        while let Some(tag) = self.stillborn.pop() {
            self.finish_if_done(tag, context)?;
        }
        context.queue(self.queue).map_or(Ok(()), Queue::interrupt)
    }

    fn one_done(&mut self, done: Completion, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Completion { tag, operation, result } = done;
        let place = self.answering.host.place.get();
        let Some(task) = self.tasks.get(tag) else { return Ok(()) };
        if let Err(error) = result {
            match task.disk.action(operation, &error, place) {
                ErrorAction::Stop => {
                    task.parked.push(operation);
                    return Ok(());
                }
                ErrorAction::Ignore => {}
                ErrorAction::Report => task.failed = Some(sense_of(&task.disk, operation, &error)),
            }
        }
        task.left -= 1;
        self.finish_if_done(tag, context)
    }

    fn finish_if_done(&mut self, tag: u64, context: &mut WorkerContext) -> Result<(), QueueError> {
        if self.tasks.get(tag).is_none_or(|task| task.left > 0) {
            return Ok(());
        }
        let Some(task) = self.tasks.remove(tag) else { return Ok(()) };
        let (answer, data, sense_size) = (task.answer(), task.written(), task.sense_size);
        let result = give_back(context, self.queue, task.chain, answer, data, sense_size);
        if task.disk.is_unplugged() {
            drop(task.disk);
            self.lanes.forget_unplugged();
        }
        result
    }
}

/// Gives a chain back with its answer and `data` bytes behind that; the caller interrupts.
fn give_back(
    context: &mut WorkerContext,
    index: u16,
    chain: Chain,
    answer: Answer,
    data: u32,
    sense_size: u32,
) -> Result<(), QueueError> {
    let memory = Arc::clone(context.memory());
    let Some(queue) = context.queue(index) else { return Ok(()) };
    let mut writer = chain.writer(&memory);
    // There is room, and the chain was checked to lie in guest memory, which does not shrink: this cannot fail.
    let _ = answer.write(&mut writer, sense_size);
    let written = writer.written().saturating_add(data);
    match answer {
        Answer { response: Response::Ok, sense: None, .. } => queue.complete(chain, written),
        _ => queue.complete_failed(chain, written),
    }
}

/// What an operation asks of the image.
fn requests(operation: &Operation) -> impl Iterator<Item = ImageOperation> {
    let zero = |range: &ByteRange, may_unmap| ImageOperation::WriteZeroes {
        offset: range.offset,
        length: range.length,
        may_unmap,
    };
    let (one, unmapped) = match operation {
        Operation::Read { length: 0, .. } | Operation::Write { length: 0, .. } => (None, &[][..]),
        Operation::Read { offset, .. } => (Some(ImageOperation::Read { offset: *offset }), &[][..]),
        Operation::Write { offset, .. } => (Some(ImageOperation::Write { offset: *offset }), &[][..]),
        Operation::Flush => (Some(ImageOperation::Flush), &[][..]),
        Operation::WriteZeroes { range, unmap, .. } => (Some(zero(range, *unmap)), &[][..]),
        Operation::Unmap { ranges, .. } => (None, ranges.as_slice()),
        Operation::Verify { .. } | Operation::WriteSame { .. } => (None, &[][..]),
    };
    // Unmapped blocks are to read as zeroes, which a discard does not promise.
    one.into_iter().chain(unmapped.iter().map(move |range| zero(range, true)))
}

/// What the driver is told when the image could not do what was asked of it.
pub(crate) fn sense_of(disk: &Disk, operation: ImageOperation, error: &io::Error) -> Sense {
    let block = |offset: u64| offset / u64::from(disk.unit.geometry().block_size);
    match (error.kind(), operation) {
        (io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, _) => Sense::NO_SPACE,
        (io::ErrorKind::OutOfMemory, _) => Sense::TARGET_FAILURE,
        (_, ImageOperation::Read { offset }) => Sense::READ_ERROR.at(block(offset)),
        (_, ImageOperation::Flush) => Sense::WRITE_ERROR,
        (
            _,
            ImageOperation::Write { offset }
            | ImageOperation::WriteZeroes { offset, .. }
            | ImageOperation::Discard { offset, .. },
        ) => Sense::WRITE_ERROR.at(block(offset)),
    }
}

fn require(chain: &Chain, part: &'static str, length: u64, wanted: u64) -> Result<(), RingError> {
    if length < wanted {
        return Err(RingError::TooShort { head: chain.head(), part, length, wanted });
    }
    Ok(())
}
