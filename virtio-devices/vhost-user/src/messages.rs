//! The messages of the protocol, each as what it says.

use std::fs::File;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use vhost::vhost_user::message::{
    FrontendReq, VhostUserConfig, VhostUserConfigFlags, VhostUserInflight, VhostUserMemory,
    VhostUserMemoryRegion, VhostUserProtocolFeatures, VhostUserVringAddr, VhostUserVringAddrFlags,
    VhostUserVringState,
};
use virtio_core::GuestMemory;
use virtio_core::introspection::CONFIGURATION_SIZE;
use vm_memory::{Address, ByteValued, GuestMemoryBackend, GuestMemoryRegion};

use crate::error::VhostUserError;
use crate::socket::Socket;

/// Where a ring lies in this process's own address space.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RingAddresses {
    pub(crate) descriptor_area: u64,
    pub(crate) driver_area: u64,
    pub(crate) device_area: u64,
}

/// One side of the conversation: ours.
#[derive(Debug)]
pub(crate) struct Messages {
    socket: Socket,
    /// The back end says whether it could do what it was told.
    acknowledges: bool,
}

impl Messages {
    pub(crate) fn new(socket: Socket) -> Self {
        Self { socket, acknowledges: false }
    }

    /// See [`Socket::begin`].
    pub(crate) fn begin(&mut self, patience: Duration) {
        self.socket.begin(patience);
    }

    pub(crate) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// The device's features that the back end has.
    pub(crate) fn features(&self) -> Result<u64, VhostUserError> {
        self.number(FrontendReq::GET_FEATURES)
    }

    /// The protocol's features that the back end has.
    pub(crate) fn protocol_features(&self) -> Result<u64, VhostUserError> {
        self.number(FrontendReq::GET_PROTOCOL_FEATURES)
    }

    /// Chooses from them.
    pub(crate) fn set_protocol_features(
        &mut self,
        features: VhostUserProtocolFeatures,
    ) -> Result<(), VhostUserError> {
        self.tell(FrontendReq::SET_PROTOCOL_FEATURES, &features.bits().to_le_bytes(), &[])?;
        self.acknowledges = features.contains(VhostUserProtocolFeatures::REPLY_ACK);
        Ok(())
    }

    /// The back end is ours from now on.
    pub(crate) fn set_owner(&self) -> Result<(), VhostUserError> {
        self.tell(FrontendReq::SET_OWNER, &[], &[])
    }

    /// How many queues the back end has.
    pub(crate) fn queue_count(&self) -> Result<u64, VhostUserError> {
        self.number(FrontendReq::GET_QUEUE_NUM)
    }

    /// Gives the back end its end of a socket for messages of its own.
    pub(crate) fn set_request_socket(&self, socket: &impl AsRawFd) -> Result<(), VhostUserError> {
        self.tell(FrontendReq::SET_BACKEND_REQ_FD, &[], &[socket.as_raw_fd()])
    }

    /// The device's configuration space. Some back ends refuse to give more of it than there is, and there is no asking how
    /// much that is: the longest that is not refused is what there is.
    pub(crate) fn configuration(&self) -> Result<Vec<u8>, VhostUserError> {
        let (mut known, mut refused) = (Vec::new(), CONFIGURATION_SIZE + 1);
        let mut length = CONFIGURATION_SIZE;
        while known.len() + 1 < refused {
            match self.configuration_of(length)? {
                Some(bytes) => known = bytes,
                None => refused = length,
            }
            length = known.len().midpoint(refused);
        }
        Ok(known)
    }

