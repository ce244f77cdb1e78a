//! The worker of the control queue and the event queue: task management, and what the driver is told of the bus.

use std::io::Write;
use std::os::fd::AsRawFd;
use std::sync::Arc;

use virtio_core::{Chain, Queue, QueueError, RingError, Source, Worker, WorkerContext};
use vmm_sys_util::eventfd::EventFd;

use crate::address::{Address, UnitAddress};
use crate::config::{CONTROL_QUEUE, EVENT_QUEUE};
use crate::control::{Control, ControlResponse, TaskFunction};
use crate::host::Host;
use crate::management::{Progress, Scope, Summons, Tally};
use crate::request::Response;
use crate::target::Attention;
use crate::target::luns::LunBytes;
use crate::units::Found;

/// The one source.
const WAKE: u32 = 0;

/// Lives on a thread of its own and has the control queue and the event queue.
pub(crate) struct ControlWorker {
    pub(crate) host: Arc<Host>,
    /// Readable when there is news of the bus, or progress of task management.
    pub(crate) wake: Arc<EventFd>,
    pub(crate) functions: Vec<Pending>,
}

/// A task management function that waits for the workers of the request queues.
#[derive(Debug)]
pub(crate) struct Pending {
    chain: Chain,
    function: TaskFunction,
    unit: UnitAddress,
    progress: Progress,
}

impl Worker for ControlWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        match queue {
            CONTROL_QUEUE => self.take_control(context),
            _ => self.tell(context),
        }
    }

    fn queue_stopped(&mut self, queue: u16) {
        if queue == CONTROL_QUEUE {
            self.functions.clear();
        }
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: WAKE, fd: self.wake.as_raw_fd() }]
    }

    fn source_ready(&mut self, _: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        // Nothing to read means that it was read before.
        let _ = self.wake.read();
        self.tell(context)?;
        self.finish_functions(context)
    }
}

impl ControlWorker {
    fn take_control(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        while let Some(chain) = context.queue(CONTROL_QUEUE).map_or(Ok(None), Queue::pop)? {
            let control = Control::read(&mut chain.reader(context.memory())).ok().flatten();
            match control {
                Some(Control::Task { function, lun, id }) => {
                    self.start_function(function, lun, id, chain, context)?;
                }
                Some(control @ Control::Notifications { lun }) => {
                    let response =
                        self.addressed(lun).map_or_else(|response| response, |_| ControlResponse::Complete);
                    answer(chain, control.answer_prefix(), response, context)?;
                }
                None => answer(chain, &[], ControlResponse::Failure, context)?,
            }
        }
        context.queue(CONTROL_QUEUE).map_or(Ok(()), Queue::interrupt)
    }

    /// The unit that a request is for, which has to be there.
    fn addressed(&self, lun: LunBytes) -> Result<UnitAddress, ControlResponse> {
        let Some(Address::Unit(unit)) = Address::parse(lun) else { return Err(ControlResponse::BadTarget) };
        match self.host.units.find(unit) {
            Found::Disk(_) => Ok(unit),
            Found::NoUnit => Err(ControlResponse::IncorrectLun),
            Found::NoTarget => Err(ControlResponse::BadTarget),
        }
    }

    /// Asks the workers of the request queues, or answers at once what they cannot know.
    fn start_function(
        &mut self,
        function: Option<TaskFunction>,
        lun: LunBytes,
        id: u64,
        chain: Chain,
        context: &mut WorkerContext,
    ) -> Result<(), QueueError> {
        let refused = match (function, self.addressed(lun)) {
            // No unit keeps an auto contingent allegiance that could be cleared.
            (None | Some(TaskFunction::ClearAca), _) => ControlResponse::Rejected,
            (_, Err(response)) => response,
            (Some(function), Ok(unit)) => {
                let progress = self.summon(function, unit, id);
                self.functions.push(Pending { chain, function, unit, progress });
                return Ok(());
            }
        };
        answer(chain, &[], refused, context)
    }

