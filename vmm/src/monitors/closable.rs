//! Reading from a client in a way that the program's end interrupts.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::sync::Arc;

use crate::wake::{Wake, wait_readable};

/// Reads from `inner`; once the program ends, that is the end of the input.
pub(super) struct Closable<R> {
    inner: R,
    closing: Arc<Wake>,
}

impl<R> Closable<R> {
    pub(super) fn new(inner: R, closing: &Arc<Wake>) -> Self {
        Self { inner, closing: Arc::clone(closing) }
    }
}

impl<R: Read + AsFd> Read for Closable<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match wait_readable([self.inner.as_fd(), self.closing.as_fd()], None)? {
            [_, true] => Ok(0),
            [_, false] => self.inner.read(buffer),
        }
    }
}
