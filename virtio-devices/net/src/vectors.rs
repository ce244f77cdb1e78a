//! System calls that move a frame straight between a file and the guest's buffers.
//!
//! The kernel copies a frame once and for all before it looks at it, as it has to with any program's memory: what the
//! guest changes meanwhile changes its own frame. What this crate itself decides by (the header, the addresses) is not
//! read there: it goes through memory of our own.
#![allow(unsafe_code, reason = "the host's memory is named by addresses in readv and writev")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use virtio_core::{GuestMemory, Segment};
use vm_memory::{GuestMemoryBackend, VolatileSlice};

/// Pieces that one call takes (IOV_MAX), less those that are our own.
pub(crate) const MOST_PIECES: usize = 1022;

/// Room for the list of pieces, used by one call after the other.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    /// Empty between calls.
    entries: Vec<libc::iovec>,
}

// SAFETY: the addresses in `entries` are put there and used within one call of a method that borrows what they point to;
// between calls nobody reads them.
unsafe impl Send for Vectors {}

impl Vectors {
    /// Writes `before` and then the guest's `pieces` as one message; gives the bytes written.
    pub(crate) fn write<'memory>(
        &mut self,
        file: &File,
        before: &[u8],
        pieces: impl Iterator<Item = VolatileSlice<'memory>>,
    ) -> io::Result<usize> {
        self.entries.clear();
        self.entries.push(libc::iovec { iov_base: before.as_ptr().cast_mut().cast(), iov_len: before.len() });
        self.add(pieces);
        let count = self.count()?;
        // SAFETY: each entry is memory that `before` or a slice of guest memory borrows until after the call, and the
        // kernel only reads it. That the guest may change its memory meanwhile is the kernel's to bear.
        let written = unsafe { libc::writev(file.as_raw_fd(), self.entries.as_ptr(), count) };
        usize::try_from(written).map_err(|_| io::Error::last_os_error())
    }

    /// Reads one message: its first `head` bytes into `own`, what follows into the guest's `pieces`, and what does not fit
    /// there into `own` again, where it would stand if all of it were there. Gives the message's length, and how many bytes
    /// the pieces take.
    pub(crate) fn read<'memory>(
        &mut self,
        file: &File,
        own: &mut [u8],
        head: usize,
        pieces: impl Iterator<Item = VolatileSlice<'memory>>,
    ) -> io::Result<(usize, usize)> {
        let (head, rest) = own.split_at_mut(head.min(own.len()));
        self.entries.clear();
        self.entries.push(libc::iovec { iov_base: head.as_mut_ptr().cast(), iov_len: head.len() });
        let direct = self.add(pieces);
        if let Some(tail) = rest.get_mut(direct..) {
            self.entries.push(libc::iovec { iov_base: tail.as_mut_ptr().cast(), iov_len: tail.len() });
        }
        let count = self.count()?;
        // SAFETY: each entry is memory that `own` or a slice of guest memory borrows until after the call, no two of them
        // overlap but for pieces that the guest has named twice, and any bytes may stand in all of it.
        let read = unsafe { libc::readv(file.as_raw_fd(), self.entries.as_ptr(), count) };
        let read = usize::try_from(read).map_err(|_| io::Error::last_os_error())?;
        Ok((read, direct))
    }

    /// Adds as many of the pieces as one call takes; gives their bytes.
    fn add<'memory>(&mut self, pieces: impl Iterator<Item = VolatileSlice<'memory>>) -> usize {
        let mut bytes = 0;
        for piece in pieces.take(MOST_PIECES) {
            let address = piece.ptr_guard_mut().as_ptr().cast();
            self.entries.push(libc::iovec { iov_base: address, iov_len: piece.len() });
            bytes += piece.len();
        }
        bytes
    }

    fn count(&self) -> io::Result<i32> {
        i32::try_from(self.entries.len()).map_err(io::Error::other)
    }
}

/// The memory of `segments` from byte `skip` on.
pub(crate) fn pieces<'memory>(
    memory: &'memory GuestMemory,
    segments: impl Iterator<Item = Segment>,
    skip: u64,
) -> impl Iterator<Item = VolatileSlice<'memory>> {
    let mut skip = skip;
    segments.flat_map(move |segment| {
        let passed = skip.min(segment.length.into());
        skip -= passed;
        let start = vm_memory::GuestAddress(segment.address.0.saturating_add(passed));
        let length = usize::try_from(u64::from(segment.length) - passed).unwrap_or(0);
        // Segments lie in guest memory: that was checked, and memory never goes away.
        memory.get_slices(start, length).map_while(Result::ok)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek, Write};
    use virtio_core::driver::guest_memory;
    use vm_memory::{Bytes, GuestAddress};

    fn segments(list: &[(u64, u32)]) -> impl Iterator<Item = Segment> {
        list.iter().map(|(address, length)| Segment { address: GuestAddress(*address), length: *length })
    }

    fn file(content: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn pieces_begin_behind_what_is_skipped() {
        let memory = guest_memory(1 << 16);
        memory.write_slice(b"abcdefghij", GuestAddress(0x100)).unwrap();
        let list = [(0x100, 2), (0x104, 3), (0x109, 1)];
        for (skip, expected) in [(0, "<abefgj"), (1, "<befgj"), (2, "<efgj"), (4, "<gj"), (6, "<"), (9, "<")]
        {
            let mut output = file(b"");
            let written = Vectors::default().write(&output, b"<", pieces(&memory, segments(&list), skip));
            assert_eq!(written.unwrap(), expected.len());
            output.rewind().unwrap();
            let mut text = String::new();
            output.read_to_string(&mut text).unwrap();
            assert_eq!(text, expected, "{skip}");
        }
    }

    #[test]
    fn a_message_goes_to_its_head_the_guest_and_the_rest() {
        let memory = guest_memory(1 << 16);
        let mut own = [b'.'; 12];
        let list = [(0x100, 2), (0x200, 3)];
        let slices = pieces(&memory, segments(&list), 1);
        let read = Vectors::default().read(&file(b"0123456789abcd"), &mut own, 3, slices).unwrap();
        assert_eq!((read, &own), ((12, 4), b"012....789ab"));
        let mut direct = [0; 4];
        memory.read_slice(&mut direct[..1], GuestAddress(0x101)).unwrap();
        memory.read_slice(&mut direct[1..], GuestAddress(0x200)).unwrap();
        assert_eq!(&direct, b"3456");
    }

    #[test]
    fn more_pieces_than_a_call_takes_are_left_out() {
        let memory = guest_memory(1 << 16);
        let list: Vec<(u64, u32)> = (0..2000).map(|at| (0x100 + at, 1)).collect();
        let mut own = [0; 2000];
        let slices = pieces(&memory, segments(&list), 0);
        let read = Vectors::default().read(&file(&[7; 1500]), &mut own, 10, slices).unwrap();
        assert_eq!(read, (1500, MOST_PIECES));
        assert!(own[10 + MOST_PIECES..1500].iter().all(|byte| *byte == 7));
    }
}
