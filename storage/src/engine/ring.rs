//! The kernel's own queue of requests, `io_uring`: a batch goes to it with one system call.
#![allow(unsafe_code, reason = "the kernel works on guest memory after the call has returned")]

use super::{Done, Engine, EngineKind, Job};
use crate::raw::{RawImage, is_unsupported};
use crate::request::Operation;
use io_uring::squeue::Entry;
use io_uring::types::{Fixed, FsyncFlags};
use io_uring::{IoUring, Probe, opcode};
use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;

/// The image's file among those that the ring knows.
const FILE: Fixed = Fixed(0);

pub(super) struct Ring {
    ring: IoUring,
    image: Arc<RawImage>,
    /// Requests by the number that the kernel knows them by.
    slots: Vec<Slot>,
    free: Vec<usize>,
    under_way: usize,
}

#[derive(Debug, Default)]
struct Slot {
    job: Option<Job>,
    /// Bytes moved so far.
    moved: u64,
    /// All is done but for making it stable.
    flushing: bool,
}

impl Ring {
    /// A ring for `depth` requests.
    ///
    /// # Errors
    /// The kernel refuses it, or does not know what we need.
    pub(super) fn new(image: Arc<RawImage>, depth: u16) -> io::Result<Self> {
        let entries = u32::from(depth).next_power_of_two();
        let ring = IoUring::new(entries)?;
        let mut probe = Probe::new();
        ring.submitter().register_probe(&mut probe)?;
        let needed =
            [opcode::Readv::CODE, opcode::Writev::CODE, opcode::Fsync::CODE, opcode::Fallocate::CODE];
        if !needed.into_iter().all(|code| probe.is_supported(code)) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        ring.submitter().register_files(&[image.file().as_raw_fd()])?;
        Ok(Self { ring, image, slots: Vec::new(), free: Vec::new(), under_way: 0 })
    }

    /// Tells the kernel the next thing to do for a slot.
    fn push(&mut self, number: usize) {
        let Some(entry) = self.slots.get(number).and_then(Slot::entry) else { return };
        let entry = entry.user_data(number as u64);
        // SAFETY: the buffers, their list and the memory behind them stay as they are until the completion is taken: the
        // slot keeps the job until then, and dropping the ring waits for it.
        while unsafe { self.ring.submission().push(&entry) }.is_err() {
            // The queue is full: the kernel has to take what is there.
            self.enter(0);
        }
        self.under_way += 1;
    }

    /// Hands the kernel what is queued and waits for so many completions.
    fn enter(&self, wanted: usize) {
        // Interrupted, or no room for completions: what is queued stays so, and goes with the next call.
        let _ = self.ring.submitter().submit_and_wait(wanted);
    }

    /// The kernel has done a step for a slot.
    fn step_done(&mut self, number: usize, result: i32, done: &mut VecDeque<Done>) {
        self.under_way -= 1;
        let Some(slot) = self.slots.get_mut(number) else { return };
        match slot.after(result, &self.image) {
            None => self.push(number),
            Some(result) => {
                done.extend(slot.job.take().map(|job| (job, result)));
                *slot = Slot::default();
                self.free.push(number);
            }
        }
    }
}

impl Slot {
    /// The next thing to do; `None` for an empty slot.
    fn entry(&self) -> Option<Entry> {
        let Job { request, buffers, .. } = self.job.as_ref()?;
        if self.flushing {
            return Some(flush());
        }
        let pieces = buffers.next();
        let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
        Some(match request.operation {
            Operation::Read { offset } => {
                opcode::Readv::new(FILE, pieces.as_ptr(), count).offset(offset + self.moved).build()
            }
            Operation::Write { offset } => {
                opcode::Writev::new(FILE, pieces.as_ptr(), count).offset(offset + self.moved).build()
            }
            Operation::Flush => flush(),
            Operation::Discard { offset, length } => fallocate(libc::FALLOC_FL_PUNCH_HOLE, offset, length),
            Operation::WriteZeroes { offset, length, may_unmap } => {
                let mode = if may_unmap { libc::FALLOC_FL_PUNCH_HOLE } else { libc::FALLOC_FL_ZERO_RANGE };
                fallocate(mode, offset, length)
            }
        })
    }

