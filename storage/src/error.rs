//! Why an image cannot be opened.

use crate::image::SECTOR_SIZE;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why an image cannot be opened or made.
#[derive(Debug, Error)]
pub enum ImageError {
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
    /// The file is not an image of the format, or one that cannot be used.
    #[error("cannot use '{path}' as a qcow2 image: {source}; an image without backing file and external data is needed", path = path.display())]
    Format {
        /// The path as it was given.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The size cannot be presented to a guest without losing bytes.
    #[error("disk size {size} is not a whole number of {SECTOR_SIZE}-byte sectors")]
    PartialSector {
        /// The size in bytes.
        size: u64,
    },
    /// The host refused memory for a scratch disk.
    #[error("cannot create a scratch disk of {size} bytes: {source}")]
    Scratch {
        /// The size in bytes.
        size: u64,
        /// What the host said.
        source: io::Error,
    },
}
