//! The bytes behind the device: a raw image, a host block device, or a scratch disk in memory.
//!
//! All three are a `File`, so there is one code path: the scratch disk is an anonymous memory file (`memfd`),
//! which knows holes as a disk image does.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::{Path, PathBuf};

use rustix::fs::MemfdFlags;
use vmm_sys_util::write_zeroes::{PunchHole, WriteZeroesAt};

/// The unit of every sector number in the protocol, in bytes (virtio 1.3, 5.2.4).
pub const SECTOR_SIZE: u64 = 512;

/// The storage of one block device.
#[derive(Debug)]
pub struct Disk {
    file: File,
    sectors: u64,
    read_only: bool,
}

/// Why a disk cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The path cannot be opened.
    #[error("cannot open disk image '{path}': {source}; a readable (and without readonly=on, writable) file or block device is needed", path = path.display())]
    Open {
        /// The path as it was given.
        path: PathBuf,
        /// What the host said.
        source: io::Error,
    },
    /// The path is a directory, socket, terminal or the like.
    #[error("disk image '{path}' is neither a regular file nor a block device", path = path.display())]
    NotADisk {
        /// The path as it was given.
        path: PathBuf,
    },
    /// Another process (or another device of this one) has the image open in a way that excludes this one.
    #[error("disk image '{path}' is in use by another machine or device; readonly=on may be shared among readers", path = path.display())]
    InUse {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The size cannot be presented to a guest without losing bytes.
    #[error("disk size {size} is not a whole number of {SECTOR_SIZE}-byte sectors")]
    PartialSector {
        /// The size in bytes.
        size: u64,
    },
    /// The host refused memory for the scratch disk.
    #[error("cannot create a scratch disk of {size} bytes: {source}")]
    Scratch {
        /// The size in bytes.
        size: u64,
        /// What the host said.
        source: io::Error,
    },
}