    fn summon(&self, function: TaskFunction, unit: UnitAddress, id: u64) -> Progress {
        let (lun, id, end_with) = match function {
            TaskFunction::AbortTask => (Some(unit.lun), Some(id), Some(Response::Aborted)),
            TaskFunction::QueryTask => (Some(unit.lun), Some(id), None),
            TaskFunction::AbortTaskSet | TaskFunction::ClearTaskSet => {
                (Some(unit.lun), None, Some(Response::Aborted))
            }
            TaskFunction::QueryTaskSet | TaskFunction::ClearAca => (Some(unit.lun), None, None),
            TaskFunction::UnitReset => (Some(unit.lun), None, Some(Response::Reset)),
            TaskFunction::NexusReset => (None, None, Some(Response::Reset)),
        };
        let (tally, progress) = Tally::new(Arc::clone(&self.wake));
        let scope = Scope { target: unit.target, lun, id };
        self.host.summon(&Summons { scope, end_with, tally });
        progress
    }

    /// Answers the functions that everybody is done with.
    fn finish_functions(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let done = self.functions.extract_if(.., |pending| pending.progress.outcome().is_some());
        for Pending { chain, function, unit, progress } in done {
            let found = progress.outcome().unwrap_or_default();
            let response = match function {
                TaskFunction::QueryTask | TaskFunction::QueryTaskSet if found => ControlResponse::Succeeded,
                _ => ControlResponse::Complete,
            };
            apply(&self.host, function, unit);
            answer(chain, &[], response, context)?;
        }
        context.queue(CONTROL_QUEUE).map_or(Ok(()), Queue::interrupt)
    }

    /// Puts waiting events into the buffers that the driver has made available.
    fn tell(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = Arc::clone(context.memory());
        let Some(queue) = context.queue(EVENT_QUEUE) else { return Ok(()) };
        while self.host.has_event()
            && let Some(chain) = queue.pop()?
        {
            let event = self.host.next_event().unwrap_or_default();
            let mut writer = chain.writer(&memory);
            // What a driver has no room for it does not hear.
            let room = event.len().min(usize::try_from(chain.writable_len()).unwrap_or(usize::MAX));
            // The chain was checked to lie in guest memory, which does not shrink: this write cannot fail.
            let _ = writer.write_all(event.split_at(room).0);
            let written = writer.written();
            queue.complete(chain, written)?;
        }
        queue.interrupt()
    }
}

/// What a function does to the units beside their tasks.
fn apply(host: &Host, function: TaskFunction, unit: UnitAddress) {
    match function {
        TaskFunction::UnitReset => {
            if let Found::Disk(disk) = host.units.find(unit) {
                disk.unit.reset(Attention::UnitReset);
            }
        }
        TaskFunction::NexusReset => {
            host.units.of_target(unit.target).iter().for_each(|disk| disk.unit.reset(Attention::NexusLoss));
        }
        _ => {}
    }
}

/// Gives a request of the control queue back; the caller interrupts.
fn answer(
    chain: Chain,
    prefix: &[u8],
    response: ControlResponse,
    context: &mut WorkerContext,
) -> Result<(), QueueError> {
    let memory = Arc::clone(context.memory());
    let Some(queue) = context.queue(CONTROL_QUEUE) else { return Ok(()) };
    let mut writer = chain.writer(&memory);
    let bytes = [prefix, &[response as u8]].concat();
    if writer.write_all(&bytes).is_err() {
        let (head, length) = (chain.head(), chain.writable_len());
        let wanted = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let error = RingError::TooShort { head, part: "response", length, wanted };
        return Err(QueueError { queue: CONTROL_QUEUE, error });
    }
    let written = writer.written();
    match response {
        ControlResponse::Complete | ControlResponse::Succeeded => queue.complete(chain, written),
        _ => queue.complete_failed(chain, written),
    }
}
