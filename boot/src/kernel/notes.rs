//! Notes of an ELF file, among which the PVH protocol has its entry.

use super::File;
use crate::error::{KernelError, KernelPart};
use crate::image::{self, Image};

/// Linux' notes take some hundred bytes.
const MOST_BYTES: u64 = 1 << 20;
const OWNER: &[u8] = b"Xen\0";
/// `XEN_ELFNOTE_PHYS32_ENTRY`.
const PVH_ENTRY: u32 = 18;
/// Name and descriptor are padded to this, in bytes.
const ALIGNMENT: usize = 4;

/// The 32-bit entry of the PVH protocol, if it is among the notes.
pub(super) fn pvh_entry(
    image: &mut impl Image,
    file: &File,
    part: KernelPart,
    offset: u64,
    size: u64,
) -> Result<Option<u32>, KernelError> {
    file.contains(part, offset, size)?;
    let length = usize::try_from(size).ok().filter(|_| size <= MOST_BYTES).ok_or(KernelError::Field {
        part,
        field: "p_filesz",
        value: size,
        accepted: "at most 1 MiB of notes",
    })?;
    let mut bytes = vec![0; length];
    image::read(image, offset, &mut bytes)?;
    find(&bytes, part)
}

fn find(notes: &[u8], part: KernelPart) -> Result<Option<u32>, KernelError> {
    let mut rest = notes;
    while !rest.is_empty() {
        let (note, after) = split(rest).ok_or(KernelError::Field {
            part,
            field: "offset of a note that is not complete",
            value: (notes.len() - rest.len()) as u64,
            accepted: "notes that end where the segment ends, or before",
        })?;
        if note.kind == PVH_ENTRY && note.owner == OWNER {
            let entry = note.descriptor.first_chunk().ok_or(KernelError::Field {
                part,
                field: "size of the PVH entry",
                value: note.descriptor.len() as u64,
                accepted: "at least 4 bytes",
            })?;
            return Ok(Some(u32::from_le_bytes(*entry)));
        }
        rest = after;
    }
    Ok(None)
}

#[derive(Clone, Copy, Debug)]
struct Note<'a> {
    kind: u32,
    owner: &'a [u8],
    descriptor: &'a [u8],
}

/// The first note and what follows it.
fn split(notes: &[u8]) -> Option<(Note<'_>, &[u8])> {
    let (owner_size, rest) = number(notes)?;
    let (descriptor_size, rest) = number(rest)?;
    let (kind, rest) = number(rest)?;
    let (owner, rest) = padded(rest, owner_size)?;
    let (descriptor, rest) = padded(rest, descriptor_size)?;
    Some((Note { kind, owner, descriptor }, rest))
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*number), rest))
}

/// `size` bytes, and what follows their padding; the last padding may be missing.
fn padded(bytes: &[u8], size: u32) -> Option<(&[u8], &[u8])> {
    let size = usize::try_from(size).ok()?;
    let (part, _) = bytes.split_at_checked(size)?;
    Some((part, bytes.get(size.next_multiple_of(ALIGNMENT)..).unwrap_or_default()))
}
