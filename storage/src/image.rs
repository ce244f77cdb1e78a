//! An image, whatever holds its bytes.

use crate::accounts::{Accounts, RequestKind};
use crate::buffers::Buffers;
use crate::error::ImageError;
use crate::null::NullImage;
use crate::qcow2::Qcow2Image;
use crate::raw::RawImage;
use qapi_schema::block::{BlockDeviceStats, ImageInfo};
use rate_limits::Limiter;
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
    about: Arc<About>,
}

/// What all copies share besides.
#[derive(Debug)]
struct About {
    /// As it was given; empty if there is none.
    file_name: String,
    format: &'static str,
    limiter: Arc<Limiter>,
    accounts: Arc<Accounts>,
}

/// What a file with a disk's bytes can be. It is never guessed: a guest could write what decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageFormat {
    /// The bytes, one behind the other.
    #[default]
    Raw,
    /// QEMU's format, version 2 or 3.
    Qcow2,
}

impl ImageFormat {
    /// The forms of [`parse`](Self::parse).
    pub const FORMS: &'static str = "raw or qcow2";

    /// A format by its name; `None` if it is none.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "raw" => Some(Self::Raw),
            "qcow2" => Some(Self::Qcow2),
            _ => None,
        }
    }

    /// Opens an image that is of this format, as [`Image::open`] does.
    ///
    /// # Errors
    /// As [`Image::open`], and if it is of another format.
    pub fn open(self, path: &Path, read_only: bool) -> Result<Image, ImageError> {
        match self {
            Self::Raw => Image::open(path, read_only),
            Self::Qcow2 => Image::open_qcow2(path, read_only),
        }
    }
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

    /// Bytes that it takes on the host, if the host says.
    fn allocated(&self) -> Option<u64> {
        None
    }
}

impl Image {
    /// Opens a raw image or a host block device and locks it against other users: a writer excludes everybody, readers
    /// share.
    ///
    /// # Errors
    /// The file cannot be opened, is no disk, is in use, or has a size that is not whole sectors.
    pub fn open(path: &Path, read_only: bool) -> Result<Self, ImageError> {
        let (image, size) = RawImage::open(path, read_only)?;
        Self::new(Backing::File(Arc::new(image)), (path, "raw"), size, read_only)
    }

    /// Opens a qcow2 image, and locks it as [`open`](Self::open) does. It has to stand alone: backing files and external
    /// data are refused.
    ///
    /// # Errors
    /// As [`open`](Self::open), and if it is no such image.
    pub fn open_qcow2(path: &Path, read_only: bool) -> Result<Self, ImageError> {
        let (image, size) = Qcow2Image::open(path, read_only)?;
        Self::new(Backing::Waiting(Arc::new(image)), (path, "qcow2"), size, read_only)
    }

    /// An empty disk of `size` bytes in memory, lost with its last user. Only written parts take memory.
    ///
    /// # Errors
    /// The host refuses the memory, or the size is not whole sectors.
    pub fn scratch(size: u64) -> Result<Self, ImageError> {
        let image = RawImage::anonymous(size).map_err(|source| ImageError::Scratch { size, source })?;
        Self::new(Backing::Ready(Arc::new(image)), (Path::new(""), "memory"), size, false)
    }

    /// A disk of `size` bytes that forgets what is written and leaves buffers that are read into as they are: for measuring.
    ///
    /// # Errors
    /// The size is not whole sectors.
    pub fn null(size: u64) -> Result<Self, ImageError> {
        Self::new(Backing::Ready(Arc::new(NullImage)), (Path::new(""), "null"), size, false)
    }

    fn new(
        backing: Backing,
        (path, format): (&Path, &'static str),
        size: u64,
        read_only: bool,
    ) -> Result<Self, ImageError> {
        if !size.is_multiple_of(SECTOR_SIZE) {
            return Err(ImageError::PartialSector { size });
        }
        let file_name = path.display().to_string();
        let about = About { file_name, format, limiter: Arc::default(), accounts: Arc::new(Accounts::new()) };
        Ok(Self { backing, size, read_only, about: Arc::new(about) })
    }

    /// The same image with another way to its bytes.
    pub(crate) fn with_backing(&self, backing: Backing) -> Self {
        Self { backing, ..self.clone() }
    }

    /// How much may go to the image and come from it in a second, for all channels together. There is no limit at first.
    pub fn limiter(&self) -> &Arc<Limiter> {
        &self.about.limiter
    }

    pub(crate) fn accounts(&self) -> &Arc<Accounts> {
        &self.about.accounts
    }

    /// What was done with the image, by all channels that there are and were.
    pub fn statistics(&self) -> BlockDeviceStats {
        self.about.accounts.statistics()
    }

    /// Counts a request of the guest that broke the rules, and so never came to a channel.
    pub fn count_refused(&self, kind: RequestKind) {
        self.about.accounts.refused(kind);
    }

    /// What it is, as clients see it.
    pub fn info(&self) -> ImageInfo {
        let number = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        ImageInfo {
            filename: self.about.file_name.clone(),
            format: self.about.format.to_owned(),
            actual_size: self.backing.blocking().allocated().map(number),
            virtual_size: number(self.size_now().unwrap_or(self.size)),
        }
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
