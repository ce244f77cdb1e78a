//! A thread's way to an image.

use crate::GuestMemory;
use crate::buffers::Buffers;
use crate::engine::{self, Done, Engine, EngineKind, Job};
use crate::image::Image;
use crate::request::{Completion, Request};
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use vm_memory::GuestAddress;

/// A thread's own way to an image: requests go in, completions come out in any order. Channels share nothing but the image.
///
/// Requests are started, as many as there are; one [`submit`](Self::submit) lets them all begin, and then
/// [`next_done`](Self::next_done) gives those that are at their end, now and whenever [`source`](Self::source) is readable.
///
/// Dropping it waits until nothing touches guest memory any more.
#[derive(Debug)]
pub struct Channel {
    memory: GuestMemory,
    engine: Box<dyn Engine>,
    done: VecDeque<Done>,
    under_way: usize,
    /// Emptied lists of buffers, to be used again: no allocation for a request in steady state.
    spare: Vec<Buffers>,
}

impl Channel {
    /// A channel between `image` and `memory` that usually has `depth` requests at once. (More are possible.)
    ///
    /// # Errors
    /// The host has no event file descriptor left.
    pub fn new(image: &Image, memory: GuestMemory, depth: u16) -> io::Result<Self> {
        let engine = engine::choose(&image.backing, depth)?;
        Ok(Self { memory, engine, done: VecDeque::new(), under_way: 0, spare: Vec::new() })
    }

    /// How requests are done: what probing has found.
    pub fn engine(&self) -> EngineKind {
        self.engine.kind()
    }

    /// Readable when there are completions; `None` if all requests are done before [`submit`](Self::submit) returns. It
    /// stays the same, and open, for as long as the channel is there.
    pub fn source(&self) -> Option<RawFd> {
        self.engine.source()
    }

    /// Requests that were started and whose completion nobody has taken.
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    /// Starts a request. `buffers` are the pieces of guest memory that a read or write moves, by address and bytes, in
    /// order; other operations have none.
    pub fn start(&mut self, request: Request, buffers: impl IntoIterator<Item = (GuestAddress, u32)>) {
        self.under_way += 1;
        let mut job = Job { request, buffers: self.spare.pop().unwrap_or_default() };
        match job.buffers.set(&self.memory, buffers) {
            Ok(()) => self.engine.start(job, &mut self.done),
            Err(error) => self.done.push_back((job, Err(error))),
        }
    }

    /// Lets everything begin that was started.
    pub fn submit(&mut self) {
        self.engine.submit(&mut self.done);
    }

    /// A request that has come to its end, if there is one.
    pub fn next_done(&mut self) -> Option<Completion> {
        if self.done.is_empty() {
            self.engine.collect(&mut self.done);
        }
        let (Job { request, mut buffers }, result) = self.done.pop_front()?;
        self.under_way -= 1;
        buffers.clear();
        self.spare.push(buffers);
        Some(Completion { tag: request.tag, operation: request.operation, result })
    }

    /// Waits for a request to come to its end. `None` if none is under way.
    pub fn wait(&mut self) -> Option<Completion> {
        self.submit();
        while self.under_way > 0 {
            match self.next_done() {
                None => self.engine.wait(),
                completion => return completion,
            }
        }
        None
    }
}