impl Disk {
    /// Opens a raw image or a host block device and locks it against other users: a writer excludes
    /// everybody, readers share.
    ///
    /// # Errors
    ///
    /// Any [`DiskError`] but [`DiskError::Scratch`].
    pub fn open(path: &Path, read_only: bool) -> Result<Self, DiskError> {
        let open_error = |source| DiskError::Open { path: path.to_owned(), source };
        // Looked at before it is opened: opening a FIFO or a terminal could block.
        let kind = std::fs::metadata(path).map_err(open_error)?.file_type();
        if !kind.is_file() && !kind.is_block_device() {
            return Err(DiskError::NotADisk { path: path.to_owned() });
        }
        let mut file = OpenOptions::new().read(true).write(!read_only).open(path).map_err(open_error)?;
        let locked = if read_only { file.try_lock_shared() } else { file.try_lock() };
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DiskError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(open_error(source)),
        }
        // Metadata says 0 for a block device; the end position is right for both.
        let size = file.seek(SeekFrom::End(0)).map_err(open_error)?;
        Self::from_file(file, size, read_only)
    }

    /// Creates an empty disk of `size` bytes that lives in memory and is lost with the machine. Only written
    /// parts take memory.
    ///
    /// # Errors
    ///
    /// [`DiskError::Scratch`] or [`DiskError::PartialSector`].
    pub fn scratch(size: u64) -> Result<Self, DiskError> {
        let scratch_error = |source| DiskError::Scratch { size, source };
        let memory = rustix::fs::memfd_create("scratch-disk", MemfdFlags::CLOEXEC);
        let file = File::from(memory.map_err(|error| scratch_error(error.into()))?);
        file.set_len(size).map_err(scratch_error)?;
        Self::from_file(file, size, false)
    }

    fn from_file(file: File, size: u64, read_only: bool) -> Result<Self, DiskError> {
        if !size.is_multiple_of(SECTOR_SIZE) {
            return Err(DiskError::PartialSector { size });
        }
        Ok(Self { file, sectors: size / SECTOR_SIZE, read_only })
    }

    /// A second handle to the same bytes, for the worker.
    ///
    /// # Errors
    ///
    /// What the host says when it has no file descriptor left.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, ..*self })
    }

    /// Size of the disk in sectors of [`SECTOR_SIZE`].
    pub fn sectors(&self) -> u64 {
        self.sectors
    }

    /// Whether writes are refused.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Fills `data` from byte `offset` on.
    pub(crate) fn read_at(&self, offset: u64, data: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(data, offset)
    }

    /// Writes `data` from byte `offset` on.
    pub(crate) fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write_all_at(data, offset)
    }

    /// Returns when everything written is on stable storage.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives the range's storage back to the host if that is possible; what a read returns afterwards is
    /// undefined.
    pub(crate) fn discard(&mut self, offset: u64, length: u64) -> io::Result<()> {
        if length == 0 {
            // The host refuses an empty range, the specification does not.
            return Ok(());
        }
        match self.file.punch_hole(offset, length) {
            // A discard is a hint (5.2.6.2: the device MAY deallocate): a file system without holes is no
            // failure.
            Err(error) if error.raw_os_error() == Some(libc::EOPNOTSUPP) => Ok(()),
            result => result,
        }
    }

    /// Makes the range read as zeroes; with `unmap` its storage may be given back to the host.
    pub(crate) fn write_zeroes(&mut self, offset: u64, length: usize, unmap: bool) -> io::Result<()> {
        if unmap && self.file.punch_hole(offset, u64::try_from(length).unwrap_or(u64::MAX)).is_ok() {
            return Ok(());
        }
        self.file.write_all_zeroes_at(offset, length)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn image(size: u64) -> tempfile::NamedTempFile {
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(size).unwrap();
        image
    }

    #[test]
    fn image_and_scratch_disk_keep_what_is_written() {
        let image = image(8 * SECTOR_SIZE);
        for disk in [Disk::open(image.path(), false).unwrap(), Disk::scratch(8 * SECTOR_SIZE).unwrap()] {
            assert_eq!(disk.sectors(), 8);
            disk.write_at(1000, b"across the end of a sector").unwrap();
            let mut data = [0xff; 30];
            disk.read_at(998, &mut data).unwrap();
            assert_eq!(&data, b"\0\0across the end of a sector\0\0");
            disk.flush().unwrap();
        }
    }

    #[test]
    fn zeroes_replace_data_with_and_without_unmap() {
        let image = image(1 << 20);
        for mut disk in [Disk::open(image.path(), false).unwrap(), Disk::scratch(1 << 20).unwrap()] {
            for unmap in [false, true] {
                disk.write_at(0, &vec![0xaa; 1 << 20]).unwrap();
                disk.write_zeroes(4096, 512 << 10, unmap).unwrap();
                let mut data = vec![1; 1 << 20];
                disk.read_at(0, &mut data).unwrap();
                let zeroes = 4096..4096 + (512 << 10);
                assert!(
                    data.iter()
                        .enumerate()
                        .all(|(at, &byte)| byte == if zeroes.contains(&at) { 0 } else { 0xaa })
                );
            }
        }
    }

    #[test]
    fn discard_gives_scratch_memory_back() {
        let mut disk = Disk::scratch(1 << 20).unwrap();
        disk.write_at(0, &vec![1; 1 << 20]).unwrap();
        let blocks = disk.file.metadata().unwrap().blocks();
        disk.discard(0, 1 << 20).unwrap();
        assert!(blocks > 0);
        assert_eq!(disk.file.metadata().unwrap().blocks(), 0);
    }

    #[test]
    fn a_writer_excludes_others_and_readers_share() {
        let image = image(512);
        let writer = Disk::open(image.path(), false).unwrap();
        assert!(matches!(Disk::open(image.path(), false), Err(DiskError::InUse { .. })));
        assert!(matches!(Disk::open(image.path(), true), Err(DiskError::InUse { .. })));
        drop(writer);
        let _first = Disk::open(image.path(), true).unwrap();
        let _second = Disk::open(image.path(), true).unwrap();
        assert!(matches!(Disk::open(image.path(), false), Err(DiskError::InUse { .. })));
    }

    #[test]
    fn errors_name_the_image_and_what_is_wrong() {
        let message = |result: Result<Disk, DiskError>| result.unwrap_err().to_string();
        insta::assert_snapshot!(message(Disk::open(Path::new("/nonexistent/disk.img"), false)), @"cannot open disk image '/nonexistent/disk.img': No such file or directory (os error 2); a readable (and without readonly=on, writable) file or block device is needed");
        insta::assert_snapshot!(message(Disk::open(Path::new("/"), true)), @"disk image '/' is neither a regular file nor a block device");
        insta::assert_snapshot!(message(Disk::open(Path::new("/dev/null"), true)), @"disk image '/dev/null' is neither a regular file nor a block device");
        insta::assert_snapshot!(message(Disk::open(image(513).path(), false)), @"disk size 513 is not a whole number of 512-byte sectors");
        assert!(matches!(Disk::scratch(u64::MAX / 512 * 512), Err(DiskError::Scratch { .. })));
    }
}