    /// What the last step has come to: the end of the request, or `None` if there is more to do.
    fn after(&mut self, result: i32, image: &RawImage) -> Option<io::Result<()>> {
        let Some(job) = &mut self.job else { return Some(Ok(())) };
        let moved = match u32::try_from(result) {
            Ok(moved) => moved,
            Err(_) => match io::Error::from_raw_os_error(result.saturating_neg()) {
                error if is_temporary(&error) => return None,
                error if is_unsupported(&error) && !self.flushing => {
                    return Some(without_kernel(job, image, error));
                }
                error => return Some(Err(error)),
            },
        };
        let operation = job.request.operation;
        if !self.flushing && matches!(operation, Operation::Read { .. } | Operation::Write { .. }) {
            if moved == 0 && job.buffers.len() > 0 {
                let read = matches!(operation, Operation::Read { .. });
                let end = if read { io::ErrorKind::UnexpectedEof } else { io::ErrorKind::WriteZero };
                return Some(Err(end.into()));
            }
            self.moved += u64::from(moved);
            job.buffers.advance(usize::try_from(moved).unwrap_or(usize::MAX));
            if job.buffers.len() > 0 {
                return None;
            }
        }
        if job.request.stable && operation.is_write() && operation != Operation::Flush && !self.flushing {
            self.flushing = true;
            return None;
        }
        Some(Ok(()))
    }
}

/// What the file's own file system cannot do is done here, by writing zeroes or by nothing at all.
fn without_kernel(job: &mut Job, image: &RawImage, error: io::Error) -> io::Result<()> {
    match job.request.operation {
        Operation::Discard { .. } | Operation::WriteZeroes { .. } => job.perform(image),
        Operation::Read { .. } | Operation::Write { .. } | Operation::Flush => Err(error),
    }
}

fn flush() -> Entry {
    opcode::Fsync::new(FILE).flags(FsyncFlags::DATASYNC).build()
}

fn fallocate(mode: libc::c_int, offset: u64, length: u64) -> Entry {
    opcode::Fallocate::new(FILE, length).offset(offset).mode(mode | libc::FALLOC_FL_KEEP_SIZE).build()
}

/// To be tried again.
fn is_temporary(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EINTR | libc::EAGAIN))
}

impl Engine for Ring {
    fn kind(&self) -> EngineKind {
        EngineKind::Ring
    }

    fn start(&mut self, job: Job, done: &mut VecDeque<Done>) {
        if is_empty(&job) {
            // The host refuses an empty range, and there is nothing to wait for.
            return done.push_back((job, Ok(())));
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            self.slots.len() - 1
        });
        if let Some(slot) = self.slots.get_mut(number) {
            slot.job = Some(job);
        }
        self.push(number);
    }

    fn submit(&mut self, done: &mut VecDeque<Done>) {
        while !self.ring.submission().is_empty() {
            self.enter(0);
            // Without room for completions nothing is taken.
            self.collect(done);
        }
    }

    fn collect(&mut self, done: &mut VecDeque<Done>) {
        loop {
            let next = self.ring.completion().next();
            let Some(completion) = next else { break };
            let number = usize::try_from(completion.user_data()).unwrap_or(usize::MAX);
            self.step_done(number, completion.result(), done);
        }
        // What follows a step is not to wait for the next request.
        if !self.ring.submission().is_empty() {
            self.enter(0);
        }
    }

    fn wait(&mut self) {
        if self.under_way > 0 {
            self.enter(1);
        }
    }

    fn source(&self) -> Option<RawFd> {
        Some(self.ring.as_raw_fd())
    }
}

/// A transfer of nothing, or a range of no length.
fn is_empty(job: &Job) -> bool {
    match job.request.operation {
        Operation::Read { .. } | Operation::Write { .. } => job.buffers.len() == 0,
        Operation::Flush => false,
        Operation::Discard { length, .. } | Operation::WriteZeroes { length, .. } => length == 0,
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Ring").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // The kernel must not touch the slots' buffers once they are gone.
        let mut done = VecDeque::new();
        while self.under_way > 0 {
            self.wait();
            self.collect(&mut done);
        }
        // A ring goes some time after it is closed, and so would the lock on the file.
        let _ = self.ring.submitter().unregister_files();
    }
}
