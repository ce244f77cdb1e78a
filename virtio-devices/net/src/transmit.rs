//! From a transmit queue to the link.

use std::io::Read;

use virtio_core::{Chain, GuestMemory, Outcome, RingError};

use crate::card::Card;
use crate::header::{HEADER_SIZE, Header};
use crate::link::{MAX_FRAME, Port};
use crate::offloads::Offloads;
use crate::vectors::{MOST_PIECES, Vectors, pieces};

/// Chains of more buffers than this are copied before they are sent: a buffer may be several pieces of the host's memory,
/// and one call takes only so many.
const MOST_BUFFERS: usize = MOST_PIECES / 2;

/// Sends what one queue has.
#[derive(Debug)]
pub(crate) struct Transmitter {
    /// What the driver may leave to the device.
    agreed: Offloads,
    vectors: Vectors,
    /// For frames of too many buffers, with their header. Empty until there is one.
    copy: Vec<u8>,
}

impl Transmitter {
    pub(crate) fn new(agreed: Offloads) -> Self {
        Self { agreed, vectors: Vectors::default(), copy: Vec::new() }
    }

    /// Sends the chain's frame; nothing is written into the chain. A frame that cannot be sent is lost, and counted.
    ///
    /// # Errors
    /// There is no room for a header.
    pub(crate) fn send(
        &mut self,
        card: &Card,
        port: &Port,
        chain: &Chain,
        memory: &GuestMemory,
    ) -> Result<Outcome, RingError> {
        let length = usize::try_from(chain.readable_len()).unwrap_or(usize::MAX);
        if length < HEADER_SIZE {
            let (length, wanted) = (chain.readable_len(), HEADER_SIZE as u64);
            return Err(RingError::TooShort { head: chain.head(), part: "header", length, wanted });
        }
        let sent = length <= MAX_FRAME && card.is_up() && self.send_frame(port, chain, memory).is_some();
        Ok(if sent { Outcome::Done { written: 0 } } else { Outcome::Failed { written: 0 } })
    }

    fn send_frame(&mut self, port: &Port, chain: &Chain, memory: &GuestMemory) -> Option<()> {
        let mut reader = chain.reader(memory);
        let mut header = [0; HEADER_SIZE];
        reader.read_exact(&mut header).ok()?;
        let length = usize::try_from(reader.remaining()).ok()?;
        let header = Header::from_bytes(header).for_link(self.agreed, length).ok()?.to_bytes(0);
        if chain.readable().len() <= MOST_BUFFERS {
            let frame = chain.readable().iter().copied();
            let skip = HEADER_SIZE as u64;
            return port.send(&mut self.vectors, &header, || pieces(memory, frame.clone(), skip)).ok();
        }
        self.copy.clear();
        self.copy.extend(header);
        self.copy.resize(HEADER_SIZE + length, 0);
        reader.read_exact(self.copy.get_mut(HEADER_SIZE..)?).ok()?;
        port.send(&mut self.vectors, &self.copy, std::iter::empty).ok()
    }
}
