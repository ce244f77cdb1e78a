//! Images in QEMU's format qcow2, read and written by the crate `imago`.
//!
//! Its locks are its own and short; it waits for the file, so threads work on it. Data takes a way through a buffer here: imago
//! wants slices, and guest memory, which changes under us, cannot be one.

use crate::buffers::Buffers;
use crate::error::ImageError;
use crate::image::Blocking;
use crate::raw::{allocated, open_locked};
use imago::file::File;
use imago::qcow2::Qcow2;
use imago::{DenyImplicitOpenGate, FormatAccess, FormatDriverBuilder, StorageOpenOptions};
use std::io;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

#[derive(Debug)]
pub(crate) struct Qcow2Image {
    /// Written (in the lock's sense) only by what may move data to other places: a discard.
    access: RwLock<FormatAccess<File>>,
    /// The same file, to ask the host about it.
    file: std::fs::File,
}

impl Qcow2Image {
    /// Opens and locks an image. Gives the size of the disk in it too. What the image refers to besides is refused: whoever has
    /// made it would choose which of the host's files the guest may read.
    pub(crate) fn open(path: &Path, read_only: bool) -> Result<(Self, u64), ImageError> {
        let file = open_locked(path, read_only)?;
        let own = file.try_clone().map_err(|source| ImageError::Open { path: path.to_owned(), source })?;
        let format_error = |source| ImageError::Format { path: path.to_owned(), source };
        let options = StorageOpenOptions::new().filename(path).write(!read_only);
        let file = File::from_open_file(file, options).map_err(format_error)?;
        let image = Qcow2::<File>::builder(file).write(!read_only);
        let image = image.open(DenyImplicitOpenGate::default()).map_err(format_error)?;
        let access = FormatAccess::new(image);
        let size = access.size();
        Ok((Self { access: RwLock::new(access), file: own }, size))
    }

    fn with<T>(&self, work: impl FnOnce(&FormatAccess<File>) -> io::Result<T>) -> io::Result<T> {
        work(&self.access.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A buffer for all that is to be moved.
fn room(buffers: &Buffers) -> io::Result<Vec<u8>> {
    Ok(vec![0; usize::try_from(buffers.len()).map_err(io::Error::other)?])
}

impl Blocking for Qcow2Image {
    fn read(&self, offset: u64, into: &mut Buffers) -> io::Result<()> {
        let mut data = room(into)?;
        self.with(|access| access.read(&mut data, offset))?;
        into.copy_from(&data);
        Ok(())
    }

    fn write(&self, offset: u64, from: &mut Buffers) -> io::Result<()> {
        let mut data = room(from)?;
        from.copy_to(&mut data);
        self.with(|access| access.write(&data, offset))
    }

    fn flush(&self) -> io::Result<()> {
        self.with(|access| {
            access.flush()?;
            access.sync()
        })
    }

    fn allocated(&self) -> Option<u64> {
        allocated(&self.file)
    }

    fn discard(&self, offset: u64, length: u64) -> io::Result<()> {
        let mut access = self.access.write().unwrap_or_else(PoisonError::into_inner);
        match access.discard_to_any(offset, length) {
            // A discard is a hint.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
            result => result,
        }
    }

    fn write_zeroes(&self, offset: u64, length: u64, _may_unmap: bool) -> io::Result<()> {
        self.with(|access| access.write_zeroes(offset, length))
    }
}
