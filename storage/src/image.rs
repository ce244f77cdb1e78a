//! An image, whatever holds its bytes.

use crate::buffers::Buffers;
use crate::error::ImageError;
use crate::null::NullImage;
use crate::qcow2::Qcow2Image;
use crate::raw::RawImage;
use std::fmt::Debug;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The unit of sizes, in bytes: a disk is made of whole sectors.
pub const SECTOR_SIZE: u64 = 512;

/// What a disk's bytes are. Copies are cheap and stand for the same bytes; any number of [`Channel`](crate::Channel)s may
/// work on one image.
#[derive(Clone, Debug)]
pub struct Image {
    pub(crate) backing: Backing,
    size: u64,
    read_only: bool,
}

/// How the bytes of an image are come by.
#[derive(Clone, Debug)]
pub(crate) enum Backing {
    /// The kernel can be asked for them and told to go on by itself.
    File(Arc<RawImage>),
    /// They are there at once: nobody need wait.
    Ready(Arc<dyn Blocking>),
    /// Whoever wants them has to wait.
    Waiting(Arc<dyn Blocking>),
}

/// What can be done with an image by somebody who has time. Whole buffers are moved, or it is an error.
pub(crate) trait Blocking: Debug + Send + Sync {
    fn read(&self, offset: u64, into: &mut Buffers) -> io::Result<()>;
    fn write(&self, offset: u64, from: &mut Buffers) -> io::Result<()>;
    fn flush(&self) -> io::Result<()>;
    fn discard(&self, offset: u64, length: u64) -> io::Result<()>;
    fn write_zeroes(&self, offset: u64, length: u64, may_unmap: bool) -> io::Result<()>;
}

impl Image {
    /// Opens a raw image or a host block device and locks it against other users: a writer excludes everybody, readers
    /// share.
    ///
    /// # Errors
    /// The file cannot be opened, is no disk, is in use, or has a size that is not whole sectors.
    pub fn open(path: &Path, read_only: bool) -> Result<Self, ImageError> {
        let (image, size) = RawImage::open(path, read_only)?;
        Self::new(Backing::File(Arc::new(image)), size, read_only)
    }

    /// Opens a qcow2 image, and locks it as [`open`](Self::open) does. It has to stand alone: backing files and external
    /// data are refused.
    ///
    /// # Errors
    /// As [`open`](Self::open), and if it is no such image.
    pub fn open_qcow2(path: &Path, read_only: bool) -> Result<Self, ImageError> {
        let (image, size) = Qcow2Image::open(path, read_only)?;
        Self::new(Backing::Waiting(Arc::new(image)), size, read_only)
    }

    /// An empty disk of `size` bytes in memory, lost with its last user. Only written parts take memory.
    ///
    /// # Errors
    /// The host refuses the memory, or the size is not whole sectors.
    pub fn scratch(size: u64) -> Result<Self, ImageError> {
        let image = RawImage::anonymous(size).map_err(|source| ImageError::Scratch { size, source })?;
        Self::new(Backing::Ready(Arc::new(image)), size, false)
    }

    /// A disk of `size` bytes that forgets what is written and leaves buffers that are read into as they are: for measuring.
    ///
    /// # Errors
    /// The size is not whole sectors.
    pub fn null(size: u64) -> Result<Self, ImageError> {
        Self::new(Backing::Ready(Arc::new(NullImage)), size, false)
    }

    fn new(backing: Backing, size: u64, read_only: bool) -> Result<Self, ImageError> {
        if !size.is_multiple_of(SECTOR_SIZE) {
            return Err(ImageError::PartialSector { size });
        }
        Ok(Self { backing, size, read_only })
    }

    /// The same image with another way to its bytes.
    pub(crate) fn with_backing(&self, backing: Backing) -> Self {
        Self { backing, ..*self }
    }

    /// Bytes, when it was opened.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Bytes that it has now, if somebody may have made it larger or smaller meanwhile.
    ///
    /// # Errors
    /// The host does not say.
    pub fn size_now(&self) -> io::Result<u64> {
        match &self.backing {
            Backing::File(file) => file.size(),
            Backing::Ready(_) | Backing::Waiting(_) => Ok(self.size),
        }
    }

    /// In sectors of [`SECTOR_SIZE`].
    pub fn sectors(&self) -> u64 {
        self.size / SECTOR_SIZE
    }

    /// Whether writes are refused. Whoever starts requests has to see to that.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }
}

impl Backing {
    /// The same bytes for those who have time.
    pub(crate) fn blocking(&self) -> Arc<dyn Blocking> {
        match self {
            Self::File(file) => Arc::clone(file) as _,
            Self::Ready(image) | Self::Waiting(image) => Arc::clone(image),
        }
    }
}
