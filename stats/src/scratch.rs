//! Memory that each thread keeps between queries, so that a query allocates nothing but its reply.

use std::cell::Cell;

/// What has grown beyond this many bytes is given back.
const KEPT_BYTES: usize = 1 << 20;

/// Buffers of a query.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// An object's values.
    pub(crate) values: Vec<u64>,
    /// Which statistics of an object are wanted.
    pub(crate) wanted: Vec<usize>,
    /// For each statistic of an object, whether it was found to be wanted.
    pub(crate) marked: Vec<bool>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> =
        const { Cell::new(Scratch { values: Vec::new(), wanted: Vec::new(), marked: Vec::new() }) };
}

/// Calls `work` with this thread's buffers. A call within a call gets new ones.
pub(crate) fn with<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    let mut scratch = SCRATCH.take();
    let result = work(&mut scratch);
    let words = scratch.values.capacity() + scratch.wanted.capacity();
    if words * size_of::<u64>() <= KEPT_BYTES {
        SCRATCH.set(scratch);
    }
    result
}