    /// So many bytes of the configuration space; `None` if the back end refuses to give as many.
    pub(crate) fn configuration_of(&self, length: usize) -> Result<Option<Vec<u8>>, VhostUserError> {
        let message = FrontendReq::GET_CONFIG;
        let mut body = configuration_part(0, length).as_slice().to_vec();
        let head = body.len();
        body.resize(head + length, 0);
        self.socket.send(message, false, &body, &[])?;
        let (answered, _) = self.socket.receive_up_to(message, &mut body)?;
        if answered == body.len() {
            return Ok(Some(body.split_off(head)));
        }
        if answered == head || answered == 0 {
            return Ok(None);
        }
        let what = format!("it has {answered} bytes instead of {}", body.len());
        Err(VhostUserError::Answer { message: format!("{message:?}"), what })
    }

    /// Writes a part of the configuration space.
    pub(crate) fn set_configuration(&self, offset: u32, bytes: &[u8]) -> Result<(), VhostUserError> {
        let mut body = configuration_part(offset, bytes.len()).as_slice().to_vec();
        body.extend_from_slice(bytes);
        self.tell(FrontendReq::SET_CONFIG, &body, &[])
    }

    /// The device's features that the driver has chosen.
    pub(crate) fn set_features(&self, features: u64) -> Result<(), VhostUserError> {
        self.tell(FrontendReq::SET_FEATURES, &features.to_le_bytes(), &[])
    }

    /// Gives the back end the guest's memory.
    pub(crate) fn set_memory(&self, memory: &GuestMemory) -> Result<(), VhostUserError> {
        let count = u32::try_from(memory.num_regions()).unwrap_or(u32::MAX);
        let mut body = VhostUserMemory::new(count).as_slice().to_vec();
        let mut files = Vec::new();
        for region in memory.iter() {
            let address = region.start_addr().raw_value();
            let file = region.file_offset().ok_or(VhostUserError::NotShared { address })?;
            let ours = u64::try_from(region.as_ptr().addr()).unwrap_or(u64::MAX);
            let region = VhostUserMemoryRegion::new(address, region.len(), ours, file.start());
            body.extend_from_slice(region.as_slice());
            files.push(file.file().as_raw_fd());
        }
        self.tell(FrontendReq::SET_MEM_TABLE, &body, &files)
    }

    /// Asks for memory in which requests in flight of so many queues can be noted.
    pub(crate) fn in_flight_memory(
        &self,
        queues: u16,
        queue_size: u16,
    ) -> Result<(VhostUserInflight, Option<File>), VhostUserError> {
        let mut body = in_flight_body(&VhostUserInflight::new(0, 0, queues, queue_size));
        self.socket.send(FrontendReq::GET_INFLIGHT_FD, false, &body, &[])?;
        let file = self.socket.receive(FrontendReq::GET_INFLIGHT_FD, &mut body)?;
        let [size, offset, _] = in_flight_words(&body);
        Ok((VhostUserInflight::new(size, offset, queues, queue_size), file))
    }

    /// Gives the back end that memory, perhaps with what another one has noted there.
    pub(crate) fn set_in_flight_memory(
        &self,
        area: &VhostUserInflight,
        file: &File,
    ) -> Result<(), VhostUserError> {
        self.tell(FrontendReq::SET_INFLIGHT_FD, &in_flight_body(area), &[file.as_raw_fd()])
    }

    /// How many descriptors a queue's ring has.
    pub(crate) fn set_queue_size(&self, queue: u16, size: u16) -> Result<(), VhostUserError> {
        self.state(FrontendReq::SET_VRING_NUM, queue, size.into())
    }

    /// Where a queue's ring lies, in this process.
    pub(crate) fn set_queue_addresses(&self, queue: u16, ring: &RingAddresses) -> Result<(), VhostUserError> {
        let RingAddresses { descriptor_area, driver_area, device_area } = *ring;
        let flags = VhostUserVringAddrFlags::empty();
        let body = VhostUserVringAddr::new(queue.into(), flags, descriptor_area, device_area, driver_area, 0);
        self.tell(FrontendReq::SET_VRING_ADDR, body.as_slice(), &[])
    }

    /// Where on a queue's ring to begin.
    pub(crate) fn set_queue_position(&self, queue: u16, position: u32) -> Result<(), VhostUserError> {
        self.state(FrontendReq::SET_VRING_BASE, queue, position)
    }

