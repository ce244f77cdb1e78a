//! Work on an image with memory of the device's own, for the rare commands that are neither a read nor a write of the
//! driver's: whoever does it waits.

use std::io::{self, Read};
use std::sync::Arc;

use storage::{Channel, Image, Operation as ImageOperation, Request};
use virtio_core::GuestMemory;
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use crate::answering::Buffers;
use crate::disk::Disk;
use crate::target::command::Comparison;
use crate::target::sense::Sense;
use crate::target::unit::{ByteRange, Operation};
use crate::worker::sense_of;

/// Bytes moved at a time.
const SCRATCH_SIZE: usize = 256 << 10;
const PLACE: GuestAddress = GuestAddress(0);

/// Carries out an operation that is of this kind; `None` if it is not. `parameters` is what came along with the command.
/// Errors are always reported: what is rare has no policy.
pub(crate) fn carry_out(
    disk: &Disk,
    operation: &Operation,
    parameters: &[u8],
    buffers: &mut Buffers<'_>,
) -> Option<Result<(), Sense>> {
    match *operation {
        Operation::Verify { offset, length, compare } => {
            let range = ByteRange { offset, length: length.into() };
            Some(verify(disk, range, compare, parameters, buffers))
        }
        Operation::WriteSame { range, stable } => {
            let filled =
                Scratch::new(&disk.image).and_then(|mut scratch| scratch.fill(range, parameters, stable));
            let failed = ImageOperation::Write { offset: range.offset };
            Some(filled.map_err(|error| sense_of(disk, failed, &error)))
        }
        _ => None,
    }
}

fn verify(
    disk: &Disk,
    range: ByteRange,
    compare: Comparison,
    block: &[u8],
    buffers: &mut Buffers<'_>,
) -> Result<(), Sense> {
    let failed = |offset, error: io::Error| sense_of(disk, ImageOperation::Read { offset }, &error);
    let mut scratch = Scratch::new(&disk.image).map_err(|error| failed(range.offset, error))?;
    let (mut medium, mut other) = (vec![0; SCRATCH_SIZE], vec![0; SCRATCH_SIZE]);
    if compare == Comparison::OneBlock {
        other = block.iter().copied().cycle().take(SCRATCH_SIZE).collect();
    }
    for (at, size) in parts(range) {
        let (medium, other) = (medium.split_at_mut(size).0, other.split_at_mut(size).0);
        scratch.read(at, medium).map_err(|error| failed(at, error))?;
        if compare == Comparison::Everything {
            buffers.output.read_exact(other).map_err(|_| Sense::TARGET_FAILURE)?;
        }
        let differs = medium.iter().zip(&*other).position(|(medium, other)| medium != other);
        if let Some(place) = differs.filter(|_| compare != Comparison::Nothing) {
            let place = u64::try_from(place).unwrap_or(u64::MAX);
            return Err(Sense::MISCOMPARE.at(at - range.offset + place));
        }
    }
    Ok(())
}

/// A way to an image that ends in memory of the device's own.
#[derive(Debug)]
struct Scratch {
    memory: GuestMemory,
    channel: Channel,
}

impl Scratch {
    /// A way to `image`.
    ///
    /// # Errors
    /// The host has no memory or descriptors left.
    fn new(image: &Image) -> io::Result<Self> {
        let memory = GuestMemoryMmap::from_ranges(&[(PLACE, SCRATCH_SIZE)]).map_err(io::Error::other)?;
        let memory = Arc::new(memory);
        Ok(Self { channel: Channel::never_held_back(image, Arc::clone(&memory), 1)?, memory })
    }

    /// Reads the image from `offset` on into `data`, which is at most [`SCRATCH_SIZE`] long.
    ///
    /// # Errors
    /// The image's.
    fn read(&mut self, offset: u64, data: &mut [u8]) -> io::Result<()> {
        self.run(ImageOperation::Read { offset }, data.len())?;
        self.memory.read_slice(data, PLACE).map_err(io::Error::other)
    }

    /// Writes `block` over and over into a range that is a multiple of it.
    ///
    /// # Errors
    /// The image's.
    fn fill(&mut self, range: ByteRange, block: &[u8], stable: bool) -> io::Result<()> {
        let pattern: Vec<u8> = block.iter().copied().cycle().take(SCRATCH_SIZE).collect();
        self.memory.write_slice(&pattern, PLACE).map_err(io::Error::other)?;
        for (offset, length) in parts(range) {
            self.run(ImageOperation::Write { offset }, length)?;
        }
        if stable { self.run(ImageOperation::Flush, 0) } else { Ok(()) }
    }

    fn run(&mut self, operation: ImageOperation, length: usize) -> io::Result<()> {
        let pieces = u32::try_from(length).ok().filter(|length| *length > 0).map(|length| (PLACE, length));
        self.channel.start(Request { tag: 0, operation, stable: false }, pieces);
        self.channel.wait().map_or(Ok(()), |completion| completion.result)
    }
}

/// A range in parts that fit: where each begins, and its bytes.
fn parts(range: ByteRange) -> impl Iterator<Item = (u64, usize)> {
    let end = range.offset + range.length;
    (range.offset..end).step_by(SCRATCH_SIZE).map(move |offset| {
        let left = usize::try_from(end - offset).unwrap_or(usize::MAX);
        (offset, left.min(SCRATCH_SIZE))
    })
}
