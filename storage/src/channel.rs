//! A thread's way to an image.

use crate::GuestMemory;
use crate::accounts::{Account, Accounts, RequestKind};
use crate::buffers::Buffers;
use crate::engine::{self, Done, Engine, EngineKind, Job};
use crate::gate::Gate;
use crate::image::Image;
use crate::request::{Completion, Operation, Request};
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use std::sync::Arc;
use vm_memory::GuestAddress;

/// A thread's own way to an image: requests go in, completions come out in any order. Channels share nothing but the image.
///
/// Requests are started, as many as there are; one [`submit`](Self::submit) lets them all begin, and then
/// [`next_done`](Self::next_done) gives those that are at their end, now and whenever one of the [`sources`](Self::sources) is
/// readable. What the image's limits hold back is started when they allow it; nobody waits for that.
///
/// Dropping it waits until nothing touches guest memory any more; what is held back is given up.
#[derive(Debug)]
pub struct Channel {
    memory: GuestMemory,
    engine: Box<dyn Engine>,
    done: VecDeque<Done>,
    /// Requests that nobody has taken back, those at the gate included.
    under_way: usize,
    gate: Gate,
    accounts: Arc<Accounts>,
    account: Arc<Account>,
    /// When the completions that are being taken were seen, if there are any.
    seen: Option<u64>,
    /// Emptied lists of buffers, to be used again: no allocation for a request in steady state.
    spare: Vec<Buffers>,
}

impl Channel {
    /// A channel between `image` and `memory` that usually has `depth` requests at once. (More are possible.)
    ///
    /// # Errors
    /// The host has no event file descriptor left.
    pub fn new(image: &Image, memory: GuestMemory, depth: u16) -> io::Result<Self> {
        Self::with_gate(image, memory, depth, Gate::new(image.limiter(), true)?)
    }

    /// As [`new`](Self::new), for somebody who [waits](Self::wait) for each request: limits do not hold these back, but what
    /// they use others wait for.
    ///
    /// # Errors
    /// As those of [`new`](Self::new).
    pub fn never_held_back(image: &Image, memory: GuestMemory, depth: u16) -> io::Result<Self> {
        Self::with_gate(image, memory, depth, Gate::new(image.limiter(), false)?)
    }

    fn with_gate(image: &Image, memory: GuestMemory, depth: u16, gate: Gate) -> io::Result<Self> {
        let engine = engine::choose(&image.backing, depth)?;
        let accounts = Arc::clone(image.accounts());
        let (done, spare, account) = (VecDeque::new(), Vec::new(), accounts.open());
        Ok(Self { memory, engine, done, under_way: 0, gate, accounts, account, seen: None, spare })
    }

    /// How requests are done: what probing has found.
    pub fn engine(&self) -> EngineKind {
        self.engine.kind()
    }

    /// One of them is readable when there are completions. They stay the same, and open, for as long as the channel is there.
    pub fn sources(&self) -> impl Iterator<Item = RawFd> + use<> {
        self.engine.source().into_iter().chain([self.gate.source()])
    }

    /// Requests that were started and whose completion nobody has taken.
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    /// Starts a request. `buffers` are the pieces of guest memory that a read or write moves, by address and bytes, in
    /// order; other operations have none.
    pub fn start(&mut self, request: Request, buffers: impl IntoIterator<Item = (GuestAddress, u32)>) {
        self.under_way += 1;
        let buffers_of_job = self.spare.pop().unwrap_or_default();
        let mut job = Job { request, buffers: buffers_of_job, bytes: 0, begun: self.account.now() };
        match job.buffers.set(&self.memory, buffers) {
            Ok(()) => {
                job.bytes = match request.operation {
                    Operation::Discard { length, .. } | Operation::WriteZeroes { length, .. } => length,
                    Operation::Read { .. } | Operation::Write { .. } | Operation::Flush => job.buffers.len(),
                };
                if let Some(job) = self.gate.admit(job) {
                    self.engine.start(job, &mut self.done);
                }
            }
            Err(error) => self.done.push_back((job, Err(error))),
        }
    }

    /// Lets everything begin that was started, as far as the limits allow.
    pub fn submit(&mut self) {
        self.engine.submit(&mut self.done);
    }

    /// A request that has come to its end, if there is one.
    pub fn next_done(&mut self) -> Option<Completion> {
        if self.done.is_empty() {
            self.release();
            self.engine.collect(&mut self.done);
            self.seen = None;
        }
        let (job, result) = self.done.pop_front()?;
        // One look at the clock is enough for all that come at once.
        let seen = *self.seen.get_or_insert_with(|| self.account.now());
        let Request { tag, operation, .. } = job.request;
        self.account.ended(operation, job.bytes, (job.begun, seen), &result);
        self.put_away(job);
        Some(Completion { tag, operation, result })
    }

    /// Waits for a request to come to its end. `None` if none is under way, but for what is held back.
    pub fn wait(&mut self) -> Option<Completion> {
        self.submit();
        while self.under_way > self.gate.len() {
            match self.next_done() {
                None => self.engine.wait(),
                completion => return completion,
            }
        }
        None
    }

    /// Gives up what is held back of the requests with this tag, and says how many these were. They have no completion.
    pub fn cancel(&mut self, tag: u64) -> usize {
        let before = self.gate.len();
        while let Some(job) = self.gate.cancel(tag) {
            self.put_away(job);
        }
        before - self.gate.len()
    }

    /// Gives up all that is held back: nobody waits for it any more.
    pub fn give_up_held(&mut self) {
        while let Some(job) = self.gate.give_up() {
            self.put_away(job);
        }
        self.gate.put_off();
    }

    /// Counts a request of the guest that broke the rules, and so never came here.
    pub fn count_refused(&self, kind: RequestKind) {
        self.account.refused(kind);
    }

    /// Starts what was held back and may go on.
    fn release(&mut self) {
        if !self.gate.is_set() {
            return;
        }
        self.gate.put_off();
        while let Some(job) = self.gate.release() {
            self.engine.start(job, &mut self.done);
        }
        self.engine.submit(&mut self.done);
    }

    /// The request is no longer ours; its list of buffers is.
    fn put_away(&mut self, job: Job) {
        self.under_way -= 1;
        let mut buffers = job.buffers;
        buffers.clear();
        self.spare.push(buffers);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.accounts.close(&self.account);
    }
}
