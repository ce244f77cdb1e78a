//! The data path: gives pages of the inflate queue and of reports back to the host, and asks for statistics.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use virtio_core::{Chain, GuestMemory, QueueError, Source, Worker, WorkerContext};

use crate::config::{DEFLATE, INFLATE, REPORTS, STATISTICS};
use crate::pages::{Releaser, Run};
use crate::state::BalloonState;
use crate::statistics::MAX_BUFFER;

/// Most page numbers of one request that are looked at: 256 MiB of memory. Pages beyond stay with the guest,
/// which inflating allows; without a limit a driver could keep the device from pausing for as long as 2^30
/// pages take. Linux sends 256 at a time.
const MAX_PAGES: usize = 1 << 16;
/// Bytes of a page frame number.
const NUMBER_SIZE: usize = 4;

/// The only source: it says when to ask for statistics.
const TICK: u32 = 0;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct BalloonWorker {
    state: Arc<BalloonState>,
    releaser: Releaser,
    /// The buffer with the guest's last statistics: given back, it asks for new ones.
    asked_with: Option<Chain>,
}

impl BalloonWorker {
    pub(crate) fn new(state: Arc<BalloonState>, releaser: Releaser) -> Self {
        Self { state, releaser, asked_with: None }
    }

    /// The device has no way to refuse a request, and may do nothing with a page (5.5.6.2), so numbers outside of
    /// memory and a part of a number at the end are passed over: neither harms anybody.
    fn inflate(&mut self, chain: &Chain, memory: &GuestMemory) {
        for_each_run(chain, memory, |run| {
            self.state.released.add(self.releaser.give_up(run, memory));
        });
    }

    /// Most of deflating the host does by itself: it gives the guest a zeroed page when it first touches one.
    fn deflate(&mut self, chain: &Chain, memory: &GuestMemory) {
        for_each_run(chain, memory, |run| self.releaser.take_back(run));
    }

    /// The buffers themselves are the free pages. A guest that finds them filled with something else than it has
    /// filled them with would be right to complain, so these stay as they are (5.5.6.5).
    fn report(&self, chain: &Chain, memory: &GuestMemory) {
        if self.state.poison.load(Relaxed) != 0 {
            return;
        }
        for free in chain.writable() {
            self.state.reported.add(self.releaser.discard(free.address, free.length, memory));
        }
    }

    /// Takes what the guest tells and keeps the buffer.
    fn take_statistics(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = Arc::clone(context.memory());
        let Some(queue) = context.queue(STATISTICS) else { return Ok(()) };
        while let Some(chain) = queue.pop()? {
            let mut buffer = [0; MAX_BUFFER];
            // The chain was checked to lie in guest memory: this read cannot fail.
            let length = chain.reader(&memory).read(&mut buffer).unwrap_or(0);
            self.state.statistics.take(buffer.get(..length).unwrap_or_default());
            // Drivers have one buffer. From one that has more, the latest is kept.
            if let Some(earlier) = self.asked_with.replace(chain) {
                queue.complete(earlier, 0)?;
            }
        }
        queue.interrupt()
    }

    fn ask_for_statistics(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let (Some(queue), Some(chain)) = (context.queue(STATISTICS), self.asked_with.take()) else {
            return Ok(());
        };
        queue.complete(chain, 0)?;
        queue.interrupt()
    }
}

impl Worker for BalloonWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        if queue == STATISTICS {
            return self.take_statistics(context);
        }
        context.serve(queue, |chain, memory| {
            match queue {
                INFLATE => self.inflate(chain, memory),
                DEFLATE => self.deflate(chain, memory),
                _ if REPORTS.contains(&queue) => self.report(chain, memory),
                _ => {}
            }
            Ok(0_u32)
        })
    }

    fn queue_stopped(&mut self, queue: u16) {
        if queue == STATISTICS {
            self.asked_with = None;
        }
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: TICK, fd: self.state.timer_fd() }]
    }

    fn source_ready(&mut self, _: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        if self.state.take_tick() { self.ask_for_statistics(context) } else { Ok(()) }
    }
}

/// Reads the page numbers of a chain, those that follow on each other together.
fn for_each_run(chain: &Chain, memory: &GuestMemory, mut work: impl FnMut(Run)) {
    let mut reader = chain.reader(memory);
    let mut run: Option<Run> = None;
    for _ in 0..MAX_PAGES {
        let mut number = [0; NUMBER_SIZE];
        if reader.read_exact(&mut number).is_err() {
            break;
        }
        let page = u32::from_le_bytes(number);
        if !run.as_mut().is_some_and(|run| run.extend(page)) {
            run.replace(Run::new(page)).into_iter().for_each(&mut work);
        }
    }
    run.into_iter().for_each(work);
}
