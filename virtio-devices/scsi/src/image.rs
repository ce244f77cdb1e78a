//! The bytes behind a disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::Path;

use rustix::fs::{FallocateFlags, MemfdFlags, fallocate, memfd_create};

/// A raw image, a host block device, or memory.
#[derive(Debug)]
pub(crate) struct Image {
    file: File,
    pub(crate) read_only: bool,
}

impl Image {
    pub(crate) fn open(path: &Path, read_only: bool) -> io::Result<Self> {
        let kind = std::fs::metadata(path)?.file_type();
        if !kind.is_file() && !kind.is_block_device() {
            return Err(io::Error::other("it is neither a regular file nor a block device"));
        }
        let file = OpenOptions::new().read(true).write(!read_only).open(path)?;
        let locked = if read_only { file.try_lock_shared() } else { file.try_lock() };
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::Error::other("it is in use")),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        Ok(Self { file, read_only })
    }

    pub(crate) fn scratch(size: u64) -> io::Result<Self> {
        let file = File::from(memfd_create("scratch-disk", MemfdFlags::CLOEXEC)?);
        file.set_len(size)?;
        Ok(Self { file, read_only: false })
    }

    /// Bytes that it has now.
    pub(crate) fn size(&self) -> io::Result<u64> {
        // Metadata says 0 for a block device; the end position is right for both.
        (&self.file).seek(SeekFrom::End(0))
    }

    pub(crate) fn read(&self, offset: u64, data: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(data, offset)
    }

    pub(crate) fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write_all_at(data, offset)
    }

    pub(crate) fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    pub(crate) fn zero(&self, offset: u64, length: u64, unmap: bool) -> io::Result<()> {
        let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        if unmap && fallocate(&self.file, hole, offset, length).is_ok() {
            return Ok(());
        }
        let zeroes = [0; 4096];
        let mut at = offset;
        while at < offset + length {
            let part = usize::try_from(offset + length - at).unwrap_or(usize::MAX).min(zeroes.len());
            self.write(at, zeroes.split_at(part).0)?;
            at += part as u64;
        }
        Ok(())
    }
}
