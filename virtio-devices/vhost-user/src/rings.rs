//! A queue's ring, which goes over to the back end and comes back.

use std::os::fd::AsRawFd;

use vhost::vhost_user::message::FrontendReq;
use virtio_core::GuestMemory;
use virtio_core::RingForm;
use virtio_core::back_end::BackEndQueue;
use virtio_core::queue::RingLayout;
use virtio_core::roles::vhost::VhostQueue;
use vm_memory::{Bytes, GuestAddress, GuestMemoryBackend};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::connection::Connection;
use crate::error::VhostUserError;
use crate::in_flight::InFlight;
use crate::messages::RingAddresses;

/// Where a packed ring begins: in slot 0 with the wrap counter set, both for what is taken and for what is given back.
const PACKED_START: u32 = 0x8000_8000;

/// A queue that the driver uses.
#[derive(Debug)]
pub(crate) struct Ring {
    index: u16,
    layout: RingLayout,
    kick: EventFd,
    call: EventFd,
    error: EventFd,
    /// Where to go on, as the protocol has it. `None`: the back end had the ring and did not say.
    position: Option<u32>,
    /// The used index up to which requests have been counted; a split ring's.
    counted: u16,
}

impl Ring {
    /// A ring at its beginning.
    pub(crate) fn new(queue: BackEndQueue) -> Result<Self, VhostUserError> {
        let event = || EventFd::new(EFD_NONBLOCK).map_err(VhostUserError::host("make an event"));
        let BackEndQueue { index, layout, kick } = queue;
        let position = match layout.form {
            RingForm::Split => 0,
            RingForm::Packed => PACKED_START,
        };
        Ok(Self {
            index,
            layout,
            kick,
            call: event()?,
            error: event()?,
            position: Some(position),
            counted: 0,
        })
    }

    pub(crate) fn index(&self) -> u16 {
        self.index
    }

    pub(crate) fn is_packed(&self) -> bool {
        self.layout.form == RingForm::Packed
    }

    /// The back end does not have it.
    pub(crate) fn is_ours(&self) -> bool {
        self.position.is_some()
    }

    /// The event by which the back end says that it has used buffers.
    pub(crate) fn call(&self) -> &EventFd {
        &self.call
    }

    /// The event by which the back end says that it cannot go on with the ring.
    pub(crate) fn error(&self) -> &EventFd {
        &self.error
    }

    /// What monitors are told.
    pub(crate) fn shown(&self) -> VhostQueue {
        VhostQueue { index: self.index, kick: self.kick.as_raw_fd(), call: self.call.as_raw_fd() }
    }

    /// The back end has it from now on.
    pub(crate) fn hand_over(
        &mut self,
        connection: &Connection,
        memory: &GuestMemory,
        in_flight: Option<&InFlight>,
    ) -> Result<(), VhostUserError> {
        let position = match self.position {
            Some(position) => position,
            None => self.find_position(memory, in_flight)?,
        };
        let Self { index, layout, .. } = *self;
        let messages = &connection.messages;
        messages.set_queue_size(index, layout.size)?;
        messages.set_queue_position(index, position)?;
        messages.set_queue_addresses(index, &addresses(&layout, memory)?)?;
        messages.set_queue_event(FrontendReq::SET_VRING_CALL, index, self.call.as_raw_fd())?;
        messages.set_queue_event(FrontendReq::SET_VRING_ERR, index, self.error.as_raw_fd())?;
        self.position = None;
        messages.set_queue_event(FrontendReq::SET_VRING_KICK, index, self.kick.as_raw_fd())?;
        if connection.enables_queues() {
            messages.enable_queue(index, true)?;
        }
        Ok(())
    }

    /// Has the back end look at the ring, once it is ready for that. Whoever had the ring before may have taken a kick and not
    /// looked, the driver may have filled the ring before there was anybody, and there are back ends that take kicks of a
    /// queue that is not on yet and forget them.
    pub(crate) fn kick(&self) {
        // The only failure is a full counter.
        let _ = self.kick.write(1);
    }

    /// The back end lets go of it.
    pub(crate) fn take_back(&mut self, connection: &Connection) -> Result<(), VhostUserError> {
        self.position = Some(connection.messages.stop_queue(self.index)?);
        Ok(())
    }

    /// Where to go on after a back end that did not say: see the crate's documentation.
    fn find_position(
        &self,
        memory: &GuestMemory,
        in_flight: Option<&InFlight>,
    ) -> Result<u32, VhostUserError> {
        if self.is_packed() {
            let in_flight = in_flight.ok_or(VhostUserError::PositionUnknown)?;
            return in_flight.packed_position(self.index);
        }
        Self::index_at(self.layout.device_area, memory).map(u32::from)
    }

    /// Requests that the back end has given back since the last time. Of a packed ring only the back end knows.
    pub(crate) fn newly_used(&mut self, memory: &GuestMemory) -> u16 {
        let Some(used) = self.split_index(self.layout.device_area, memory) else { return 0 };
        used.wrapping_sub(std::mem::replace(&mut self.counted, used))
    }

    /// Requests that the driver has offered and not got back. Of a packed ring only the back end knows.
    pub(crate) fn waiting(&self, memory: &GuestMemory) -> u16 {
        let [used, offered] = [self.layout.device_area, self.layout.driver_area]
            .map(|area| self.split_index(area, memory).unwrap_or(0));
        offered.wrapping_sub(used).min(self.layout.size)
    }

    fn split_index(&self, area: u64, memory: &GuestMemory) -> Option<u16> {
        (!self.is_packed()).then(|| Self::index_at(area, memory).ok()).flatten()
    }

    /// The index behind the flags in an area of a split ring.
    fn index_at(address: u64, memory: &GuestMemory) -> Result<u16, VhostUserError> {
        let index: Result<u16, _> = memory.read_obj(GuestAddress(address.wrapping_add(2)));
        index.map(u16::from_le).map_err(|_| VhostUserError::NotInMemory { address })
    }
}

/// Where the ring lies in this process. The transport has checked that it lies in memory.
fn addresses(layout: &RingLayout, memory: &GuestMemory) -> Result<RingAddresses, VhostUserError> {
    let ours = |address| {
        let host = memory.get_host_address(GuestAddress(address)).ok();
        let host = host.and_then(|host| u64::try_from(host.addr()).ok());
        host.ok_or(VhostUserError::NotInMemory { address })
    };
    Ok(RingAddresses {
        descriptor_area: ours(layout.descriptor_area)?,
        driver_area: ours(layout.driver_area)?,
        device_area: ours(layout.device_area)?,
    })
}
