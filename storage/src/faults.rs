//! Images that fail when they are told to: a tool for tests of those who use images.

use crate::buffers::Buffers;
use crate::image::{Backing, Blocking, Image};
use crate::request::Operation;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Decides which operations fail, by giving the error number (`errno`) of those that do. It may be changed at any time.
#[derive(Clone, Default)]
pub struct Faults {
    plan: Arc<Mutex<Option<Plan>>>,
}

type Plan = Box<dyn FnMut(Operation) -> Option<i32> + Send>;

impl Faults {
    /// From now on, `plan` is asked before every operation.
    pub fn set(&self, plan: impl FnMut(Operation) -> Option<i32> + Send + 'static) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(plan));
    }

    /// From now on, nothing fails.
    pub fn clear(&self) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn check(&self, operation: Operation) -> io::Result<()> {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = plan.as_mut().and_then(|plan| plan(operation));
        fault.map_or(Ok(()), |number| Err(io::Error::from_raw_os_error(number)))
    }
}

impl Image {
    /// The same image, served by threads, with these faults.
    #[must_use]
    pub fn with_faults(&self, faults: &Faults) -> Self {
        let faulty = Faulty { image: self.backing.blocking(), faults: faults.clone() };
        self.with_backing(Backing::Waiting(Arc::new(faulty)))
    }
}

struct Faulty {
    image: Arc<dyn Blocking>,
    faults: Faults,
}

impl std::fmt::Debug for Faulty {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Faulty").field(&self.image).finish()
    }
}

impl Blocking for Faulty {
    fn read(&self, offset: u64, into: &mut Buffers) -> io::Result<()> {
        self.faults.check(Operation::Read { offset })?;
        self.image.read(offset, into)
    }

    fn write(&self, offset: u64, from: &mut Buffers) -> io::Result<()> {
        self.faults.check(Operation::Write { offset })?;
        self.image.write(offset, from)
    }

    fn flush(&self) -> io::Result<()> {
        self.faults.check(Operation::Flush)?;
        self.image.flush()
    }

    fn allocated(&self) -> Option<u64> {
        self.image.allocated()
    }

    fn discard(&self, offset: u64, length: u64) -> io::Result<()> {
        self.faults.check(Operation::Discard { offset, length })?;
        self.image.discard(offset, length)
    }

    fn write_zeroes(&self, offset: u64, length: u64, may_unmap: bool) -> io::Result<()> {
        self.faults.check(Operation::WriteZeroes { offset, length, may_unmap })?;
        self.image.write_zeroes(offset, length, may_unmap)
    }
}
