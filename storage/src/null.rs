//! An image that holds nothing.

use crate::buffers::Buffers;
use crate::image::Blocking;
use std::io;

/// Takes everything and gives nothing: a read leaves the buffers as they are. For measuring what stands before it.
#[derive(Debug)]
pub(crate) struct NullImage;

impl Blocking for NullImage {
    fn read(&self, _offset: u64, _into: &mut Buffers) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, _offset: u64, _from: &mut Buffers) -> io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }

    fn discard(&self, _offset: u64, _length: u64) -> io::Result<()> {
        Ok(())
    }

    fn write_zeroes(&self, _offset: u64, _length: u64, _may_unmap: bool) -> io::Result<()> {
        Ok(())
    }
}
