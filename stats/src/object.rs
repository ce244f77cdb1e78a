//! What has statistics, and what a visitor sees of it.

use std::sync::Arc;

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};

use crate::{Descriptor, Descriptors};

/// What counts something.
///
/// Both methods are called by monitors' threads, at any time and by several at once, with no lock of the registry
/// held. They must take no lock that a queue's or vCPU's thread takes, and should not allocate.
pub trait Source: Send + Sync {
    /// What the values mean. The table is always the same one; sources of the same sort share it.
    ///
    /// # Errors
    /// It has to be read from somewhere, and that fails.
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error>;

    /// Puts the values into `values`, those of the first statistic first. There are
    /// [`Descriptors::value_count`] of them; what the slice held before means nothing.
    ///
    /// # Errors
    /// The values cannot be read. A query that wants them fails as a whole.
    fn read(&self, values: &mut [u64]) -> Result<(), Error>;
}

/// Of what and of whom a source's statistics are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Who counts.
    pub provider: StatisticsProvider,
    /// What sort of thing it is.
    pub target: StatisticsTarget,
    /// Its path in the object tree.
    pub path: Option<String>,
    /// Its number, for a queue of the device at `path`.
    pub queue: Option<u16>,
    /// What tells it from others of its sort, if path and queue do not.
    pub name: Option<String>,
}

impl Object {
    /// An object that is the only one of its sort, unless it gets a path, a number or a name.
    pub const fn new(provider: StatisticsProvider, target: StatisticsTarget) -> Self {
        Self { provider, target, path: None, queue: None, name: None }
    }

    /// The same at `path` in the object tree.
    #[must_use]
    pub fn path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// The same for the queue `queue` of the device at the path.
    #[must_use]
    pub fn queue(self, queue: u16) -> Self {
        Self { queue: Some(queue), ..self }
    }

    /// The same, called `name`.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }
}

/// An object with its values, as [`Registry::visit`](crate::Registry::visit) shows it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// A number that no other object of the registry has or will have: what to remember an object by.
    pub id: u64,
    /// Whose statistics they are.
    pub object: &'a Object,
    /// What the values mean.
    pub descriptors: &'a Arc<Descriptors>,
    /// All values, those of the first statistic first, whether they were asked for or not.
    pub values: &'a [u64],
    /// Which statistics were asked for, rising.
    pub(crate) wanted: &'a [usize],
}

/// A statistic and its values.
#[derive(Clone, Copy, Debug)]
pub struct Statistic<'a> {
    /// Its place in [`View::descriptors`].
    pub index: usize,
    /// What it means.
    pub descriptor: &'a Descriptor,
    /// Its values, [`Descriptor::length`] of them: the buckets of a histogram, the first one first.
    pub values: &'a [u64],
}

impl<'a> View<'a> {
    /// The statistics that were asked for, in their order.
    pub fn statistics(self) -> impl DoubleEndedIterator<Item = Statistic<'a>> {
        self.wanted.iter().filter_map(move |&index| {
            let descriptor = self.descriptors.as_slice().get(index)?;
            Some(Statistic { index, descriptor, values: self.values.get(self.descriptors.range(index))? })
        })
    }
}
