//! A worker's ways to the disks: one channel for each disk that it has had something to do with.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;

use storage::{Channel, Completion, Request};
use virtio_core::GuestMemory;
use vm_memory::GuestAddress;
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

use crate::config::QUEUE_SIZE;
use crate::disk::Disk;

/// Channels by where their disk is in memory: there may be another at the same address on the bus.
pub(crate) struct Lanes {
    memory: GuestMemory,
    /// Readable when one of the channels has completions.
    ready: Epoll,
    lanes: BTreeMap<usize, Lane>,
}

/// The channel ends before the disk may.
struct Lane {
    channel: Channel,
    disk: Arc<Disk>,
}

impl Lanes {
    /// No channels yet; what they move lies in `memory`.
    ///
    /// # Errors
    /// The host has no descriptor left.
    pub(crate) fn new(memory: GuestMemory) -> io::Result<Self> {
        Ok(Self { memory, ready: Epoll::new()?, lanes: BTreeMap::new() })
    }

    /// Readable when there are completions.
    pub(crate) fn source(&self) -> RawFd {
        self.ready.as_raw_fd()
    }

    /// Starts a request; [`submit`](Self::submit) lets it begin.
    ///
    /// # Errors
    /// The host has no descriptor left for a channel.
    pub(crate) fn start(
        &mut self,
        disk: &Arc<Disk>,
        request: Request,
        pieces: impl Iterator<Item = (GuestAddress, u32)>,
    ) -> io::Result<()> {
        let lane = match self.lanes.entry(Arc::as_ptr(disk).addr()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let channel = Channel::new(&disk.image, Arc::clone(&self.memory), QUEUE_SIZE)?;
                for source in channel.sources() {
                    self.ready.ctl(ControlOperation::Add, source, EpollEvent::new(EventSet::IN, 0))?;
                }
                place.insert(Lane { channel, disk: Arc::clone(disk) })
            }
        };
        lane.channel.start(request, pieces);
        Ok(())
    }

    /// Lets everything begin that was started.
    pub(crate) fn submit(&mut self) {
        self.lanes.values_mut().for_each(|lane| lane.channel.submit());
    }

    /// A request that has come to its end, if there is one.
    pub(crate) fn next_done(&mut self) -> Option<Completion> {
        self.lanes.values_mut().find_map(|lane| lane.channel.next_done())
    }

    /// Waits for a request to come to its end; `None` if none is under way.
    pub(crate) fn wait(&mut self) -> Option<Completion> {
        self.lanes.values_mut().find_map(|lane| lane.channel.wait())
    }

    /// Gives up what limits hold back of a disk's requests with this tag, and says how many these were.
    pub(crate) fn cancel(&mut self, disk: &Arc<Disk>, tag: u64) -> usize {
        let lane = self.lanes.get_mut(&Arc::as_ptr(disk).addr());
        lane.map_or(0, |lane| lane.channel.cancel(tag))
    }

    /// Gives up all that limits hold back.
    pub(crate) fn give_up_held(&mut self) {
        self.lanes.values_mut().for_each(|lane| lane.channel.give_up_held());
    }

    /// Lets go of disks that have been taken off the bus and have nothing under way.
    pub(crate) fn forget_unplugged(&mut self) {
        self.lanes.retain(|_, lane| !lane.disk.is_unplugged() || lane.channel.under_way() > 0);
    }
}
