//! Files to be loaded.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::os::fd::AsRawFd;
use std::thread::{self, ScopedJoinHandle};

use vm_memory::{ByteValued, Bytes, GuestAddress, GuestMemoryError, GuestMemoryMmap, ReadVolatile};

use crate::error::BootError;

/// A file to be loaded into guest memory.
pub trait Image: Read + ReadVolatile + Seek + Send + Sized {
    /// The same file with a position of its own, so that two threads can read it.
    ///
    /// # Errors
    /// The host refuses.
    fn reopen(&self) -> io::Result<Self>;
}

impl Image for File {
    /// By the descriptor, since another file can have the name by now.
    fn reopen(&self) -> io::Result<Self> {
        Self::open(format!("/proc/self/fd/{}", self.as_raw_fd()))
    }
}

impl<T: AsRef<[u8]> + Clone + Send> Image for Cursor<T> {
    fn reopen(&self) -> io::Result<Self> {
        Ok(self.clone())
    }
}

/// The file's size, in bytes.
pub(crate) fn size(image: &mut impl Image) -> io::Result<u64> {
    image.seek(SeekFrom::End(0))
}

/// Fills `bytes` from `offset` on.
pub(crate) fn read(image: &mut impl Image, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    image.seek(SeekFrom::Start(offset))?;
    image.read_exact(bytes)
}

/// The structure at `offset`.
pub(crate) fn read_value<T: ByteValued + Default>(image: &mut impl Image, offset: u64) -> io::Result<T> {
    let mut value = T::default();
    read(image, offset, value.as_mut_slice())?;
    Ok(value)
}

/// Part of a file, and where in guest memory it belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub(crate) what: &'static str,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) address: u64,
}

const PAGE: u64 = 4096;
/// A reader needs next to nothing.
const STACK_SIZE: usize = 64 << 10;
/// Less than this is not worth a thread, in bytes: a processor reads as much in the time that it takes to start one.
const SHARE: u64 = 1 << 20;
/// The most threads that read a file. Memory sets the pace before there are more.
const MOST_READERS: u64 = 4;

/// Copies part of a file straight into guest memory. The processors share the work: what takes the time is that the host
/// clears memory at its first touch.
pub(crate) fn copy(
    image: &mut impl Image,
    memory: &GuestMemoryMmap,
    part: Placement,
) -> Result<(), BootError> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let readers = u64::try_from(processors).unwrap_or(1).min(MOST_READERS).min(part.size / SHARE).max(1);
    thread::scope(|scope| {
        let mut parts = shares(part, readers);
        let own = parts.next().unwrap_or(part);
        let others: Vec<_> = parts
            .map(|part| {
                let read = image.reopen().and_then(|mut image| {
                    let thread =
                        thread::Builder::new().name(format!("{}-loader", part.what)).stack_size(STACK_SIZE);
                    thread.spawn_scoped(scope, move || copy_alone(&mut image, memory, part))
                });
                (part, read)
            })
            .collect();
        let first = copy_alone(image, memory, own);
        others.into_iter().fold(first, |before, (part, read)| {
            let outcome = match read.map(ScopedJoinHandle::join) {
                Ok(Ok(outcome)) => outcome,
                // Without a descriptor or a thread to spare, it takes longer.
                Ok(Err(_)) | Err(_) => copy_alone(image, memory, part),
            };
            before.and(outcome)
        })
    })
}

/// Cuts a part into as many shares, which are one behind the other in the file and in memory.
fn shares(part: Placement, count: u64) -> impl Iterator<Item = Placement> {
    let each = part.size.div_ceil(count.max(1)).next_multiple_of(PAGE).max(PAGE);
    (0..part.size.div_ceil(each)).map(move |index| {
        let before = index * each;
        let (offset, address) = (part.offset + before, part.address + before);
        Placement { offset, address, size: each.min(part.size - before), ..part }
    })
}

fn copy_alone(image: &mut impl Image, memory: &GuestMemoryMmap, part: Placement) -> Result<(), BootError> {
    let Placement { what, offset, size, address } = part;
    let failed = |source| BootError::Memory { what, address, source };
    image.seek(SeekFrom::Start(offset)).map_err(|error| failed(GuestMemoryError::IOError(error)))?;
    let count = usize::try_from(size).unwrap_or(usize::MAX);
    memory.read_exact_volatile_from(GuestAddress(address), image, count).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const SIZE: u64 = (4 << 20) + 7;

    fn bytes() -> Vec<u8> {
        (0..SIZE).map(|index| u8::try_from(index * 31 % 251).unwrap()).collect()
    }

    fn check(image: &mut impl Image, size: u64) {
        let memory = GuestMemoryMmap::<()>::from_ranges(&[(GuestAddress(0), 16 << 20)]).unwrap();
        let part = Placement { what: "test", offset: 5, size, address: 0x1003 };
        copy(image, &memory, part).unwrap();
        let mut copied = vec![0; usize::try_from(size + 1).unwrap()];
        memory.read_slice(&mut copied, GuestAddress(part.address)).unwrap();
        assert_eq!(copied.pop(), Some(0), "nothing beyond the part is written");
        assert!(copied == bytes()[5..][..copied.len()]);
    }

    #[test]
    fn a_part_is_copied_whole_however_many_read() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes()).unwrap();
        for size in [1, SHARE - 1, 3 * SHARE + 1, SIZE - 5] {
            check(&mut Cursor::new(bytes()), size);
            check(&mut file, size);
        }
    }

    #[test]
    fn shares_are_the_whole_in_order() {
        for (size, count) in [(0, 3), (1, 1), (PAGE, 2), (SIZE, 4), (SIZE, 1)] {
            let part = Placement { what: "test", offset: 3, size, address: 0x2000 };
            let mut next = 0;
            for share in shares(part, count) {
                assert_eq!((share.offset, share.address), (3 + next, 0x2000 + next));
                next += share.size;
            }
            assert_eq!(next, size);
            assert!(shares(part, count).count() <= usize::try_from(count).unwrap());
        }
    }

    #[test]
    fn a_file_that_ends_too_soon_is_an_error_in_whatever_share() {
        let memory = GuestMemoryMmap::<()>::from_ranges(&[(GuestAddress(0), 16 << 20)]).unwrap();
        let part = Placement { what: "test", offset: 0, size: SIZE, address: 0 };
        let short = usize::try_from(SIZE - 1).unwrap();
        let error = copy(&mut Cursor::new(&bytes()[..short]), &memory, part).unwrap_err();
        assert!(matches!(error, BootError::Memory { what: "test", .. }), "{error}");
    }
}
