//! Room for received frames: buffers of the driver that were taken and are not filled yet.

use virtio_core::{Chain, GuestMemory, Queue, QueueError};
use vm_memory::VolatileSlice;

use crate::vectors::pieces;

/// Chains of one queue, one behind the other, in the order in which they were taken.
#[derive(Debug, Default)]
pub(crate) struct Room {
    chains: Vec<Chain>,
    /// What they hold together.
    bytes: u64,
}

impl Room {
    /// Takes chains until there is room for so many bytes, or no chain left.
    pub(crate) fn grow(&mut self, bytes: usize, queue: &mut Queue) -> Result<(), QueueError> {
        while self.bytes < bytes as u64 && self.take(queue)? {}
        Ok(())
    }

    /// Takes one more chain; false if there is none.
    pub(crate) fn take(&mut self, queue: &mut Queue) -> Result<bool, QueueError> {
        let Some(chain) = queue.pop()? else { return Ok(false) };
        self.bytes += chain.writable_len();
        self.chains.push(chain);
        Ok(true)
    }

    /// Puts all chains back into the queue.
    pub(crate) fn give_up(&mut self, queue: &mut Queue) -> Result<(), QueueError> {
        self.bytes = 0;
        self.chains.drain(..).rev().try_for_each(|chain| queue.undo_pop(chain))
    }

    /// Forgets all chains: their queue is no more.
    pub(crate) fn forget(&mut self) {
        self.bytes = 0;
        self.chains.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    pub(crate) fn holds(&self, bytes: usize) -> bool {
        self.bytes >= bytes as u64
    }

    /// How many of the chains `bytes` fill; one at least.
    pub(crate) fn chains_for(&self, bytes: usize) -> usize {
        let mut room = 0;
        let filled = |chain: &&Chain| {
            room += chain.writable_len();
            room < bytes as u64
        };
        self.chains.iter().take_while(filled).count() + 1
    }

    /// Gives the first `count` chains back to the driver, filled with so many bytes.
    pub(crate) fn complete(
        &mut self,
        count: usize,
        bytes: usize,
        queue: &mut Queue,
    ) -> Result<(), QueueError> {
        self.bytes -= self.chains.iter().take(count).map(Chain::writable_len).sum::<u64>();
        queue.complete_together(&mut self.chains, count, u32::try_from(bytes).unwrap_or(u32::MAX))
    }

    /// The chains' memory from byte `position` on.
    pub(crate) fn pieces<'memory>(
        &'memory self,
        memory: &'memory GuestMemory,
        position: usize,
    ) -> impl Iterator<Item = VolatileSlice<'memory>> {
        let buffers = self.chains.iter().flat_map(|chain| chain.writable().iter().copied());
        pieces(memory, buffers, position as u64)
    }

    /// Writes `bytes` at `position`, as far as there is room.
    pub(crate) fn write(&self, memory: &GuestMemory, position: usize, mut bytes: &[u8]) {
        for piece in self.pieces(memory, position) {
            let Some((now, rest)) = bytes.split_at_checked(piece.len()) else {
                return piece.copy_from(bytes);
            };
            piece.copy_from(now);
            bytes = rest;
        }
    }

    /// Reads what stands at `position`.
    pub(crate) fn read(&self, memory: &GuestMemory, position: usize, bytes: &mut [u8]) {
        let mut done = 0;
        for piece in self.pieces(memory, position) {
            let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) else { break };
            done += piece.copy_to(rest);
        }
    }
}
