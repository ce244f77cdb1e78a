//! Files whose bytes are the disk's: images, host block devices, anonymous memory.
#![allow(unsafe_code, reason = "the kernel reads and writes guest memory")]

use crate::buffers::Buffers;
use crate::error::ImageError;
use crate::image::Blocking;
use rustix::fs::{FallocateFlags, MemfdFlags, fallocate};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;
use vmm_sys_util::write_zeroes::WriteZeroesAt;

/// A file of raw bytes.
#[derive(Debug)]
pub(crate) struct RawImage {
    file: File,
}

impl RawImage {
    /// Opens a file and locks it against other users: a writer excludes everybody, readers share. Gives its size too.
    pub(crate) fn open(path: &Path, read_only: bool) -> Result<(Self, u64), ImageError> {
        let image = Self { file: open_locked(path, read_only)? };
        let size = image.size().map_err(|source| ImageError::Open { path: path.to_owned(), source })?;
        Ok((image, size))
    }

    /// Bytes that it has now.
    pub(crate) fn size(&self) -> io::Result<u64> {
        // Metadata says 0 for a block device; the end position is right for both, and nobody else uses the position.
        (&self.file).seek(SeekFrom::End(0))
    }

    /// An anonymous file in memory, which is lost with the last one who has it. Only written parts take memory.
    pub(crate) fn anonymous(size: u64) -> io::Result<Self> {
        let file = File::from(rustix::fs::memfd_create("scratch-disk", MemfdFlags::CLOEXEC)?);
        file.set_len(size)?;
        Ok(Self { file })
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Moves all of the buffers by a system call that moves a part and says how much.
    fn transfer(
        &self,
        offset: u64,
        buffers: &mut Buffers,
        call: unsafe extern "C" fn(
            libc::c_int,
            *const libc::iovec,
            libc::c_int,
            libc::off_t,
        ) -> libc::ssize_t,
        at_end: io::ErrorKind,
    ) -> io::Result<()> {
        let mut offset = offset;
        while buffers.len() > 0 {
            let pieces = buffers.next();
            let count = libc::c_int::try_from(pieces.len()).map_err(io::Error::other)?;
            let position = libc::off_t::try_from(offset).map_err(io::Error::other)?;
            // SAFETY: the pieces lie in guest memory, which `buffers` keeps mapped.
            let moved = unsafe { call(self.file.as_raw_fd(), pieces.as_ptr(), count, position) };
            match usize::try_from(moved) {
                Ok(0) => return Err(at_end.into()),
                Ok(moved) => {
                    buffers.advance(moved);
                    offset += moved as u64;
                }
                Err(_) => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        }
        Ok(())
    }
}

impl Blocking for RawImage {
    fn read(&self, offset: u64, into: &mut Buffers) -> io::Result<()> {
        self.transfer(offset, into, libc::preadv, io::ErrorKind::UnexpectedEof)
    }

    fn write(&self, offset: u64, from: &mut Buffers) -> io::Result<()> {
        self.transfer(offset, from, libc::pwritev, io::ErrorKind::WriteZero)
    }

    fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn discard(&self, offset: u64, length: u64) -> io::Result<()> {
        as_hint(punch_hole(&self.file, offset, length))
    }

    fn allocated(&self) -> Option<u64> {
        allocated(&self.file)
    }

    fn write_zeroes(&self, offset: u64, length: u64, may_unmap: bool) -> io::Result<()> {
        if may_unmap && punch_hole(&self.file, offset, length).is_ok() {
            return Ok(());
        }
        let length = usize::try_from(length).map_err(io::Error::other)?;
        // Without the system call for it, this writes the zeroes.
        self.file.try_clone()?.write_all_zeroes_at(offset, length)
    }
}

/// Bytes that a file takes on the host, if the host says.
pub(crate) fn allocated(file: &File) -> Option<u64> {
    file.metadata().ok()?.blocks().checked_mul(512)
}

/// A discard is a hint: a file system without holes is no failure.
pub(crate) fn as_hint(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| if is_unsupported(&error) { Ok(()) } else { Err(error) })
}

/// Whether the host cannot do this with the file at all.
pub(crate) fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EOPNOTSUPP | libc::ENOSYS))
}

fn punch_hole(file: &File, offset: u64, length: u64) -> io::Result<()> {
    if length == 0 {
        // The host refuses an empty range.
        return Ok(());
    }
    Ok(fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, offset, length)?)
}

/// Opens a regular file or block device and locks it.
pub(crate) fn open_locked(path: &Path, read_only: bool) -> Result<File, ImageError> {
    let open_error = |source| ImageError::Open { path: path.to_owned(), source };
    // Looked at before it is opened: opening a FIFO or a terminal could block.
    let kind = std::fs::metadata(path).map_err(open_error)?.file_type();
    if !kind.is_file() && !kind.is_block_device() {
        return Err(ImageError::NotADisk { path: path.to_owned() });
    }
    let file = OpenOptions::new().read(true).write(!read_only).open(path).map_err(open_error)?;
    let locked = if read_only { file.try_lock_shared() } else { file.try_lock() };
    match locked {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ImageError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(open_error(source)),
    }
}
