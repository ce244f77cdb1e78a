//! The pieces of guest memory that a request moves.
#![allow(unsafe_code, reason = "the kernel is told where guest memory lies in this process")]

use crate::GuestMemory;
use std::io;
use vm_memory::{GuestAddress, GuestMemoryBackend, VolatileSlice};

/// What the kernel takes at once (IOV_MAX). The rest of a longer list follows when that is done.
const MOST_AT_ONCE: usize = 1024;

/// Pieces of guest memory in this process, in order, less what has been moved.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pieces: Vec<libc::iovec>,
    /// Pieces that are done.
    done: usize,
    /// Bytes left.
    length: u64,
    /// Keeps the memory mapped for as long as anybody may move bytes.
    memory: Option<GuestMemory>,
}

// SAFETY: the pointers go to a mapping of guest memory that `memory` keeps, which any thread may use.
unsafe impl Send for Buffers {}

impl Buffers {
    /// Makes these the buffers at `addresses`, all of which have to lie in `memory`. Allocates nothing that was not needed
    /// before.
    pub(crate) fn set(
        &mut self,
        memory: &GuestMemory,
        addresses: impl IntoIterator<Item = (GuestAddress, u32)>,
    ) -> io::Result<()> {
        self.clear();
        self.memory = Some(GuestMemory::clone(memory));
        for (address, length) in addresses {
            let wanted = usize::try_from(length).map_err(io::Error::other)?;
            for slice in memory.get_slices(address, wanted) {
                let slice = slice.map_err(io::Error::other)?;
                let base = slice.ptr_guard_mut().as_ptr().cast();
                self.pieces.push(libc::iovec { iov_base: base, iov_len: slice.len() });
            }
            self.length += u64::from(length);
        }
        Ok(())
    }

    /// Lets go of the memory and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        (self.done, self.length, self.memory) = (0, 0, None);
    }

    /// Bytes left to move.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// Where to move the next bytes from or to, as the kernel takes it: at most as much as it takes at once.
    pub(crate) fn next(&self) -> &[libc::iovec] {
        let left = self.pieces.get(self.done..).unwrap_or_default();
        left.get(..MOST_AT_ONCE).unwrap_or(left)
    }

    /// Moves as many bytes as there are in `data` to the first of the buffers.
    pub(crate) fn copy_from(&self, data: &[u8]) {
        let mut rest = data;
        for slice in self.slices() {
            let (part, others) = rest.split_at(slice.len().min(rest.len()));
            slice.copy_from(part);
            rest = others;
        }
    }

    /// Moves as many bytes as there is room for in `data` from the first of the buffers.
    pub(crate) fn copy_to(&self, data: &mut [u8]) {
        let mut rest = data;
        for slice in self.slices() {
            let (part, others) = rest.split_at_mut(slice.len().min(rest.len()));
            slice.copy_to(part);
            rest = others;
        }
    }

    /// What is left to move.
    fn slices(&self) -> impl Iterator<Item = VolatileSlice<'_>> {
        // SAFETY: the pieces lie in a mapping of guest memory that `self` keeps.
        let slice = |piece: &libc::iovec| unsafe { VolatileSlice::new(piece.iov_base.cast(), piece.iov_len) };
        self.pieces.iter().skip(self.done).map(slice)
    }

    /// So many bytes have been moved.
    pub(crate) fn advance(&mut self, moved: usize) {
        self.length = self.length.saturating_sub(moved as u64);
        let mut moved = moved;
        while let Some(piece) = self
            .pieces
            .get_mut(self.done)
            .filter(|piece| moved >= piece.iov_len && piece.iov_len > 0 || piece.iov_len == 0)
        {
            moved -= piece.iov_len;
            self.done += 1;
        }
        if let Some(piece) = self.pieces.get_mut(self.done) {
            // SAFETY: `moved` is less than the piece is long, so the pointer stays in the piece.
            piece.iov_base = unsafe { piece.iov_base.byte_add(moved) };
            piece.iov_len -= moved;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;
    use vm_memory::GuestMemoryMmap;

    fn memory() -> GuestMemory {
        let ranges =
            [(GuestAddress(0), 0x1000), (GuestAddress(0x1000), 0x1000), (GuestAddress(0x8000), 0x1000)];
        Arc::new(GuestMemoryMmap::from_ranges(&ranges).unwrap())
    }

    #[test]
    fn a_buffer_that_spans_mappings_is_cut_there_and_one_outside_is_refused() {
        let (memory, mut buffers) = (memory(), Buffers::default());
        buffers.set(&memory, [(GuestAddress(0xff0), 0x20), (GuestAddress(0x8000), 1)]).unwrap();
        let lengths: Vec<usize> = buffers.next().iter().map(|piece| piece.iov_len).collect();
        assert_eq!((lengths, buffers.len()), (vec![0x10, 0x10, 1], 0x21));
        assert!(buffers.set(&memory, [(GuestAddress(0x1ff0), 0x20)]).is_err());
    }

    proptest! {
        #[test]
        fn whatever_the_steps_every_byte_is_moved_once(lengths in prop::collection::vec(0_u32..50, 1..12), steps in prop::collection::vec(0_usize..60, 0..40)) {
            let (memory, mut buffers) = (memory(), Buffers::default());
            let addresses = (0..).map(|index| GuestAddress(index * 64)).zip(lengths.iter().copied());
            buffers.set(&memory, addresses).unwrap();
            let bytes = |buffers: &Buffers| -> Vec<usize> {
                let bytes_of = |piece: &libc::iovec| (0..piece.iov_len).map(move |at| piece.iov_base as usize + at).collect::<Vec<_>>();
                buffers.next().iter().flat_map(bytes_of).collect()
            };
            let mut expected = bytes(&buffers);
            for step in steps {
                let step = step.min(expected.len());
                buffers.advance(step);
                expected.drain(..step);
                prop_assert_eq!(bytes(&buffers), expected.clone());
                prop_assert_eq!(buffers.len(), expected.len() as u64);
            }
        }
    }
}
