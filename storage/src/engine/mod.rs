//! What a channel works with. Which one it is was found out when the channel was made.

mod immediate;
mod ring;
mod threads;

use crate::buffers::Buffers;
use crate::image::{Backing, Blocking};
use crate::request::{Operation, Request};
use immediate::Immediate;
use ring::Ring;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::io;
use std::os::fd::RawFd;
use std::sync::Arc;
use threads::Threads;

/// How the requests of a channel are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// At once: the image never waits.
    Immediate,
    /// By the kernel, through `io_uring`.
    Ring,
    /// By threads that wait: the kernel has no `io_uring` for us, or the image is not one that it knows.
    Threads,
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) buffers: Buffers,
    /// What it is to move, or the length of its range.
    pub(crate) bytes: u64,
    /// When it was taken from the guest, on the clock of the channel's account.
    pub(crate) begun: u64,
}

/// A request at its end.
pub(crate) type Done = (Job, io::Result<()>);

/// Does requests. Whoever drops it waits until nothing is under way any more.
pub(crate) trait Engine: Debug + Send {
    fn kind(&self) -> EngineKind;

    /// Takes a request; it may wait for [`submit`](Self::submit), or be done at once.
    fn start(&mut self, job: Job, done: &mut VecDeque<Done>);

    /// Lets all requests begin that were taken.
    fn submit(&mut self, done: &mut VecDeque<Done>);

    /// Looks what is done.
    fn collect(&mut self, done: &mut VecDeque<Done>);

    /// Returns when something has been done, if anything is under way.
    fn wait(&mut self);

    /// Readable while something is done that was not collected; `None` if that never happens.
    fn source(&self) -> Option<RawFd>;
}

/// The engine for an image, `depth` requests of which are usually under way at once.
pub(crate) fn choose(backing: &Backing, depth: u16) -> io::Result<Box<dyn Engine>> {
    Ok(match backing {
        Backing::Ready(image) => Box::new(Immediate::new(Arc::clone(image))),
        Backing::Waiting(image) => Box::new(Threads::new(Arc::clone(image))?),
        Backing::File(file) => match Ring::new(Arc::clone(file), depth) {
            Ok(ring) => Box::new(ring),
            // Forbidden, limited or too old: whatever it is, threads will do.
            Err(_) => Box::new(Threads::new(backing.blocking())?),
        },
    })
}

impl Job {
    /// Does all of it here and now.
    fn perform(&mut self, image: &dyn Blocking) -> io::Result<()> {
        match self.request.operation {
            Operation::Read { offset } => return image.read(offset, &mut self.buffers),
            Operation::Write { offset } => image.write(offset, &mut self.buffers)?,
            Operation::Flush => return image.flush(),
            Operation::Discard { offset, length } => image.discard(offset, length)?,
            Operation::WriteZeroes { offset, length, may_unmap } => {
                image.write_zeroes(offset, length, may_unmap)?;
            }
        }
        if self.request.stable { image.flush() } else { Ok(()) }
    }
}
