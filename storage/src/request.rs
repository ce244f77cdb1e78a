//! What is asked of an image, and what has come of it.

use std::io;

/// What is to be done. Offsets and lengths are bytes, and lie within the image: whoever asks has seen to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Fill the buffers from here on.
    Read {
        /// Where the first byte comes from.
        offset: u64,
    },
    /// Write what stands in the buffers from here on.
    Write {
        /// Where the first byte goes.
        offset: u64,
    },
    /// All that was written is to be on stable storage.
    Flush,
    /// The range is not needed any more: its storage may be given back, and what it reads as afterwards is not said. An image
    /// that cannot do that does nothing.
    Discard {
        /// Where the range begins.
        offset: u64,
        /// How long it is.
        length: u64,
    },
    /// The range is to read as zeroes.
    WriteZeroes {
        /// Where the range begins.
        offset: u64,
        /// How long it is.
        length: u64,
        /// Whether its storage may be given back.
        may_unmap: bool,
    },
}

impl Operation {
    /// Whether this changes what the image holds. A flush counts: what it loses was written.
    pub fn is_write(self) -> bool {
        !matches!(self, Self::Read { .. })
    }
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// What the one who asks knows it by.
    pub tag: u64,
    /// What is to be done.
    pub operation: Operation,
    /// Whether what it changes is to be on stable storage before it counts as done.
    pub stable: bool,
}

/// A request that has come to its end.
#[derive(Debug)]
pub struct Completion {
    /// As in the [`Request`].
    pub tag: u64,
    /// What the request was.
    pub operation: Operation,
    /// Whether it was done. Of a transfer that failed, any part may have been.
    pub result: io::Result<()>,
}
