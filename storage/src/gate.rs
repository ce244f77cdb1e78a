//! What limits hold back on its way to an image.

use crate::engine::Job;
use crate::request::Operation;
use rate_limits::{Direction, Limiter, Wait, Waiter};
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use std::sync::Arc;

/// The requests of one channel that wait for a limit, in order in each direction. Nobody touches their buffers meanwhile.
#[derive(Debug)]
pub(crate) struct Gate {
    waiter: Waiter,
    /// Whether anything is held back; what is not counts all the same.
    holds: bool,
    reads: VecDeque<Held>,
    writes: VecDeque<Held>,
}

#[derive(Debug)]
struct Held {
    job: Job,
    /// Ends the count of its time.
    _wait: Wait,
}

impl Gate {
    pub(crate) fn new(limiter: &Arc<Limiter>, holds: bool) -> io::Result<Self> {
        Ok(Self { waiter: limiter.waiter()?, holds, reads: VecDeque::new(), writes: VecDeque::new() })
    }

    /// Readable when something that is held back may go on.
    pub(crate) fn source(&self) -> RawFd {
        self.waiter.source()
    }

    /// Whether there may be something to [release](Self::release).
    pub(crate) fn is_set(&self) -> bool {
        self.waiter.is_set()
    }

    /// How many are held back.
    pub(crate) fn len(&self) -> usize {
        self.reads.len() + self.writes.len()
    }

    /// Gives the job back if it may go on; keeps it if not.
    pub(crate) fn admit(&mut self, job: Job) -> Option<Job> {
        let Some((direction, bytes)) = cost(&job) else { return Some(job) };
        let Self { waiter, holds, reads, writes } = self;
        if !*holds {
            waiter.charge(direction, bytes);
            return Some(job);
        }
        let held = match direction {
            Direction::ToGuest => reads,
            Direction::FromGuest => writes,
        };
        if held.is_empty() && waiter.pass(direction, bytes) {
            return Some(job);
        }
        held.push_back(Held { job, _wait: waiter.hold() });
        None
    }

    /// The next job that may go on by now. Whoever begins to ask [puts the alarm off](Self::put_off) first.
    pub(crate) fn release(&mut self) -> Option<Job> {
        let Self { waiter, reads, writes, .. } = self;
        [reads, writes].into_iter().find_map(|held| {
            let (direction, bytes) = cost(&held.front()?.job)?;
            if waiter.pass(direction, bytes) { held.pop_front().map(|held| held.job) } else { None }
        })
    }

    pub(crate) fn put_off(&self) {
        self.waiter.put_off();
    }

    /// A job with this tag that is held back, which it is no longer.
    pub(crate) fn cancel(&mut self, tag: u64) -> Option<Job> {
        [&mut self.reads, &mut self.writes].into_iter().find_map(|held| {
            let place = held.iter().position(|held| held.job.request.tag == tag)?;
            held.remove(place).map(|held| held.job)
        })
    }

    /// Any job that is held back, which it is no longer.
    pub(crate) fn give_up(&mut self) -> Option<Job> {
        self.reads.pop_front().or_else(|| self.writes.pop_front()).map(|held| held.job)
    }
}

/// What a job counts as; a flush moves nothing and is never held back.
fn cost(job: &Job) -> Option<(Direction, u64)> {
    match job.request.operation {
        Operation::Read { .. } => Some((Direction::ToGuest, job.bytes)),
        Operation::Write { .. } | Operation::WriteZeroes { .. } => Some((Direction::FromGuest, job.bytes)),
        Operation::Discard { .. } => Some((Direction::FromGuest, 0)),
        Operation::Flush => None,
    }
}