    /// Stops a queue; gives where it has stopped.
    pub(crate) fn stop_queue(&self, queue: u16) -> Result<u32, VhostUserError> {
        let message = FrontendReq::GET_VRING_BASE;
        let mut state = VhostUserVringState::new(queue.into(), 0);
        self.socket.send(message, false, state.as_slice(), &[])?;
        self.socket.receive(message, state.as_mut_slice())?;
        let (answered, position) = (state.index, state.num);
        if answered != u32::from(queue) {
            let what = format!("it is about queue {answered} instead of {queue}");
            return Err(VhostUserError::Answer { message: format!("{message:?}"), what });
        }
        Ok(position)
    }

    /// Lets a queue be worked on, or not.
    pub(crate) fn enable_queue(&self, queue: u16, on: bool) -> Result<(), VhostUserError> {
        self.state(FrontendReq::SET_VRING_ENABLE, queue, on.into())
    }

    /// Gives the back end one of a queue's events.
    pub(crate) fn set_queue_event(
        &self,
        message: FrontendReq,
        queue: u16,
        event: RawFd,
    ) -> Result<(), VhostUserError> {
        self.tell(message, &u64::from(queue).to_le_bytes(), &[event])
    }

    /// Returns when the back end has done everything that it was told.
    pub(crate) fn wait_until_done(&self) -> Result<(), VhostUserError> {
        // One that acknowledges each message has said so; any other answers this one after those before it.
        if self.acknowledges { Ok(()) } else { self.features().map(|_| ()) }
    }

    /// The back end is as at first.
    pub(crate) fn reset_device(&self) -> Result<(), VhostUserError> {
        self.tell(FrontendReq::RESET_DEVICE, &[], &[])
    }

    fn state(&self, message: FrontendReq, queue: u16, value: u32) -> Result<(), VhostUserError> {
        self.tell(message, VhostUserVringState::new(queue.into(), value).as_slice(), &[])
    }

    /// Asks for a number.
    fn number(&self, message: FrontendReq) -> Result<u64, VhostUserError> {
        self.socket.send(message, false, &[], &[])?;
        let mut body = [0; 8];
        self.socket.receive(message, &mut body)?;
        Ok(u64::from_le_bytes(body))
    }

    /// Sends a message that has no answer but that it was done, and that only if such answers were agreed on.
    fn tell(&self, message: FrontendReq, body: &[u8], files: &[RawFd]) -> Result<(), VhostUserError> {
        self.socket.send(message, self.acknowledges, body, files)?;
        if !self.acknowledges {
            return Ok(());
        }
        let mut answer = [0; 8];
        self.socket.receive(message, &mut answer)?;
        match u64::from_le_bytes(answer) {
            0 => Ok(()),
            code => Err(VhostUserError::Refused { message: format!("{message:?}"), code }),
        }
    }
}

/// The structure's bytes as they go over the wire. It has four at its end that mean nothing, and must not tell anything of
/// this process either.
fn in_flight_body(area: &VhostUserInflight) -> [u8; 24] {
    let counts = u64::from(area.num_queues) | u64::from(area.queue_size) << 16;
    let words = [area.mmap_size, area.mmap_offset, counts].map(u64::to_le_bytes);
    let mut body = [0; 24];
    body.iter_mut().zip(words.as_flattened()).for_each(|(place, byte)| *place = *byte);
    body
}

fn in_flight_words(body: &[u8; 24]) -> [u64; 3] {
    let mut words = [0; 3];
    words.iter_mut().zip(body.as_chunks().0).for_each(|(word, bytes)| *word = u64::from_le_bytes(*bytes));
    words
}

fn configuration_part(offset: u32, length: usize) -> VhostUserConfig {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    VhostUserConfig::new(offset, length, VhostUserConfigFlags::empty())
}
